import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { clientReader } from '../../src/client/index.ts'

const trustedProxies = ['10.0.0.0/8', '192.0.2.53', '2001:db8:aaaa::/48', 'unix']
const read = clientReader({ trustedProxies })
const forwarded = clientReader({ trustedProxies, header: 'forwarded' })

/** peer, header lines, the client's address */
type Row = readonly [string | undefined, string | readonly string[] | undefined, string]

test('the walk: from the right, past trusted hops, to the last address that a trusted hop vouched for', () => {
  const rows: readonly Row[] = [
    // An untrusted peer is the client, whatever it says.
    ['203.0.113.9', undefined, '203.0.113.9'],
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['203.0.113.9', '10.0.0.1', '203.0.113.9'],
    ['203.0.113.9', ['198.51.100.1', '10.0.0.1'], '203.0.113.9'],
    ['9.255.255.255', '198.51.100.1', '9.255.255.255'],
    ['11.0.0.0', '198.51.100.1', '11.0.0.0'],
    // A trusted peer's word is taken, for one hop.
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.255.255.255', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '10.0.0.9, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '127.0.0.1,::1,198.51.100.1', '198.51.100.1'],
    // …and of each trusted hop before it.
    ['10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '6.6.6.6, 198.51.100.1, 192.0.2.53, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '6.6.6.6, 198.51.100.1, 192.0.2.54, 10.0.0.2', '192.0.2.54'],
    ['10.0.0.1', '198.51.100.1, 2001:db8:aaaa:1::1, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 2001:db8:aaab::1, 10.0.0.2', '2001:db8:aaab::1'],
    ['10.0.0.1', '198.51.100.1, [2001:db8:aaaa::1]:99, 10.0.0.2:80', '198.51.100.1'],
    // Trust knows IPv4 in whatever it is wrapped.
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:a00:1', '198.51.100.1', '198.51.100.1'],
    ['64:ff9b::10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, ::ffff:10.0.0.2, 64:ff9b::a00:3', '198.51.100.1'],
    ['::ffff:203.0.113.9', '198.51.100.1', '203.0.113.9'],
    // …and does not take the first bits of IPv6 for it, nor the other way about.
    ['a00::1', '198.51.100.1', 'a00::1'],
    ['c000:235::', '198.51.100.1', 'c000:235::'],
    ['32.1.13.184', '198.51.100.1', '32.1.13.184'],
    // Nothing was said, or all are trusted: the farthest that was vouched for.
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', [], '10.0.0.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    // What is no address ends the walk at the member to its right, or at the peer.
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', ',', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1,', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, ,10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', '6.6.6.6, 010.0.0.3, 10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', `6.6.6.6, ${'1'.repeat(10_000)}, 10.0.0.2`, '10.0.0.2'],
    ['10.0.0.1', `${'x'.repeat(15_000)}, 198.51.100.1`, '198.51.100.1'],
    ['10.0.0.1', ',198.51.100.1', '198.51.100.1'],
    // Several lines are one list, in their order.
    ['10.0.0.1', ['6.6.6.6', '198.51.100.1'], '198.51.100.1'],
    ['10.0.0.1', ['198.51.100.1', '10.0.0.2'], '198.51.100.1'],
    ['10.0.0.1', ['6.6.6.6, 198.51.100.1', '10.0.0.3, 10.0.0.2'], '198.51.100.1'],
    ['10.0.0.1', ['198.51.100.1', ''], '10.0.0.1'],
    ['10.0.0.1', ['198.51.100.1', '', '10.0.0.2'], '10.0.0.2'],
    ['10.0.0.1', ['', '', '198.51.100.1'], '198.51.100.1'],
    // A peer on the Unix socket is trusted where the list says so.
    [undefined, '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    [undefined, undefined, ''],
    [undefined, 'unix', ''],
    ['garbage', '198.51.100.1', ''],
    // At most 32 members are read.
    ['10.0.0.1', `198.51.100.1${', 10.0.0.2'.repeat(31)}`, '198.51.100.1'],
    ['10.0.0.1', `198.51.100.1, 10.9.9.9${', 10.0.0.2'.repeat(31)}`, '10.9.9.9'],
    ['10.0.0.1', `198.51.100.1${', 10.0.0.2'.repeat(1_400)}`, '10.0.0.2'],
    ['10.0.0.1', ['198.51.100.1', ...Array<string>(32).fill('10.0.0.2')], '10.0.0.2'],
    ['10.0.0.1', ','.repeat(16_000), '10.0.0.1'],
  ]
  for (const [peer, lines, address] of rows)
    assert.equal(read(peer, lines).address, address, JSON.stringify([peer, lines]).slice(0, 200))
})

test('the walk through Forwarded, where a quote that somebody left open swallows nothing', () => {
  const rows: readonly Row[] = [
    ['203.0.113.9', 'for=198.51.100.1', '203.0.113.9'],
    ['10.0.0.1', 'for=6.6.6.6, for=198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', 'for=6.6.6.6, for=198.51.100.1, for="10.0.0.2:80";proto=https', '198.51.100.1'],
    ['10.0.0.1', 'for=198.51.100.1, for="[2001:db8:aaaa::1]:80"', '198.51.100.1'],
    ['10.0.0.1', 'for="6.6.6.6, for=198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', 'for="6.6.6.6", host=", for=198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '\\", for="198.51.100.1"', '198.51.100.1'],
    ['10.0.0.1', '\\, for="198.51.100.1"', '198.51.100.1'],
    ['10.0.0.1', ['for="6.6.6.6', 'for=198.51.100.1'], '198.51.100.1'],
    ['10.0.0.1', 'for=6.6.6.6, for=unknown', '10.0.0.1'],
    ['10.0.0.1', 'for=6.6.6.6, for=_secret, for=10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', 'for=6.6.6.6, proto=https', '10.0.0.1'],
    ['10.0.0.1', 'for=6.6.6.6, ', '10.0.0.1'],
    ['10.0.0.1', `for=198.51.100.1${', for=10.0.0.2'.repeat(32)}`, '10.0.0.2'],
    ['10.0.0.1', 'x'.repeat(16_000), '10.0.0.1'],
    [undefined, 'for=198.51.100.1', '198.51.100.1'],
  ]
  for (const [peer, lines, address] of rows)
    assert.equal(forwarded(peer, lines).address, address, JSON.stringify([peer, lines]).slice(0, 200))
})

test('a huge header costs no more than the members that are read', () => {
  const line = `${'6.6.6.6, '.repeat(2_000_000)}10.0.0.2`
  const started = process.cpuUsage()
  for (let count = 0; count < 1_000; count += 1) {
    assert.equal(read('10.0.0.1', line).address, '6.6.6.6')
    assert.equal(forwarded('10.0.0.1', '"'.repeat(8_000)).address, '10.0.0.1')
    assert.equal(forwarded('10.0.0.1', `for=1.1.1.1;${' '.repeat(4_000)}x`).address, '10.0.0.1')
  }
  const { user } = process.cpuUsage(started)
  assert.ok(user < 5_000_000, `${user} µs`)
})

test('the address is a string of its own, so that a remembered client keeps no header in memory', () => {
  const clients = new Map<string, string>()
  collect()
  const before = process.memoryUsage().heapUsed
  for (let count = 0; count < 2_000; count += 1) {
    const { address, key } = read('10.0.0.1', `${'x'.repeat(15_000)}, 198.51.${100 + (count >> 8)}.${count & 255}`)
    clients.set(key, address)
  }
  collect()
  const grown = process.memoryUsage().heapUsed - before
  assert.equal(clients.size, 2_000)
  assert.ok(grown < 2_000_000, `${grown} bytes for 2,000 clients`)
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
