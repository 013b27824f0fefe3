import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { verificationsOf } from '../../../../src/evidence/backend/tokens/verifications.ts'
import { readingOf, type Sources } from '../../sources.ts'

const shown = (sources: Sources): readonly string[] =>
  verificationsOf(readingOf(sources)).map(
    (one) => `${one.library} ${one.signature} ${one.algorithms}${one.expiryIgnored ? ', expiry ignored' : ''}`,
  )

const rows = (
  title: string,
  file: string,
  first: string,
  table: readonly (readonly [text: string, ...expected: string[]])[],
) =>
  describe(title, () => {
    for (const [text, ...expected] of table)
      test(text, () => {
        assert.deepEqual(shown({ [file]: `${first}\n${text}` }), expected)
      })
  })

rows('jsonwebtoken', 'a.ts', "import jwt, { verify as check } from 'jsonwebtoken'", [
  ["jwt.verify(t, key, { algorithms: ['HS256'] })", 'jsonwebtoken verified pinned'],
  ["check(t, key, { algorithms: ['HS256'] })", 'jsonwebtoken verified pinned'],
  ['jwt.verify(t, key)', 'jsonwebtoken verified open'],
  ['jwt.verify(t, key, {})', 'jsonwebtoken verified open'],
  ["jwt.verify(t, key, { algorithms: ['none'] })", 'jsonwebtoken verified open'],
  ["jwt.verify(t, key, { algorithms: ['RS256', 'NONE'] })", 'jsonwebtoken verified open'],
  [
    "jwt.verify(t, key, { algorithms: ['HS256'], ignoreExpiration: true })",
    'jsonwebtoken verified pinned, expiry ignored',
  ],
  ["jwt.verify(t, key, { algorithms: ['HS256'], ignoreExpiration: false })", 'jsonwebtoken verified pinned'],
  // A token that has expired is as good a one to take back; to renew it is another thing.
  [
    "const revokeToken = () => jwt.verify(t, key, { algorithms: ['HS256'], ignoreExpiration: true })",
    'jsonwebtoken verified pinned',
  ],
  [
    "const refresh = () => jwt.verify(t, key, { algorithms: ['HS256'], ignoreExpiration: true })",
    'jsonwebtoken verified pinned, expiry ignored',
  ],
  ['jwt.decode(t)', 'jsonwebtoken none unknown'],
  ['jwt.decode(t, { complete: true })', 'jsonwebtoken none unknown'],
  ['other.verify(t, key)'],
  ['bcrypt.verify(t, key)'],
])

rows('jose', 'a.ts', "import { jwtVerify, decodeJwt } from 'jose'", [
  ["await jwtVerify(t, key, { algorithms: ['HS256'] })", 'jose verified pinned'],
  ['await jwtVerify(t, key)', 'jose verified open'],
  ['decodeJwt(t)', 'jose none unknown'],
])

rows('fast-jwt', 'a.ts', "import { createDecoder, createVerifier } from 'fast-jwt'", [
  ["const read = createVerifier({ key, algorithms: ['HS256'] })", 'fast-jwt verified pinned'],
  ['const read = createVerifier({ key })', 'fast-jwt verified open'],
  [
    "createVerifier({ key, algorithms: ['HS256'], ignoreExpiration: true })(t)",
    'fast-jwt verified pinned, expiry ignored',
  ],
  ['const read = createDecoder()', 'fast-jwt none unknown'],
])

rows('hono/jwt', 'a.ts', "import { jwt, verify, decode } from 'hono/jwt'", [
  ["app.use(jwt({ secret: key, alg: 'HS256' }))", 'hono/jwt verified pinned'],
  ['app.use(jwt({ secret: key }))', 'hono/jwt verified open'],
  ["await verify(t, key, 'HS256')", 'hono/jwt verified pinned'],
  ['await verify(t, key)', 'hono/jwt verified open'],
  ['decode(t)', 'hono/jwt none unknown'],
])

rows(
  'others of JavaScript',
  'a.ts',
  "import simple from 'jwt-simple'\nimport { jwtDecode } from 'jwt-decode'\nimport { expressjwt } from 'express-jwt'\nimport { Strategy } from 'passport-jwt'",
  [
    ["simple.decode(t, key, false, 'HS256')", 'jwt-simple verified pinned'],
    ['simple.decode(t, key)', 'jwt-simple verified open'],
    ['simple.decode(t, key, true)', 'jwt-simple none open'],
    ['jwtDecode(t)', 'jwt-decode none unknown'],
    ["app.use(expressjwt({ secret: key, algorithms: ['HS256'] }))", 'express-jwt verified pinned'],
    ["passport.use(new Strategy({ secretOrKey: key, algorithms: ['HS256'] }, f))", 'passport-jwt verified pinned'],
    [
      'passport.use(new Strategy({ secretOrKey: key, ignoreExpiration: true }, f))',
      'passport-jwt verified open, expiry ignored',
    ],
  ],
)

rows('PyJWT', 'a.py', 'import jwt', [
  ['jwt.decode(t, KEY, algorithms=["HS256"])', 'PyJWT verified pinned'],
  ['jwt.decode(t, KEY, ["HS256"])', 'PyJWT verified pinned'],
  ['jwt.decode(t, KEY)', 'PyJWT verified open'],
  ['jwt.decode(t, KEY, algorithms=["HS256", "none"])', 'PyJWT verified open'],
  ['jwt.decode(t, options={"verify_signature": False})', 'PyJWT none open'],
  ['jwt.decode(t, verify=False)', 'PyJWT none open'],
  ['jwt.decode(t, KEY, ["HS256"], {"verify_signature": False})', 'PyJWT none pinned'],
  ['given = {"key": KEY, "algorithms": ["HS256"]}\njwt.decode(t, **given)', 'PyJWT verified pinned'],
  [
    'given = {"algorithms": ["HS256"], "options": {"verify_signature": False}}\njwt.decode(t, KEY, **given)',
    'PyJWT none pinned',
  ],
  ['jwt.decode(t, KEY, **given())', 'PyJWT verified unknown'],
  ['jwt.decode(t, KEY, algorithms=["HS256"], options={"verify_exp": False})', 'PyJWT verified pinned, expiry ignored'],
  ['base64.decode(t)'],
])

rows('python-jose', 'a.py', 'from jose import jwt', [
  ['jwt.decode(t, KEY, algorithms=["HS256"])', 'jose verified pinned'],
  ['jwt.get_unverified_claims(t)', 'jose none unknown'],
])

const NEST = `import { JwtModule, JwtService } from '@nestjs/jwt'
class A { constructor(private readonly jwt: JwtService) {} read(t) {`
const nest = (options: string, call: string): readonly string[] =>
  shown({ 'a.ts': `${NEST} return ${call} } }\n${options}` })

describe("Nest's JwtService: what the call says, else its module, else the kind of the key", () => {
  const SECRET = 'JwtModule.register({ secret: key })'
  const MODULE = "JwtModule.register({ secret: key, verifyOptions: { algorithms: ['HS256'] } })"
  const LATER =
    "JwtModule.registerAsync({ useFactory: (c) => ({ secret: c.key, verifyOptions: { algorithms: ['HS256'] } }) })"
  for (const [options, call, expected] of [
    [SECRET, 'this.jwt.verify(t)', 'open'],
    [SECRET, 'this.jwt.verifyAsync(t, { secret: key })', 'open'],
    ['', 'this.jwt.verifyAsync(t, { secret: key })', 'open'],
    [SECRET, "this.jwt.verifyAsync(t, { algorithms: ['HS256'] })", 'pinned'],
    [SECRET, "this.jwt.verifyAsync(t, { algorithms: ['HS256', 'none'] })", 'open'],
    [MODULE, 'this.jwt.verifyAsync(t)', 'pinned'],
    [LATER, 'this.jwt.verifyAsync(t, { secret: key })', 'pinned'],
    [SECRET, 'this.jwt.verifyAsync(t, options())', 'unknown'],
    ['JwtModule.register({ secret: key, verifyOptions: load() })', 'this.jwt.verify(t)', 'unknown'],
    ['JwtModule.registerAsync({ useFactory: (c) => c.get("jwt") })', 'this.jwt.verify(t)', 'unknown'],
  ] as const)
    test(`${options} ${call}`, () => {
      assert.deepEqual(nest(options, call), [`@nestjs/jwt verified ${expected}`])
    })
})

rows(
  'algorithms that the token says itself',
  'a.ts',
  "import jwt from 'jsonwebtoken'\nimport { jwtVerify, decodeProtectedHeader, importSPKI } from 'jose'",
  [
    [
      'jwt.verify(t, key, { algorithms: [jwt.decode(t, { complete: true }).header.alg] })',
      'jsonwebtoken verified header',
      'jsonwebtoken none unknown',
    ],
    [
      'const { alg } = decodeProtectedHeader(t); await jwtVerify(t, key, { algorithms: [alg] })',
      'jose verified header',
    ],
    ['await jwtVerify(t, await importSPKI(pem, "RS256"))', 'jose verified pinned'],
  ].map(([text = '', ...expected]) => [text, ...expected] as const),
)

rows('algorithms that the token says itself, of Python', 'a.py', 'from jose import jwt', [
  ['header = jwt.get_unverified_header(t)\njwt.decode(t, KEY, algorithms=[header["alg"]])', 'jose verified header'],
  ['jwt.decode(t, KEY, algorithms=jwt.get_unverified_header(t).get("alg"))', 'jose verified header'],
  [
    'def read(t):\n  alg = jwt.get_unverified_header(t)["alg"]\n  if alg not in ALLOWED:\n    raise Refused()\n  return jwt.decode(t, KEY, algorithms=[alg])',
    'jose verified pinned',
  ],
  [
    'def read(t):\n  alg = jwt.get_unverified_header(t)["alg"]\n  if alg not in ALLOWED:\n    log(alg)\n  return jwt.decode(t, KEY, algorithms=[alg])',
    'jose verified header',
  ],
  ['jwt.decode(t, KEY, algorithms=None)', 'jose verified open'],
  ['jwt.decode(t, KEY, algorithms=[ALGORITHM])', 'jose verified pinned'],
])

test('what a strategy of Nest says to its base', () => {
  assert.deepEqual(
    shown({
      'a.ts':
        "import { PassportStrategy } from '@nestjs/passport'\nimport { Strategy } from 'passport-jwt'\nclass A extends PassportStrategy(Strategy) { constructor() { super({ secretOrKey: key, algorithms: ['HS256'] }) } }",
    }),
    ['passport-jwt verified pinned'],
  )
})

test('an import under another of the names is one', () => {
  assert.deepEqual(shown({ 'a.ts': "import { jwtVerify as verify } from 'jose'\nawait verify(t, key)" }), [
    'jose verified open',
  ])
})

test('options that a function is called with', () => {
  assert.deepEqual(
    shown({
      'a.ts':
        "import jwt from 'jsonwebtoken'\nconst read = (t, options) => jwt.verify(t, key, options)\nread(t, { algorithms: ['HS256'] })",
    }),
    ['jsonwebtoken verified pinned'],
  )
})
