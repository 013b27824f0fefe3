import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clientReader } from '../../src/client/index.ts'

const read = clientReader({ trustedProxies: ['10.0.0.0/8'] })
const forwarded = clientReader({ trustedProxies: ['10.0.0.0/8'], header: 'forwarded' })

/** What an attacker may write into a header: anything, and above all what has a meaning there. */
const written = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.constantFrom(',', ' ', '"', '\\', 'for=', ';', '[', ']', ':', '%', '10.0.0.1', 'host="', 'unknown'),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)
const untrusted = fc.ipV4().filter((address) => !address.startsWith('10.'))
const proxies = fc.array(
  fc.nat(255).map((last) => `10.0.0.${last}`),
  { maxLength: 5 },
)

/** A comma, or a line of its own: how a proxy adds what it saw to what was there. */
const append = (left: string, right: string, ownLine: boolean): readonly string[] =>
  ownLine ? [left, right] : [`${left}, ${right}`]

test('what an untrusted peer writes never changes its key', () => {
  fc.assert(
    fc.property(untrusted, fc.oneof(written, fc.array(written)), (peer, lines) => {
      assert.deepEqual(read(peer, lines), { address: peer, key: peer, viaProxy: false })
      assert.deepEqual(forwarded(peer, lines), { address: peer, key: peer, viaProxy: false })
    }),
    { numRuns: 2_000 },
  )
})

test('what stands left of what a trusted hop wrote never changes the key', () => {
  fc.assert(
    fc.property(untrusted, proxies, written, fc.boolean(), (client, hops, left, ownLine) => {
      const vouched = [client, ...hops].join(', ')
      assert.deepEqual(read('10.1.1.1', append(left, vouched, ownLine)), {
        address: client,
        key: client,
        viaProxy: true,
      })
    }),
    { numRuns: 2_000 },
  )
})

test('nor does it in Forwarded, nor does the Host that the client chose and the proxy quoted', () => {
  const quoted = (text: string): string => `"${text.replace(/[^ -~]/g, '').replace(/["\\]/g, '\\$&')}"`
  fc.assert(
    fc.property(
      untrusted,
      proxies,
      written,
      written,
      fc.boolean(),
      fc.boolean(),
      (client, hops, left, host, ownLine, hostFirst) => {
        const element = hostFirst
          ? `host=${quoted(host)};for=${client};by="[::1]"`
          : `for=${client};by="x";host=${quoted(host)}`
        const vouched = [element, ...hops.map((hop) => `for="${hop}:80"`)].join(', ')
        assert.deepEqual(forwarded('10.1.1.1', append(left, vouched, ownLine)), {
          address: client,
          key: client,
          viaProxy: true,
        })
      },
    ),
    { numRuns: 2_000 },
  )
})

test('two IPv4 clients never share a key, in whatever they are wrapped; one never has two', () => {
  const wrap = (address: string, how: number): string => {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
    const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    return (
      [
        address,
        `::ffff:${address}`,
        `::ffff:${hex}`,
        `64:ff9b::${address}`,
        `64:ff9b::${hex}`,
        `[::ffff:${address}]:1`,
      ][how] ?? ''
    )
  }
  const how = fc.nat(5)
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), how, how, (one, other, howOne, howOther) => {
      const [first, second] = [read('10.0.0.1', wrap(one, howOne)), read('10.0.0.1', wrap(other, howOther))]
      assert.equal(first.key === second.key, one === other)
      assert.equal(read('10.0.0.1', wrap(one, howOther)).key, first.key)
    }),
    { numRuns: 1_000 },
  )
})

test('an IPv6 client moves about in its /64 under one key, and shares it with no other /64', () => {
  const group = fc.nat(0xffff).map((number) => number.toString(16))
  const four = fc.tuple(group, group, group, group).map((groups) => groups.join(':'))
  fc.assert(
    fc.property(four, four, four, four, (network, other, host, otherHost) => {
      const keyOf = (text: string): string => read(text, undefined).key
      const wraps = /^0:0:0:0$|^64:ff9b:0:0$/
      fc.pre(!wraps.test(network) && !wraps.test(other))
      assert.equal(keyOf(`${network}:${host}`), keyOf(`${network}:${otherHost}`))
      assert.equal(keyOf(`${network}:${host}`) === keyOf(`${other}:${host}`), network === other)
      assert.match(keyOf(`${network}:${host}`), /^[\da-f:]+::\/64$/)
    }),
  )
})
