import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { clientReader, tooWide } from '../../src/client/index.ts'

const faultsOf = (trustedProxies: readonly unknown[]): readonly string[] => {
  try {
    clientReader({ trustedProxies: trustedProxies as string[] })
  } catch (error) {
    assert.ok(error instanceof TypeError)
    return error.message.split('\n')
  }
  return []
}

test('without a trusted list no header is ever read', () => {
  const read = clientReader({})
  assert.deepEqual(read('127.0.0.1', '6.6.6.6'), { address: '127.0.0.1', key: '127.0.0.1', viaProxy: false })
  assert.deepEqual(read(undefined, '6.6.6.6'), { address: '', key: 'unix', viaProxy: false })
  assert.deepEqual(read('10.0.0.1', undefined), { address: '10.0.0.1', key: '10.0.0.1', viaProxy: false })
})

test('a client can be neither changed nor mistaken, however many were seen before', () => {
  const read = clientReader({ trustedProxies: ['10.0.0.1', '2001:db8::/32', 'unix'] })
  for (let round = 0; round < 2; round += 1) {
    for (let count = 0; count < 3_000; count += 1) {
      const peer = `10.1.${count >> 8}.${count & 255}`
      assert.deepEqual(read(peer, '6.6.6.6'), { address: peer, key: peer, viaProxy: false })
    }
    assert.deepEqual(read('10.0.0.1', '6.6.6.6'), { address: '6.6.6.6', key: '6.6.6.6', viaProxy: true })
    assert.deepEqual(read('10.0.0.1', undefined), { address: '10.0.0.1', key: '10.0.0.1', viaProxy: true })
    assert.deepEqual(read(undefined, undefined), { address: '', key: 'unix', viaProxy: true })
  }
  for (const client of [
    read('10.0.0.1', undefined),
    read('10.0.0.1', '6.6.6.6'),
    read(undefined, undefined),
    read('x', undefined),
  ])
    assert.ok(Object.isFrozen(client))
})

test('the trusted list takes addresses, CIDRs and unix', () => {
  const good = [
    '127.0.0.1',
    '::1',
    '10.0.0.0/8',
    '192.0.2.128/25',
    '192.0.2.1/32',
    '128.0.0.0/1',
    'fd00::/8',
    '2001:db8::1/128',
  ]
  assert.deepEqual(faultsOf([...good, '::ffff:10.0.0.0/104', '64:ff9b::10.0.0.0/104', '::ffff:10.0.0.1', 'unix']), [])
  const list = ['10.0.0.1']
  const read = clientReader({ trustedProxies: list })
  list.push('192.0.2.1')
  assert.equal(read('192.0.2.1', '6.6.6.6').address, '192.0.2.1', 'the list was changed after the start')
})

test('every bad entry is named at once, by its position, and none is repeated', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ['0.0.0.0/0', /trusts everybody: whoever calls could then write the address/],
    ['::/0', /trusts everybody/],
    ['::ffff:0:0/96', /trusts everybody/],
    ['64:ff9b::/96', /trusts everybody/],
    ['1.2.3.4/0', /trusts everybody/],
    ['10.0.0.1/8', /has bits set to the right of its \/8: the network is 10\.0\.0\.0\/8$/],
    ['192.0.2.129/25', /the network is 192\.0\.2\.128\/25$/],
    ['2001:db8::1/64', /the network is 2001:db8::\/64$/],
    ['::ffff:10.0.0.1/104', /right of its \/104: the network is 10\.0\.0\.0\/8$/],
    ['::ffff:10.0.0.0/8', /must be written as an IPv4 network/],
    ['10.0.0.0/33', /a whole number from 1 to 32 after the slash/],
    ['2001:db8::/129', /a whole number from 1 to 128 after/],
    ['::ffff:10.0.0.0/129', /a whole number from 1 to 128 after/],
    ...[
      '10.0.0.0/',
      '10.0.0.0/-8',
      '10.0.0.0/08',
      '10.0.0.0/8.0',
      '10.0.0.0/ 8',
      '10.0.0.0/255.0.0.0',
      '10.0.0.0/٨',
      '10.0.0.0/1e1',
    ].map((entry) => [entry, /a whole number from 1 to 32 after the slash/] as const),
    ...[
      '',
      ' ',
      '*',
      'true',
      'loopback',
      'localhost',
      'example.com',
      '10',
      '10.0.0',
      '10/8',
      '010.0.0.0/8',
      '0x0a.0.0.0/8',
      '10.0.0.0/8/8',
      ' 10.0.0.0/8',
      '10.0.0.0/8 ',
      '10.0.0.1:80',
      '[::1]',
      'fe80::1%eth0',
      '/8',
      'UNIX',
      'unix:/run/x',
      '10.0.0.1,10.0.0.2',
      '10.0.0.1-9',
      '__proto__',
    ].map((entry) => [entry, /must be an address, a CIDR such as|must have a whole number/] as const),
    ...[null, undefined, 1, true, {}, ['10.0.0.1']].map(
      (entry) => [entry, /must be text, such as '10\.0\.0\.0\/8'/] as const,
    ),
  ]
  const faults = faultsOf(['10.0.0.0/8', ...wrong.map(([entry]) => entry)])
  assert.equal(faults.length, wrong.length)
  for (const [index, [entry, message]] of wrong.entries()) {
    const fault = faults[index] ?? ''
    assert.ok(fault.startsWith(`trustedProxies[${index + 1}] `), fault)
    assert.match(fault, message, String(entry))
  }
  assert.doesNotMatch(faultsOf(['s3cret-gone-astray']).join(), /s3cret/)
})

test('halves that together are everybody are a /0 too', () => {
  for (const halves of [
    ['0.0.0.0/1', '128.0.0.0/1'],
    ['0.0.0.0/1', '::ffff:128.0.0.0/98', '192.0.0.0/2'],
    ['::/1', '8000::/2', 'c000::/2'],
    Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`),
  ])
    assert.match(faultsOf(halves).join(), /^trustedProxies cover all of IPv[46] together: whoever calls/)
  assert.deepEqual(faultsOf(['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3', '::/1', '8000::/2']), [])
  assert.deepEqual(faultsOf(Array.from({ length: 255 }, (_, index) => `${index}.0.0.0/8`)), [])
})

test('what is wider than anybody has proxies in is told, by its place', () => {
  const wide = ['0.0.0.0/1', '128.0.0.0/7', '2000::/3', '::/1', '2400::/12', '::ffff:64.0.0.0/98']
  for (const entry of wide) {
    assert.deepEqual(faultsOf([entry]), [])
    const [said = '', ...others] = tooWide(['unix', entry])
    assert.match(said, /^trustedProxies\[1\] trusts more of the internet than anybody has proxies in: whoever calls/)
    assert.deepEqual(others, [])
  }
  const own = ['10.0.0.0/8', '172.16.0.0/12', 'fc00::/7', 'fd00::/8', '2001::/16', '127.0.0.1', '::1', 'unix']
  assert.deepEqual(tooWide(own), [])
})

test('options that are wrong stop the start', () => {
  for (const [options, message] of [
    [{ header: 'X-Forwarded-For' }, /header takes 'x-forwarded-for' or 'forwarded'/],
    [{ header: 'x-real-ip' }, /header takes/],
    [{ header: '__proto__' }, /header takes/],
    [{ trustedProxies: '10.0.0.0/8' }, /trustedProxies takes a list/],
    [{ trustedProxies: true }, /trustedProxies takes a list/],
    [{ trustedProxy: ['10.0.0.0/8'] }, /trustedProxy: the options are trustedProxies and header/],
  ] as const)
    assert.throws(() => clientReader(options as never), { name: 'TypeError', message })
})

test('the networks match as net.BlockList matches them', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((text) => !/^(?:::|0|64:ff9b)/i.test(text)),
  )
  fc.assert(
    fc.property(address, fc.nat(128), fc.nat(127), (text, length, flipped) => {
      const bits = isIP(text) === 4 ? 32 : 128
      const prefix = 1 + (length % bits)
      const [suggested] = faultsOf([`${text}/${prefix}`])
      const network = suggested?.replace(/.* the network is /, '') ?? `${text}/${prefix}`
      const blocks = new BlockList()
      const family = bits === 32 ? 'ipv4' : 'ipv6'
      blocks.addSubnet(text, prefix, family)
      const read = clientReader({ trustedProxies: [network] })
      const other = flip(read(text, undefined).address, flipped % bits)
      for (const peer of [text, other])
        assert.equal(read(peer, undefined).viaProxy, blocks.check(peer, family), `${peer} in ${network}`)
    }),
    { numRuns: 1_000 },
  )
})

/** The address with one bit changed. */
const flip = (text: string, bit: number): string => {
  if (isIP(text) === 4) {
    const octets = text.split('.').map(Number)
    octets[bit >> 3] = (octets[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7))
    return octets.join('.')
  }
  const [head = '', tail = ''] = text.split('::')
  const count = (part: string): number => (part === '' ? 0 : part.split(':').length)
  const zeros = text.includes('::') ? Array<string>(8 - count(head) - count(tail)).fill('0') : []
  const groups = [head, ...zeros, tail]
    .filter((part) => part !== '')
    .join(':')
    .split(':')
    .map((group) => Number.parseInt(group, 16))
  groups[bit >> 4] = (groups[bit >> 4] ?? 0) ^ (0x8000 >> (bit & 15))
  return groups.map((group) => group.toString(16)).join(':')
}

test('every spelling of an IPv6 address has one text, the one that WHATWG URL gives', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const { address } = clientReader({})(text, undefined)
      if (!address.includes(':')) return
      assert.equal(`[${address}]`, new URL(`http://[${text}]`).hostname)
    }),
    { numRuns: 1_000 },
  )
})
