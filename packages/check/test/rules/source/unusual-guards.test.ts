/** Guards that hold, in ways that are written less often. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const hono = (...lines: readonly string[]): Files => ({
  'src/app.ts': ["import { Hono } from 'hono'", ...lines, "app.get('/notes', list)", "app.post('/notes', add)"].join(
    '\n',
  ),
})

const READS =
  "app.use(async (c, next) => { const token = c.req.header('Authorization'); if (token) { try { c.set('user', await verify(token, key, 'HS256')) } catch { c.set('user', null) } } await next() })"

/** What one middleware found out, and another refuses without. */
const told = (test: string): Files =>
  hono(
    "import { verify } from 'hono/jwt'; const app = new Hono()",
    READS,
    `app.use(async (c, next) => { ${test} return c.json({ error: 'Unauthorized' }, 401); await next() })`,
  )

const thrown = (body: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import { decodeJwt, jwtVerify } from 'jose'",
    'const app = Fastify()',
    `app.addHook('onRequest', async (request) => { ${body} })`,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  ].join('\n'),
})

const COVERS = (line: number): readonly string[] => [`pass src/app.ts:${line}: One guard covers 2 of 2 routes.`]
const NONE = (line: number): readonly string[] => [
  `fail src/app.ts:${line} src/app.ts:${line + 1}: No guard in front of 2 routes.`,
]

table('default-deny', [
  ...["const user = c.get('user'); if (!user)", "if (!c.get('jwtPayload'))", 'if (!c.var.user)'].map(
    (one): Row => [`passes: Hono, ${one}`, told(one), COVERS(4)],
  ),
  ["fails: Hono, a language that nobody set: c.get('locale')", told("if (!c.get('locale'))"), NONE(5)],
  [
    'passes: Fastify, what jose throws in a hook without a name',
    thrown('const { payload } = await jwtVerify(request.headers.authorization.slice(7), key); request.user = payload'),
    COVERS(3),
  ],
  [
    'fails: Fastify, what jose throws and nobody hears of',
    thrown('try { request.user = await jwtVerify(request.headers.authorization.slice(7), key) } catch {}'),
    NONE(4),
  ],
  [
    'fails: Fastify, a token that is only taken apart',
    thrown('request.user = decodeJwt(request.headers.authorization.slice(7))'),
    NONE(4),
  ],
  [
    'passes: Express, what jsonwebtoken throws',
    express(
      "import jwt from 'jsonwebtoken'",
      'app.use((req, res, next) => { req.user = jwt.verify(req.headers.authorization.slice(7), key); next() })',
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    COVERS(4),
  ],
  [
    'passes: Express, a cookie that is signed',
    express(
      'app.use((req, res, next) => { if (!req.signedCookies.user) return res.sendStatus(401); next() })',
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    COVERS(3),
  ],
])
