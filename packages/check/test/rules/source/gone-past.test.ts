/** Guards and limiters that a middleware hands the request to, and goes on beside. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const NONE = (first: number) => [`fail src/app.ts:${first} src/app.ts:${first + 1}: No guard in front of 2 routes.`]
const COVERS = (line: number) => [`pass src/app.ts:${line}: One guard covers 2 of 2 routes.`]

const expressed = (...lines: readonly string[]): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    'const verifyToken = (req, res, next) => { try { req.user = jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
    'const verifyLater = async (req, res, next) => { try { req.user = await claims(req); next() } catch { res.sendStatus(401) } }',
    'const claims = async (req) => jwt.verify(req.headers.authorization, key)',
    'const answer = (req, res) => { try { req.user = jwt.verify(req.headers.authorization, key) } catch { res.sendStatus(401) } }',
    'const demand = (req, res) => { req.user = jwt.verify(req.headers.authorization, key) }',
    ...lines,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  )
const used = (body: string): Files => expressed(`app.use(async (req, res, next) => { ${body} })`)

const OPEN = [
  'verifyToken(req, res, next); next()',
  'verifyToken(req, res, () => {}); next()',
  'verifyLater(req, res, next); return next()',
  'await verifyToken(req, res, () => {}); next()',
  "if (req.path !== '/health') verifyToken(req, res, next); next()",
  "req.path !== '/health' && verifyToken(req, res, next); next()",
  'answer(req, res); next()',
]

const CLOSED = [
  "if (req.path === '/health') return next(); verifyToken(req, res, next)",
  "if (req.path !== '/health') verifyToken(req, res, next); else next()",
  'verifyToken(req, res, (error) => { if (error) return next(error); req.seen = true; next() })',
  "verifyToken(req, res, next); console.info('asked')",
  // What was answered is asked for.
  'verifyToken(req, res, () => {}); if (res.headersSent) return; next()',
  // It throws, and Express answers that.
  'demand(req, res); next()',
  // A check of its own, and something else beside it.
  'try { req.user = jwt.verify(req.headers.authorization, key) } catch { return res.sendStatus(401) } audit(req, res, () => {}); next()',
]

const HONO = (body: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { jwt, verify } from 'hono/jwt'",
    'const app = new Hono()',
    "const guard = jwt({ secret: key, alg: 'HS256' })",
    "const own = async (c, next) => { try { c.set('claims', await verify(c.req.header('authorization'), key, 'HS256')) } catch { return c.json({}, 401) } await next() }",
    `app.use(async (c, next) => { ${body} })`,
    "app.get('/notes', (c) => c.json([]))",
    "app.post('/notes', (c) => c.json({}))",
  ].join('\n'),
})

const FASTIFY = (...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import fastifyJwt from '@fastify/jwt'",
    'const app = Fastify()',
    'await app.register(fastifyJwt, { secret: process.env.JWT_SECRET })',
    "app.decorate('authenticate', async (request, reply) => { await request.jwtVerify() })",
    'async function checkToken(request) { await request.jwtVerify() }',
    ...lines,
    "app.get('/notes', async () => [])",
    "app.post('/notes', async () => ({}))",
  ].join('\n'),
})
const hook = (body: string): Files => FASTIFY(`app.addHook('onRequest', ${body})`)

table('default-deny', [
  ...OPEN.map((body): Row => [`fails: ${body}`, used(body), NONE(10)]),
  ...CLOSED.map((body): Row => [`passes: ${body}`, used(body), COVERS(9)]),
  ...[
    'guard(c, next); return next()',
    'guard(c, next); await next()',
    "if (c.req.path !== '/health') guard(c, next); await next()",
    'own(c, next); await next()',
    // The answer that it gives back goes nowhere.
    'await own(c, async () => {}); await next()',
  ].map((body): Row => [`fails in Hono: ${body}`, HONO(body), NONE(7)]),
  ...[
    'await guard(c, next)',
    'return own(c, next)',
    // hono/jwt throws.
    'await guard(c, async () => {}); await next()',
    'const refused = await own(c, async () => {}); if (refused) return refused; await next()',
  ].map((body): Row => [`passes in Hono: ${body}`, HONO(body), COVERS(6)]),
  ...[
    'async (request, reply) => { app.authenticate(request, reply) }',
    'async (request, reply) => { checkToken(request) }',
    'async (request, reply) => { try { checkToken(request) } catch (error) { reply.code(401).send() } }',
  ].map((body): Row => [`fails in Fastify: ${body}`, hook(body), NONE(8)]),
  ...[
    'async (request, reply) => { await app.authenticate(request, reply) }',
    '(request, reply) => app.authenticate(request, reply)',
    'async (request, reply) => { await checkToken(request) }',
    '(request, reply, done) => { request.jwtVerify().then(() => done(), done) }',
    '(request, reply, done) => { request.jwtVerify().then(() => done()).catch(done) }',
  ].map((body): Row => [`passes in Fastify: ${body}`, hook(body), COVERS(7)]),
])

const limited = (middleware: string): Files =>
  express(
    "import rateLimit from 'express-rate-limit'",
    'const limit = rateLimit({ windowMs: 60_000, limit: 10 })',
    `const before = ${middleware}`,
    "app.post('/login', before, login)",
  )
const OFF = (line: number) => [`fail src/app.ts:${line} src/app.ts:6: The limiter of POST /login never counts.`]
const ON = ['pass src/app.ts:6 src/app.ts:4: POST /login is limited to 10 a minute.']

table('auth-rate-limit', [
  [
    'fails: it goes on beside the limiter',
    limited('(req, res, next) => { limit(req, res, () => {}); next() }'),
    OFF(5),
  ],
  [
    'fails: it asks the limiter where somebody switched it on',
    limited("(req, res, next) => (process.env.RATE_LIMIT === 'on' ? limit(req, res, next) : next())"),
    OFF(5),
  ],
  ['passes: it hands the request on', limited('(req, res, next) => { limit(req, res, next) }'), ON],
  [
    'passes: it asks the limiter unless somebody switched it off',
    limited("(req, res, next) => (process.env.RATE_LIMIT === 'off' ? next() : limit(req, res, next))"),
    ON,
  ],
  [
    'fails: it goes on beside the promise of one that it asks',
    express(
      "import { RateLimiterMemory } from 'rate-limiter-flexible'",
      'const tries = new RateLimiterMemory({ points: 10, duration: 60 })',
      'const before = (req, res, next) => { tries.consume(req.ip).catch(() => res.status(429).end()); next() }',
      "app.post('/login', before, login)",
    ),
    OFF(5),
  ],
])
