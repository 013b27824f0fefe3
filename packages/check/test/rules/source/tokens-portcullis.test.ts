/** A program whose tokens Portcullis makes and verifies. */
import { type Files, table } from './judged.ts'

/** Portcullis with these sessions, and what is added. */
const app = (sessions: string, ...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import { portcullis } from 'portcullis/fastify'",
    'const app = Fastify()',
    `await app.register(portcullis, { sessions: ${sessions} })`,
    "app.get('/orders', async () => 1)",
    ...lines,
  ].join('\n'),
})

const OWN = app('{ secret: process.env.JWT_SECRET }')
const FOREIGN = app('{ foreign: await issuerTokens({ issuer, audience }) }')
const UNREAD = app('settings.sessions')
const SPREAD = app('{ secret: process.env.JWT_SECRET, ...given }')
const DEVELOPMENT: Files = {
  'src/app.ts': (OWN['src/app.ts'] ?? '').replace('await app', "if (process.env.NODE_ENV === 'development') await app"),
}
const lives = (minutes: string) => app(`{ secret: process.env.JWT_SECRET, accessTokenMinutes: ${minutes} }`)

const NO_LIFE =
  'not-applicable (no access token is made in 1 file): No call of a known token library makes an access token.'

table('jwt-expiry', [
  [
    'passes: what Portcullis does by itself',
    OWN,
    ['pass src/app.ts:4: Portcullis makes the access tokens: they live 15 minutes.'],
  ],
  [
    'passes: so many minutes',
    lives('59'),
    ['pass src/app.ts:4: Portcullis makes the access tokens: they live 59 minutes.'],
  ],
  ['fails: an hour', lives('60'), ['fail src/app.ts:4: Portcullis makes the access tokens: they live 1 hour.']],
  [
    'passes: a setting that is set',
    { ...lives('Number(process.env.MINUTES)'), Dockerfile: 'FROM node:24\nENV MINUTES=10\n' },
    ['pass src/app.ts:4: Portcullis makes the access tokens: they live 10 minutes.'],
  ],
  [
    'passes: a setting that has a default',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import { portcullis } from 'portcullis/fastify'",
        'export const build = async (settings: Settings) => {',
        '  const app = Fastify()',
        '  await app.register(portcullis, { sessions: { secret: settings.SECRETS, accessTokenMinutes: settings.ACCESS_MINUTES } })',
        '}',
      ].join('\n'),
      'src/settings.ts': 'export const table = { ACCESS_MINUTES: integer({ min: 1, max: 60, default: 20 }) }',
    },
    ['pass src/app.ts:5: Portcullis makes the access tokens: they live 20 minutes.'],
  ],
  [
    'not proven: a setting that nothing sets may be 60',
    lives('Number(process.env.MINUTES)'),
    [
      'not-proven src/app.ts:4 src/app.ts:4: Portcullis makes the access tokens: they live at most 60 minutes, and whether it is less could not be followed: MINUTES is set by no file of the project.',
    ],
  ],
  [
    'fails: a token beside those of Portcullis',
    app(
      '{ secret }',
      "import jwt from 'jsonwebtoken'",
      "const make = (id) => jwt.sign({ sub: id }, key, { expiresIn: '1d' })",
    ),
    [
      'fail src/app.ts:7: An access token lives 1 day.',
      'pass src/app.ts:4: Portcullis makes the access tokens: they live 15 minutes.',
    ],
  ],
  ['not applicable: tokens of another issuer', FOREIGN, [NO_LIFE]],
  ['not applicable: sessions that could be anything', UNREAD, [NO_LIFE]],
  ['not applicable: something is spread into them', SPREAD, [NO_LIFE]],
  ['not applicable: Portcullis in development alone', DEVELOPMENT, [NO_LIFE]],
])

table('jwt-payload', [
  [
    'passes: Portcullis takes ids alone',
    OWN,
    ['pass src/app.ts:4: Portcullis makes the tokens: they carry the ids of the account and the session, and times.'],
  ],
  [
    'not applicable: tokens of another issuer',
    FOREIGN,
    ['not-applicable (none in 1 file): No call of a known token library makes a token for sessions.'],
  ],
])

table('jwt-verification', [
  ['passes: Portcullis verifies', OWN, ['pass src/app.ts:4: portcullis: verified, with the algorithm pinned.']],
  [
    'fails: a token beside those of Portcullis is only decoded',
    app('{ secret }', "import jwt from 'jsonwebtoken'", 'const read = (token) => jwt.decode(token)'),
    [
      'fail src/app.ts:7: jsonwebtoken: a token is read without its signature.',
      'pass src/app.ts:4: portcullis: verified, with the algorithm pinned.',
    ],
  ],
  [
    'not applicable: tokens of another issuer',
    FOREIGN,
    ['not-applicable (none in 1 file): The program reads no token.'],
  ],
])
