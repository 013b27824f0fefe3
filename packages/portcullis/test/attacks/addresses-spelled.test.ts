import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientReader } from '../../src/client/index.ts'

/** What a trusted proxy at 10.0.0.1 wrote, and the client it names. `undefined`: no address, so the proxy itself is the client. */
type Row = readonly [member: string, address: string | undefined, key?: string]

const PROXY = '10.0.0.1'
const four = (member: string, address: string): Row => [member, address, address]
const none = (member: string): Row => [member, undefined]

const X_FORWARDED_FOR: readonly Row[] = [
  four('192.0.2.1', '192.0.2.1'),
  four('0.0.0.0', '0.0.0.0'),
  four('255.255.255.255', '255.255.255.255'),
  four('  192.0.2.1\t', '192.0.2.1'),
  four('192.0.2.1:0', '192.0.2.1'),
  four('192.0.2.1:80', '192.0.2.1'),
  four('192.0.2.1:65535', '192.0.2.1'),
  // One IPv4 client, whatever wraps it.
  four('::ffff:192.0.2.1', '192.0.2.1'),
  four('::FFFF:192.0.2.1', '192.0.2.1'),
  four('::ffff:c000:201', '192.0.2.1'),
  four('0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'),
  four('0000:0000:0000:0000:0000:FFFF:C000:0201', '192.0.2.1'),
  four('0::0:ffff:c000:0201', '192.0.2.1'),
  four('[::ffff:192.0.2.1]', '192.0.2.1'),
  four('[::ffff:192.0.2.1]:443', '192.0.2.1'),
  four('::ffff:192.0.2.1%eth0', '192.0.2.1'),
  four('64:ff9b::192.0.2.1', '192.0.2.1'),
  four('64:ff9b::c000:201', '192.0.2.1'),
  four('0064:FF9B:0:0:0:0:192.0.2.1', '192.0.2.1'),
  four('[64:ff9b::c000:201]:8080', '192.0.2.1'),
  // One /64 is one client (RFC 5952 spelling).
  ['2001:db8::1', '2001:db8::1', '2001:db8::/64'],
  ['2001:DB8::1', '2001:db8::1', '2001:db8::/64'],
  ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1', '2001:db8::/64'],
  ['2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8::ffff:ffff:ffff:ffff', '2001:db8::/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1::/64'],
  ['2001:db8:1:0:0:1:0:0', '2001:db8:1::1:0:0', '2001:db8:1::/64'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', '2001:0:0:1::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0', '1:2:3:4::/64'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8', '0:2:3:4::/64'],
  ['::', '::', '::/64'],
  ['::1', '::1', '::/64'],
  ['fe80::1', 'fe80::1', 'fe80::/64'],
  ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
  ['fe80::1%25en1.2~x', 'fe80::1', 'fe80::/64'],
  ['[fe80::1%eth0]:443', 'fe80::1', 'fe80::/64'],
  ['[2001:db8::1]', '2001:db8::1', '2001:db8::/64'],
  ['[2001:db8::1]:443', '2001:db8::1', '2001:db8::/64'],
  // 2001:db8::1:443 is an address of its own: without brackets there is no port.
  ['2001:db8::1:443', '2001:db8::1:443', '2001:db8::/64'],
  // Near to mapped and NAT64, and neither: bits of the prefix differ.
  ['::fffe:192.0.2.1', '::fffe:c000:201', '::/64'],
  ['::192.0.2.1', '::c000:201', '::/64'],
  ['::ffff:0:192.0.2.1', '::ffff:0:c000:201', '::/64'],
  ['1::ffff:192.0.2.1', '1::ffff:c000:201', '1::/64'],
  ['64:ff9b:1::192.0.2.1', '64:ff9b:1::c000:201', '64:ff9b:1::/64'],
  ['64:ff9b::1:c000:201', '64:ff9b::1:c000:201', '64:ff9b::/64'],
  ['2002:c000:201::1', '2002:c000:201::1', '2002:c000:201::/64'],

  // Numbers that another parser would read.
  ...[
    '010.0.0.9',
    '10.0.0.09',
    '192.000.002.001',
    '0x7f.0.0.1',
    '0xc0000201',
    '3221225985',
    '192.0.513',
    '192.513',
  ].map(none),
  ...['0300.0.2.1', '1e2.0.2.1', '+1.0.2.1', '-1.0.2.1', '192.0.2.-1', '192.0.2.1e0', '00.0.0.0', '192.0.2.00'].map(
    none,
  ),
  ...[
    '256.0.2.1',
    '192.0.2.256',
    '192.0.2.999',
    '192.0.2',
    '192.0.2.',
    '.192.0.2.1',
    '192.0.2.1.',
    '192..2.1',
    '1.2.3.4.5',
  ].map(none),
  ...['::ffff:192.0.2.01', '::ffff:0300.0.2.1', '::ffff:192.0.2', '::ffff:192.0.2.256', '64:ff9b::192.0.2.1.'].map(
    none,
  ),
  // Digits that are none, and blanks that are none.
  ...[
    '１９２.0.2.1',
    '192.0.2.१',
    '192。0。2。1',
    '192.0.2.1\u00a0',
    '\u2003192.0.2.1',
    '\ufeff192.0.2.1',
    '192.0.2.1\v',
    '192.0.2.1\f',
  ].map(none),
  ...[
    '192.0.2.1\n',
    '\r192.0.2.1',
    '192.0.2.1\0',
    '\u0000192.0.2.1',
    '192.0. 2.1',
    '192.0.2.1 80',
    '192 .0.2.1',
    '192.0.2.1 192.0.2.2',
  ].map(none),
  ...['2001:db8::1\0', '2001: db8::1', '2001:db8::ı', '２001:db8::1', '2001:db8::1\u200b'].map(none),
  // Ports and brackets that are wrong.
  ...[
    '192.0.2.1:',
    '192.0.2.1:65536',
    '192.0.2.1:080',
    '192.0.2.1:-1',
    '192.0.2.1:http',
    '192.0.2.1:80:80',
    '192.0.2.1:_x',
  ].map(none),
  ...[
    '[192.0.2.1]',
    '[192.0.2.1]:80',
    '[2001:db8::1',
    '2001:db8::1]',
    '[2001:db8::1]443',
    '[2001:db8::1]:',
    '[[::1]]',
    '[]',
    '[]:80',
  ].map(none),
  ...[
    '[2001:db8::1]:99999',
    '[2001:db8::1]:443:1',
    '[ 2001:db8::1]',
    '[2001:db8::1 ]',
    '[2001:db8::1] :80',
    ':80',
    ':',
  ].map(none),
  // Zones that are wrong.
  ...[
    'fe80::1%',
    'fe80::1%a b',
    'fe80::1%a%b',
    '%eth0',
    '192.0.2.1%eth0',
    'fe80::1%eth0:80',
    `fe80::1%${'a'.repeat(65)}`,
  ].map(none),
  // IPv6 that is wrong.
  ...[
    '2001:db8',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::1',
    '::ffff:1.2.3.4:5',
    '1:2:3:4:5:6:7::8',
    ':1::',
  ].map(none),
  // No address at all.
  ...[
    '',
    ' ',
    '\t',
    '-',
    'unknown',
    '_hidden',
    'localhost',
    'example.com',
    'null',
    'undefined',
    '*',
    '127.1',
    '0',
    'unix',
    '__proto__',
  ].map(none),
  ...[
    '192.0.2.1/32',
    '2001:db8::/64',
    'http://192.0.2.1',
    '"192.0.2.1"',
    "'192.0.2.1'",
    'for=192.0.2.1',
    '192.0.2.1;x',
    '<192.0.2.1>',
  ].map(none),
  ...[
    '%31%39%32.0.2.1',
    '192%2e0.2.1',
    '192.0.2.1\\',
    'a'.repeat(16_000),
    '1'.repeat(16_000),
    ':'.repeat(16_000),
    `${' '.repeat(200)}192.0.2.1`,
  ].map(none),
]

const FORWARDED: readonly Row[] = [
  four('for=192.0.2.1', '192.0.2.1'),
  four('For=192.0.2.1', '192.0.2.1'),
  four('FOR="192.0.2.1"', '192.0.2.1'),
  four('for="192.0.2.1:4711"', '192.0.2.1'),
  four('for="192.0.2.1:_gazonk"', '192.0.2.1'),
  four('for="192\\.0.2.\\1"', '192.0.2.1'),
  four('for=192.0.2.1;proto=http;by=203.0.113.43', '192.0.2.1'),
  four('by=203.0.113.43; proto=https ;for=192.0.2.1', '192.0.2.1'),
  four(';;for=192.0.2.1;', '192.0.2.1'),
  four('for="[::ffff:192.0.2.1]:80"', '192.0.2.1'),
  four('for="[64:ff9b::c000:201]"', '192.0.2.1'),
  ['for="[2001:db8:cafe::17]"', '2001:db8:cafe::17', '2001:db8:cafe::/64'],
  ['For="[2001:DB8:cafe::17]:4711"', '2001:db8:cafe::17', '2001:db8:cafe::/64'],
  ['for="[fe80::1%eth0]";proto=https', 'fe80::1', 'fe80::/64'],
  // The client chose its Host; the proxy copies it.
  four('for=192.0.2.1;host="a, for=198.51.100.9"', '192.0.2.1'),
  four('host="\\", for=198.51.100.9";for=192.0.2.1', '192.0.2.1'),
  four('host="\\\\";for=192.0.2.1', '192.0.2.1'),
  four('host="for=198.51.100.9";for=192.0.2.1', '192.0.2.1'),
  four('host="x, for=198.51.100.9;a=";for=192.0.2.1;by="y"', '192.0.2.1'),

  ...[
    'for=unknown',
    'for="unknown"',
    'for=_hidden',
    'for="_SEVKISEK"',
    'for="_x:80"',
    'for="unknown:80"',
    'for=',
    'for=""',
  ].map(none),
  // A colon is no token's character (§4): such values are quoted, and IPv6 is in brackets.
  ...['for=192.0.2.1:80', 'for=2001:db8::1', 'for=[2001:db8::1]', 'for="2001:db8::1"', 'for="[192.0.2.1]"'].map(none),
  ...[
    'for="192.0.2.1',
    'for=192.0.2.1"',
    "for='192.0.2.1'",
    'for="192.0.2.1"x',
    'for=" 192.0.2.1"',
    'for="192.0.2.1 "',
  ].map(none),
  ...[
    '192.0.2.1',
    'proto=https',
    'by=192.0.2.1',
    'xfor=192.0.2.1',
    'for',
    'for 192.0.2.1',
    'for = 192.0.2.1',
    'for:192.0.2.1',
    '=192.0.2.1',
  ].map(none),
  ...[
    'for=192.0.2.1;for=192.0.2.2',
    'for=192.0.2.1;FOR=192.0.2.1',
    'for=192.0.2.1 for=192.0.2.2',
    'for=192.0.2.1;@=x',
    'for=192.0.2.1;x',
  ].map(none),
  ...[
    'for="192.0.2.1:65536"',
    'for="192.0.2.1:"',
    'for="192.0.2.1:_"',
    'for="010.0.0.9"',
    'for=192.0.2.1.',
    'for="１92.0.2.1"',
    'for="192.0.2.1\0"',
  ].map(none),
  ...[
    '',
    ' ',
    ';',
    '"',
    '\\',
    `for=192.0.2.1;host="${'a'.repeat(5_000)}"`,
    `${';'.repeat(5_000)}for=192.0.2.1`,
    `${' '.repeat(16_000)}x`,
    '"'.repeat(16_000),
    '\\"'.repeat(8_000),
  ].map(none),
]

for (const [header, rows] of [
  ['x-forwarded-for', X_FORWARDED_FOR],
  ['forwarded', FORWARDED],
] as const) {
  test(`${header}: ${rows.length} spellings of a client, each with its address and key`, () => {
    const read = clientReader({ trustedProxies: [PROXY], header })
    for (const [member, address = PROXY, key = PROXY] of rows) {
      const about = JSON.stringify(member.slice(0, 100))
      assert.deepEqual(read(PROXY, member), { address, key, viaProxy: true }, about)
      // As its own line, after what the client wrote, and between blanks.
      assert.deepEqual(read(PROXY, ['for=6.6.6.6', '6.6.6.6', member]), { address, key, viaProxy: true }, about)
      assert.deepEqual(read('192.0.2.99', member), { address: '192.0.2.99', key: '192.0.2.99', viaProxy: false }, about)
    }
  })
}

test('the peer is read as strictly as the header, and a peer that is no address is nobody to trust', () => {
  const read = clientReader({ trustedProxies: ['10.0.0.0/8'] })
  for (const [peer, address, key] of [
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
    ['', '', 'unknown'],
    ['10.0.0.1:80', '', 'unknown'],
    ['[::1]', '', 'unknown'],
    ['010.0.0.1', '', 'unknown'],
    ['unix', '', 'unknown'],
    [undefined, '', 'unix'],
  ] as const) {
    assert.deepEqual(read(peer, '203.0.113.7'), { address, key, viaProxy: false }, String(peer))
  }
})
