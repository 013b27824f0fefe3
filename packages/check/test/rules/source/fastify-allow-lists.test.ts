/** Whom a limit of Fastify's leaves out, where the caller says so. */
import { type Files, table } from './judged.ts'

const limited = (settings: string, own: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import rateLimit from '@fastify/rate-limit'",
    `const app = Fastify(); await app.register(rateLimit, ${settings})`,
    `app.post('/login', { config: { rateLimit: ${own} } }, login)`,
  ].join('\n'),
})

const OFF = ['fail src/app.ts:3 src/app.ts:3: The limiter of POST /login never counts.']

table('auth-rate-limit', [
  [
    'whom the route’s own limit leaves out, the caller says',
    limited('{ max: 200 }', "{ max: 10, allowList: (request) => request.headers['x-client'] === 'app' }"),
    OFF,
  ],
  [
    'the plugin’s list holds for a limit of a route’s own, too',
    limited("{ max: 200, allowList: (request) => request.headers['x-client'] === 'app' }", '{ max: 10 }'),
    ['fail src/app.ts:2 src/app.ts:3: The limiter of POST /login never counts.'],
  ],
  [
    'a route’s own list takes its place',
    limited(
      "{ max: 200, allowList: (request) => request.headers['x-client'] === 'app' }",
      "{ max: 10, allowList: ['127.0.0.1'] }",
    ),
    ['pass src/app.ts:3 src/app.ts:3: POST /login is limited to 10 a minute.'],
  ],
])
