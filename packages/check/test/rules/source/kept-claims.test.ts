/** Guards whose check stands in what keeps its claims, and handlers that give two parts of a body to one call. */
import { type Files, table } from './judged.ts'

const hono = (...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { decode, verify } from 'hono/jwt'",
    "import { getCookie } from 'hono/cookie'",
    'const app = new Hono()',
    `app.use(async (c, next) => { ${lines.join('; ')} })`,
    "app.get('/notes', (c) => c.json([]))",
  ].join('\n'),
})
const TOKEN = "const token = c.req.header('authorization'); if (!token) return c.json({}, 401)"
const ONE = ['pass src/app.ts:5: One guard covers 1 of 1 route.']
const NONE = ['fail src/app.ts:6: No guard in front of 1 route.']

table('default-deny', [
  [
    'passes: the claims are kept as they are verified',
    hono(
      TOKEN,
      "try { c.set('user', await verify(token, key, 'HS256')) } catch { return c.json({}, 401) }",
      'await next()',
    ),
    ONE,
  ],
  ['fails: the token is kept as it came', hono(TOKEN, "c.set('token', token)", 'await next()'), NONE],
  ['fails: the claims are only unpacked', hono(TOKEN, "c.set('user', decode(token))", 'await next()'), NONE],
  [
    'fails: an id in a cookie',
    hono("const user = await users.byId(getCookie(c, 'user_id'))", 'if (!user) return c.json({}, 401)', 'await next()'),
    NONE,
  ],
  [
    'passes: a session in a cookie',
    hono("const user = await sessions.of(getCookie(c, 'sid'))", 'if (!user) return c.json({}, 401)', 'await next()'),
    ONE,
  ],
])

table('validators', [
  [
    'passes: the address and the password are checked, and go to one function together',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import { users } from './users.ts'",
        'const app = Fastify()',
        "const text = { type: 'string', maxLength: 120 }",
        "const body = { type: 'object', additionalProperties: false, properties: { email: text, password: text } }",
        "app.post('/login', { schema: { body } }, async ({ body }) => users.check(body.email, body.password))",
      ].join('\n'),
    },
    ['pass src/app.ts:5: 1 input of 1 route bounded and closed.'],
  ],
])
