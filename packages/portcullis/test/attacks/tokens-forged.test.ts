import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { suite, test } from 'node:test'
import { accessTokens, generateSecret, keyRing } from '../../src/layers/sessions/index.ts'
import {
  header,
  kid,
  mint,
  mintClaims,
  mintHeader,
  now,
  otherSecret,
  payload,
  ring,
  secret,
  segment,
  tag,
  valid,
  verifier,
} from '../layers/sessions/mint.ts'

type Row = readonly [name: string, token: unknown, reason: string]

const [head = '', body = '', signature = ''] = valid.split('.')
const text = (value: unknown): string => JSON.stringify(value)
const json = text(payload)
const headJson = text(header)
const rest = json.slice(1, -1)
const lastOf = (one: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return one.slice(0, -1) + alphabet.charAt(alphabet.indexOf(one.slice(-1)) + 1)
}
const without = (from: object, name: string): object =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name))
const resigned = (input: string): string => `${input}.${tag(input)}`
const stranger = generateKeyPairSync('ed25519')

const algNone: readonly Row[] = ['none', 'None', 'NONE', 'nOnE', ' none', 'none '].flatMap((alg) => [
  [`alg ${alg}, no signature`, `${segment(text({ ...header, alg }))}.${body}.`, 'malformed'],
  [`alg ${alg}, an old signature`, `${segment(text({ ...header, alg }))}.${body}.${signature}`, 'algorithm'],
])

const algConfusion: readonly Row[] = [
  ...['HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519', 'hs256', 'HS256 ', 'HS-256', 'A256GCM', ''].map(
    (alg): Row => [`alg ${alg}, signed with the key`, mintHeader({ alg }), 'algorithm'],
  ),
  ['alg none, escaped', mint(headJson.replace('HS256', 'n\\u006fne'), payload), 'algorithm'],
  ['alg missing', mint(without(header, 'alg'), payload), 'header'],
  ['alg null', mintHeader({ alg: null }), 'header'],
  ['alg a number', mintHeader({ alg: 256 }), 'header'],
  ['alg a list', mintHeader({ alg: ['HS256'] }), 'nested'],
  ['alg under another name', mint({ ...without(header, 'alg'), Alg: 'HS256' }, payload), 'header'],
]

const headerExtras: readonly Row[] = [
  ['crit', { crit: ['exp'] }, 'nested'],
  ['crit, empty', { crit: [] }, 'nested'],
  ['crit, a text', { crit: 'exp' }, 'header'],
  ['crit null', { crit: null }, 'header'],
  ['b64 false', { b64: false }, 'header'],
  ['b64 true', { b64: true }, 'header'],
  ['zip', { zip: 'DEF' }, 'header'],
  ['cty', { cty: 'JWT' }, 'header'],
  ['jwk of a stranger', { jwk: createPublicKey(stranger.privateKey).export({ format: 'jwk' }) }, 'nested'],
  ['jku', { jku: 'https://evil.example/jwks.json' }, 'header'],
  ['x5u', { x5u: 'https://evil.example/cert.pem' }, 'header'],
  ['x5c', { x5c: ['MIIB'] }, 'nested'],
  ['x5t', { x5t: 'AAAA' }, 'header'],
  ['enc', { enc: 'A256GCM' }, 'header'],
  ['epk', { epk: {} }, 'nested'],
  ['an unknown member', { foo: 'bar' }, 'header'],
  ['an empty name', { '': 'bar' }, 'header'],
  ['toString', { toString: 'x' }, 'header'],
].map(([name, extra, reason]) => [
  `header: ${name}`,
  mintHeader(extra as object as Record<string, unknown>),
  String(reason),
])

const typs: readonly Row[] = [
  ...['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'at+jwt ', 'refresh+jwt', 'id+jwt', ''].map(
    (typ): Row => [`typ ${typ}`, mintHeader({ typ }), 'type'],
  ),
  ['typ missing', mint(without(header, 'typ'), payload), 'type'],
  ['typ null', mintHeader({ typ: null }), 'header'],
  ['typ a list', mintHeader({ typ: ['at+jwt'] }), 'nested'],
]

const kids: readonly Row[] = [
  ...[
    '',
    '0',
    '../../dev/null',
    '/dev/null',
    "' OR 1=1 --",
    `${kid} `,
    kid.toLowerCase(),
    kid.slice(1),
    '__proto__',
  ].map((other): Row => [`kid ${other}`, mintHeader({ kid: other }), 'unknown-key']),
  ...['constructor', 'toString', 'hasOwnProperty', '*', `${kid}\0`, 'null', 'undefined'].map(
    (other): Row => [`kid ${text(other)}`, mintHeader({ kid: other }), 'unknown-key'],
  ),
  ['kid missing', mint(without(header, 'kid'), payload), 'header'],
  ['kid null', mintHeader({ kid: null }), 'header'],
  ['kid a number', mintHeader({ kid: 0 }), 'header'],
  ['kid a list', mintHeader({ kid: [kid] }), 'nested'],
  ['another key under our kid', mint(header, payload, otherSecret), 'signature'],
  ['an empty key', mint(header, payload, ''), 'signature'],
  ['the kid as the key', mint(header, payload, kid), 'signature'],
  ['the secret decoded from base64url', mint(header, payload, Buffer.from(secret, 'base64url')), 'signature'],
]

const spellings: readonly Row[] = [
  ['signature padded', `${valid}=`, 'encoding'],
  ['signature padded twice', `${valid}==`, 'encoding'],
  ['header padded, signed so', resigned(`${head}=.${body}`), 'encoding'],
  ['payload padded, signed so', resigned(`${head}.${body}=`), 'encoding'],
  ['trailing bits of the signature', `${head}.${body}.${lastOf(signature)}`, 'encoding'],
  ['trailing bits of the payload, signed so', resigned(`${head}.${lastOf(segment('{}'))}`), 'encoding'],
  ['a space at the end', `${valid} `, 'encoding'],
  ['a space before', ` ${valid}`, 'encoding'],
  ['a line break at the end', `${valid}\n`, 'encoding'],
  ['a tab inside', `${head}.\t${body}.${signature}`, 'encoding'],
  ['NUL at the end', `${valid}\0`, 'encoding'],
  ['NUL inside', `${head}.${body}\0.${signature}`, 'encoding'],
  ['base64 signs + and / in the signature', `${head}.${body}.${'+/'.repeat(21)}A`, 'encoding'],
  ['signature percent-encoded', `${head}.${body}.%41${signature.slice(1)}`, 'encoding'],
  ['a full-width letter', `${head}.${body}.\uFF21${signature.slice(1)}`, 'encoding'],
  ['a letter that folds to k', `${head}.${body}.\u212A${signature.slice(1)}`, 'encoding'],
  ['a soft hyphen', `${head}\u00AD.${body}.${signature}`, 'encoding'],
  ['one character more', `${valid}A`, 'signature'],
  ['two characters more', `${valid}AA`, 'encoding'],
  ['five characters more', `${valid}AAAAA`, 'signature'],
  ['one character less', valid.slice(0, -1), 'encoding'],
  ['signature in hex', `${head}.${body}.${Buffer.from(signature, 'base64url').toString('hex')}`, 'signature'],
  [
    'signature cut to 16 bytes',
    `${head}.${body}.${segment(Buffer.from(signature, 'base64url').subarray(0, 16))}`,
    'signature',
  ],
  ['signature of one byte', `${head}.${body}.AA`, 'signature'],
  [
    'signature with a zero byte more',
    `${head}.${body}.${segment(Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.alloc(1)]))}`,
    'signature',
  ],
  ['signature of zeros', `${head}.${body}.${segment(Buffer.alloc(32))}`, 'signature'],
  ['signature over the payload alone', `${head}.${body}.${tag(body)}`, 'signature'],
  ['signature over the decoded parts', `${head}.${body}.${tag(`${headJson}.${json}`)}`, 'signature'],
  ['parts in another order', `${body}.${head}.${signature}`, 'header'],
]

const dots: readonly Row[] = [
  ['empty', '', 'malformed'],
  ['one dot', '.', 'malformed'],
  ['two dots', '..', 'malformed'],
  ['three dots', '...', 'malformed'],
  ['no dot', head, 'malformed'],
  ['two parts', `${head}.${body}`, 'malformed'],
  ['no signature', `${head}.${body}.`, 'malformed'],
  ['no header', `.${body}.${signature}`, 'malformed'],
  ['no payload', `${head}..${signature}`, 'malformed'],
  ['no payload, signed so', resigned(`${head}.`), 'malformed'],
  ['a dot at the end', `${valid}.`, 'malformed'],
  ['a dot before', `.${valid}`, 'malformed'],
  ['four parts', `${valid}.${signature}`, 'malformed'],
  ['a JWE of five parts', `${head}.AA.AA.${body}.${signature}`, 'malformed'],
  ['another sign for the dot', valid.replaceAll('.', '\u3002'), 'malformed'],
  ['8192 dots', '.'.repeat(8192), 'malformed'],
]

const sizes: readonly Row[] = [
  ['8193 characters', 'A'.repeat(8193), 'too-large'],
  ['8193 dots', '.'.repeat(8193), 'too-large'],
  ['one MiB of payload, signed', mintClaims({ sub: 'a'.repeat(2 ** 20) }), 'too-large'],
  ['a huge signature', `${head}.${body}.${'A'.repeat(9000)}`, 'too-large'],
  ['2000 levels of arrays in the header', mint('['.repeat(2000) + ']'.repeat(2000), payload), 'json'],
  ['2000 levels in a claim', mint(header, `{"sub":${'['.repeat(2000)}${']'.repeat(2000)}}`), 'nested'],
  [
    'a thousand claims',
    mint(header, Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`c${n}`, 1]))),
    'claims',
  ],
]

const texts: readonly Row[] = [
  ['header with a BOM', mint(`\u{FEFF}${headJson}`, payload), 'encoding'],
  ['payload with a BOM', mint(header, `\u{FEFF}${json}`), 'encoding'],
  ['header in UTF-16', mint(Buffer.from(headJson, 'utf16le'), payload), 'json'],
  ['payload in UTF-16', mint(header, Buffer.from(json, 'utf16le')), 'json'],
  [
    'an invalid byte in the header',
    mint(Buffer.concat([Buffer.from(headJson), Buffer.from([0xff])]), payload),
    'encoding',
  ],
  ['an invalid byte in the payload', mint(header, Buffer.from(json.replace('ada', '\u00ff'), 'latin1')), 'encoding'],
  ['an overlong slash', mint(header, Buffer.from(json.replace('ada', '\u00c0\u00af'), 'latin1')), 'encoding'],
  ['a surrogate in UTF-8', mint(header, Buffer.from(json.replace('ada', '\u00ed\u00a0\u0080'), 'latin1')), 'encoding'],
  ['payload no JSON', mint(header, 'foo'), 'json'],
  ['payload cut off', mint(header, json.slice(0, -1)), 'json'],
  ['payload with a comma too many', mint(header, `{${rest},}`), 'json'],
  ['payload with a comment', mint(header, `${json}//`), 'json'],
  ['payload in single quotes', mint(header, json.replaceAll('"', "'")), 'json'],
  ['two payloads', mint(header, json + json), 'json'],
  ['payload and a NUL', mint(header, `${json}\0`), 'json'],
  ['payload null', mint(header, 'null'), 'json'],
  ['payload a list', mint(header, [payload]), 'json'],
  ['payload a text', mint(header, text(json)), 'json'],
  ['payload a number', mint(header, '1'), 'json'],
  ['payload a token of ours', mint(header, valid), 'json'],
  ['payload empty', mint(header, {}), 'claims'],
  ['header a list', mint([header], payload), 'json'],
  ['header null', mint('null', payload), 'json'],
  ['header empty', mint({}, payload), 'header'],
  ['NaN for exp', mint(header, json.replace(String(payload.exp), 'NaN')), 'json'],
  ['Infinity for exp', mint(header, json.replace(String(payload.exp), 'Infinity')), 'json'],
  ['JSON serialisation', text({ payload: body, protected: head, signature }), 'malformed'],
  ['general JSON serialisation', text({ payload: body, signatures: [{ protected: head, signature }] }), 'malformed'],
  ['the compact token in quotes', text(valid), 'encoding'],
]

const duplicates: readonly Row[] = [
  ['sub twice', mint(header, `{"sub":"eve",${rest}}`), 'duplicate-name'],
  ['sub twice, the second escaped', mint(header, `{${rest},"s\\u0075b":"eve"}`), 'duplicate-name'],
  ['exp twice', mint(header, `{"exp":1,${rest}}`), 'duplicate-name'],
  ['the same claim twice with one value', mint(header, `{"sub":"ada",${rest}}`), 'duplicate-name'],
  ['alg twice', mint(`{"alg":"none",${headJson.slice(1)}`, payload), 'duplicate-name'],
  ['kid twice', mint(`{"kid":"x",${headJson.slice(1)}`, payload), 'duplicate-name'],
  ['typ twice', mint(`{"typ":"JWT",${headJson.slice(1)}`, payload), 'duplicate-name'],
  ['two __proto__', mint(header, `{"__proto__":1,"__proto__":2,${rest}}`), 'duplicate-name'],
]

const claimRows: readonly Row[] = [
  ...Object.keys(payload).flatMap((name): readonly Row[] => [
    [`${name} missing`, mint(header, without(payload, name)), 'claims'],
    [`${name} null`, mintClaims({ [name]: null }), 'claims'],
    [`${name} true`, mintClaims({ [name]: true }), 'claims'],
    [`${name} a list`, mintClaims({ [name]: [] }), 'nested'],
    [`${name} an object`, mintClaims({ [name]: {} }), 'nested'],
    [`${name} under another case`, mint(header, { ...without(payload, name), [name.toUpperCase()]: 'x' }), 'claims'],
  ]),
  ...['sub', 'sid', 'jti'].flatMap((name): readonly Row[] =>
    ([7, '', ' ', 'a b', 'a\0', 'ada\n', '\u00e4da', '../x', 'a'.repeat(65), '\u0430da'] as const).map((value) => [
      `${name} ${text(value)}`,
      mintClaims({ [name]: value }),
      'claims',
    ]),
  ),
  ...['iat', 'exp'].flatMap((name): readonly Row[] =>
    [String(payload.exp), '', 1.5, 2 ** 53, 1e300].map((value) => [
      `${name} ${text(value)}`,
      mintClaims({ [name]: value }),
      'claims',
    ]),
  ),
  ['role', mintClaims({ role: 'admin' }), 'claims'],
  ['scope', mintClaims({ scope: '*' }), 'claims'],
  ['nbf', mintClaims({ nbf: now }), 'claims'],
  ['iss where none is configured', mintClaims({ iss: 'me' }), 'claims'],
  ['aud where none is configured', mintClaims({ aud: 'me' }), 'claims'],
  ['__proto__', mint(header, `{"__proto__":"x",${rest}}`), 'claims'],
  ['__proto__ in place of sub', mint(header, json.replace('"sub"', '"__proto__"')), 'claims'],
  ['constructor', mint(header, `{"constructor":"x",${rest}}`), 'claims'],
  ['an empty name', mint(header, `{"":"x",${rest}}`), 'claims'],
]

const numbers: readonly Row[] = [
  ['exp as a float', `${payload.exp}.0`, 'spelling'],
  ['exp with an exponent', '1.80000006e9', 'spelling'],
  ['exp 1e10', '1e10', 'spelling'],
  ['exp 1E10', '1E10', 'spelling'],
  ['exp -0', '-0', 'spelling'],
  ['exp 1e400', '1e400', 'claims'],
  ['exp with a leading zero', `0${payload.exp}`, 'json'],
  ['exp in hex', '0x6B49D23C', 'json'],
  ['exp with a plus', `+${payload.exp}`, 'json'],
].map(
  ([name = '', value = '', reason = '']): Row => [name, mint(header, json.replace(String(payload.exp), value)), reason],
)

const spaced: readonly Row[] = [
  ['a space in the payload', mint(header, json.replace('{', '{ ')), 'spelling'],
  ['a line break after the payload', mint(header, `${json}\n`), 'spelling'],
  ['an escaped letter in a value', mint(header, json.replace('"ada"', '"\\u0061da"')), 'spelling'],
  ['an escaped letter in a name', mint(header, json.replace('"sub"', '"s\\u0075b"')), 'spelling'],
  ['a space in the header', mint(headJson.replace('{', '{ '), payload), 'spelling'],
  ['an escaped slash in the header', mint(headJson.replace('at+jwt', 'at\\u002bjwt'), payload), 'spelling'],
]

const times: readonly Row[] = [
  ['exp now', mintClaims({ exp: now }), 'expired'],
  ['exp a second ago', mintClaims({ exp: now - 1 }), 'expired'],
  ['exp 0', mintClaims({ exp: 0 }), 'expired'],
  ['exp negative', mintClaims({ exp: -1 }), 'expired'],
  ['exp before iat', mintClaims({ iat: now, exp: now - 1 }), 'expired'],
  ['iat a second from now', mintClaims({ iat: now + 1 }), 'not-yet-issued'],
  ['iat at the end of numbers', mintClaims({ iat: Number.MAX_SAFE_INTEGER }), 'not-yet-issued'],
  ['3601 s to live', mintClaims({ iat: now - 1, exp: now + 3600 }), 'lifetime'],
  ['times in ms', mintClaims({ iat: now, exp: (now + 60) * 1000 }), 'lifetime'],
  ['exp at the end of numbers', mintClaims({ exp: Number.MAX_SAFE_INTEGER }), 'lifetime'],
  ['iat 0', mintClaims({ iat: 0 }), 'lifetime'],
  ['iat negative', mintClaims({ iat: -now }), 'lifetime'],
]

const foreign: readonly Row[] = [
  ['undefined', undefined, 'malformed'],
  ['null', null, 'malformed'],
  ['a number', 5, 'malformed'],
  ['a list with the token', [valid], 'malformed'],
  ['an object that prints as the token', { toString: () => valid }, 'malformed'],
  ['bytes', Buffer.from(valid), 'malformed'],
]

const table: readonly Row[] = [
  ...algNone,
  ...algConfusion,
  ...headerExtras,
  ...typs,
  ...kids,
  ...spellings,
  ...dots,
  ...sizes,
  ...texts,
  ...duplicates,
  ...claimRows,
  ...numbers,
  ...spaced,
  ...times,
  ...foreign,
]

suite('forged and misspelt access tokens', () => {
  test('the table is as large as it says, and no row stands twice', () => {
    assert.ok(table.length >= 100, `${table.length} rows`)
    assert.equal(new Set(table.map(([name]) => name)).size, table.length)
  })

  for (const [name, token, reason] of table)
    test(`refused (${reason}): ${name}`, () => {
      const { verify } = verifier()
      // Twice: a refused token must not be remembered as a good one.
      for (const _ of [1, 2]) assert.deepEqual(verify(token as string), { ok: false, reason })
    })
})

suite('tokens that must pass, so that the table can not pass by refusing everything', () => {
  const edge = { iat: now, exp: now + 1 }
  const accepted: readonly (readonly [string, string])[] = [
    ['the pattern of the table', valid],
    [
      'members in another order',
      mint({ kid, typ: 'at+jwt', alg: 'HS256' }, Object.fromEntries(Object.entries(payload).reverse())),
    ],
    ['issued this second, for one second', mintClaims(edge)],
    ['an hour to live', mintClaims({ iat: now, exp: now + 3600 })],
    ['ids of 64 characters', mintClaims({ sub: 'a'.repeat(64), sid: '-_'.repeat(32), jti: 'Z9'.repeat(32) })],
    ['ids named as members of an object', mintClaims({ sub: '__proto__', sid: 'constructor', jti: 'toString' })],
    ['one of the ring', verifier().issue('ada', 'session-1').token],
  ]
  for (const [name, token] of accepted)
    test(name, () => {
      const { verify } = verifier()
      for (const _ of [1, 2]) assert.equal(verify(token).ok, true)
    })

  test('the claims are those that were signed, and nobody can change them for the next', () => {
    const { verify } = verifier()
    const verified = verify(valid)
    assert.ok(verified.ok)
    assert.deepEqual(verified.claims, payload)
    assert.throws(() => Object.assign(verified.claims, { sub: 'eve' }), TypeError)
    assert.deepEqual(verify(valid), { ok: true, claims: payload })
  })
})

suite('issuer and audience, when they are configured', () => {
  const configured = { issuer: 'https://api.example', audience: 'app' }
  const [iss, aud] = [configured.issuer, configured.audience]
  const rows: readonly Row[] = [
    ['both missing', valid, 'claims'],
    ['iss missing', mintClaims({ aud }), 'claims'],
    ['aud missing', mintClaims({ iss }), 'claims'],
    ['iss of another', mintClaims({ iss: 'https://evil.example', aud }), 'issuer'],
    ['iss with a slash', mintClaims({ iss: `${iss}/`, aud }), 'issuer'],
    ['iss in capitals', mintClaims({ iss: iss.toUpperCase(), aud }), 'issuer'],
    ['iss empty', mintClaims({ iss: '', aud }), 'issuer'],
    ['iss null', mintClaims({ iss: null, aud }), 'claims'],
    ['iss a list', mintClaims({ iss: [iss], aud }), 'nested'],
    ['aud of another', mintClaims({ iss, aud: 'admin' }), 'audience'],
    ['aud a list that holds it', mintClaims({ iss, aud: ['app', 'admin'] }), 'nested'],
    ['aud a prefix', mintClaims({ iss, aud: 'ap' }), 'audience'],
    ['aud a number', mintClaims({ iss, aud: 1 }), 'claims'],
    ['iss and aud exchanged', mintClaims({ iss: aud, aud: iss }), 'issuer'],
    ['one claim more', mintClaims({ iss, aud, azp: 'app' }), 'claims'],
  ]
  for (const [name, token, reason] of rows)
    test(`refused (${reason}): ${name}`, () => {
      assert.deepEqual(verifier(configured).verify(token as string), { ok: false, reason })
    })
  test('accepted: both as configured', () => {
    const { issue, verify } = verifier(configured)
    for (const token of [issue('ada', 's').token, mintClaims({ iss, aud })]) {
      const verified = verify(token)
      assert.ok(verified.ok)
      assert.deepEqual([verified.claims.iss, verified.claims.aud], [iss, aud])
    }
  })
})

suite('keys of other algorithms', () => {
  const entry = generateSecret('ES256')
  const mixed = keyRing([entry, generateSecret('EdDSA'), secret])
  const clock = (): number => now * 1000
  const { issue, verify } = accessTokens({ ring: mixed, clock })
  const { token } = issue('ada', 's')
  const [esHead = '', esBody = '', esSignature = ''] = token.split('.')
  const [publicKey] = mixed.jwks().keys
  const pem = createPublicKey({ key: publicKey ?? {}, format: 'jwk' }).export({ format: 'pem', type: 'spki' })

  test('the public key as the secret of an HMAC', () => {
    const confused = { ...header, kid: mixed.signing.kid }
    for (const key of [String(pem), JSON.stringify(publicKey), String(publicKey?.x)])
      assert.deepEqual(verify(mint(confused, payload, key)), { ok: false, reason: 'algorithm' })
  })
  test('a key of the ring under the kid of another', () => {
    assert.deepEqual(verify(mint({ ...header, kid: mixed.signing.kid, alg: 'ES256' }, payload)), {
      ok: false,
      reason: 'signature',
    })
  })
  test('the twin (R, order - S) of a signature of ES256 is valid, and a second spelling', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    for (let round = 0; round < 20; round += 1) {
      const [h = '', b = '', s = ''] = issue('ada', `s${round}`).token.split('.')
      const bytes = Buffer.from(s, 'base64url')
      const twin = order - BigInt(`0x${bytes.toString('hex', 32)}`)
      const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(twin.toString(16).padStart(64, '0'), 'hex')])
      assert.equal(mixed.signing.verify(Buffer.from(`${h}.${b}`), other), true)
      assert.deepEqual(verify(`${h}.${b}.${segment(other)}`), { ok: false, reason: 'spelling' })
      assert.equal(verify(`${h}.${b}.${s}`).ok, true)
    }
  })
  test('a signature of ES256 in DER, empty, or of zeros', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const der = sign('sha256', Buffer.from(`${esHead}.${esBody}`), stranger.privateKey)
    for (const bytes of [der, Buffer.alloc(64), Buffer.alloc(64, 0xff), Buffer.alloc(63), Buffer.alloc(65)])
      assert.deepEqual(verify(`${esHead}.${esBody}.${segment(bytes)}`), { ok: false, reason: 'signature' })
    assert.equal(verify(`${esHead}.${esBody}.${esSignature}`).ok, true)
  })
  test('a signature of Ed25519 whose S is larger than the order', () => {
    const edRing = keyRing([generateSecret('EdDSA')])
    const ed = accessTokens({ ring: edRing, clock })
    const [h = '', b = '', s = ''] = ed.issue('ada', 's').token.split('.')
    const bytes = Buffer.from(s, 'base64url')
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const little = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order
    const larger = Buffer.from(little.toString(16).padStart(64, '0'), 'hex').reverse()
    const forged = `${h}.${b}.${segment(Buffer.concat([bytes.subarray(0, 32), larger]))}`
    assert.deepEqual(ed.verify(forged), { ok: false, reason: 'signature' })
    assert.equal(ed.verify(`${h}.${b}.${s}`).ok, true)
  })
  test('a token of a key that was taken out of the ring', () => {
    assert.equal(accessTokens({ ring, clock }).verify(valid).ok, true)
    assert.deepEqual(accessTokens({ ring: keyRing([otherSecret]), clock }).verify(valid), {
      ok: false,
      reason: 'unknown-key',
    })
    assert.equal(accessTokens({ ring: keyRing([otherSecret, secret]), clock }).verify(valid).ok, true)
  })
})
