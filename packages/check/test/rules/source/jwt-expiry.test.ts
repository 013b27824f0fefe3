import assert from 'node:assert/strict'
import { test } from 'node:test'
import { express, judged, table } from './judged.ts'

const JWT = "import jwt from 'jsonwebtoken'"

table('jwt-expiry', [
  [
    'passes: a quarter of an hour',
    express(JWT, "const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: '15m' })"),
    ['pass src/app.ts:4: Access tokens live 15 minutes.'],
  ],
  [
    'passes: its own exp, in seconds',
    express(
      JWT,
      'const make = (user) => jwt.sign({ sub: user.id, exp: Math.floor(Date.now() / 1000) + 900 }, process.env.KEY)',
    ),
    ['pass src/app.ts:4: Access tokens live 15 minutes.'],
  ],
  [
    'fails: days, and says where the literal stands that would be mended',
    express(
      JWT,
      "const LIFE = '7d'",
      'const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: LIFE })',
    ),
    ['fail src/app.ts:4 src/app.ts:5: An access token lives 7 days.'],
  ],
  [
    'fails: an hour is not under an hour',
    express(JWT, 'const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: 3600 })'),
    ['fail src/app.ts:4: An access token lives 1 hour.'],
  ],
  [
    'fails: none at all',
    express(JWT, 'const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY)'),
    ['fail src/app.ts:4: An access token is made without an expiry: it is good for ever.'],
  ],
  [
    'fails: exp in milliseconds is a date thousands of years ahead',
    express(JWT, 'const make = (user) => jwt.sign({ sub: user.id, exp: Date.now() + 900 }, process.env.KEY)'),
    ['fail src/app.ts:4: An access token lives thousands of years (milliseconds where seconds are meant).'],
  ],
  [
    'fails: the fallback that is used where nothing is set',
    express(
      JWT,
      "const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: process.env.LIFE || '30d' })",
    ),
    ['fail src/app.ts:4: An access token lives 30 days.'],
  ],
  [
    'not proven: a setting that no file sets',
    express(JWT, 'const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: process.env.LIFE })'),
    [
      'not-proven src/app.ts:4 src/app.ts:4: How long an access token lives could not be followed: LIFE is set by no file of the project.',
    ],
  ],
  [
    'passes: a refresh token may live long, the access token beside it does not',
    express(
      JWT,
      'const sign = (id, key, life) => jwt.sign({ sub: id }, key, { expiresIn: life })',
      'const access = sign(1, process.env.ACCESS_KEY, "15m")',
      'const refresh = sign(1, process.env.REFRESH_KEY, "30d")',
    ),
    ['pass src/app.ts:4 src/app.ts:5: Access tokens live 15 minutes.'],
  ],
  [
    'fails: the caller decides, and one caller takes too much',
    express(
      JWT,
      'const sign = (id, life) => jwt.sign({ sub: id }, process.env.KEY, { expiresIn: life })',
      'const access = sign(1, "15m")',
      'const remembered = sign(1, "30d")',
    ),
    [
      'pass src/app.ts:4 src/app.ts:5: Access tokens live 15 minutes.',
      'fail src/app.ts:6 src/app.ts:4: An access token lives 30 days.',
    ],
  ],
  [
    'a word that is no span proves nothing',
    express(JWT, "const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: '15 constructor' })"),
    [
      'not-proven src/app.ts:4 src/app.ts:4: How long an access token lives could not be followed: "15 constructor" is no span of time.',
    ],
  ],
  [
    'not proven: the same by a plugin that could make them too',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import jwt from '@fastify/jwt'",
        'const app = Fastify()',
        'app.register(jwt, { secret: process.env.KEY })',
        "app.addHook('onRequest', async (request) => { await request.jwtVerify() })",
      ].join('\n'),
    },
    ['not-proven (no access token is made in 1 file) src/app.ts:4: Tokens are read here and made somewhere else.'],
  ],
  [
    'not proven: tokens that somebody else makes',
    express(JWT, 'const read = (token) => jwt.verify(token, process.env.KEY)'),
    ['not-proven (no access token is made in 1 file) src/app.ts:4: Tokens are read here and made somewhere else.'],
  ],
  [
    'no token',
    express("app.get('/x', x)"),
    ['not-applicable (no access token is made in 1 file): No call of a known token library makes an access token.'],
  ],
])

test('the mend is the literal itself', async () => {
  const files = express(JWT, "const make = (user) => jwt.sign({ sub: user.id }, process.env.KEY, { expiresIn: '7d' })")
  const fix = (await judged(files)).find((one) => one.id === 'jwt-expiry')?.fix
  assert.ok(fix)
  assert.equal(files[fix.file]?.slice(fix.start, fix.end), "'7d'")
  assert.deepEqual([fix.from, fix.to], ["'7d'", "'15m'"])
})
