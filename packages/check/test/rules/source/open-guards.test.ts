/** Guards that refuse some, and whom anybody passes who knows how. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const JWT = "import jwt from 'jsonwebtoken'"
const VERIFY = 'try { req.user = jwt.verify(token, key); next() } catch { res.sendStatus(401) }'
const TOKEN = "const token = req.headers.authorization?.split(' ')[1];"

const expressed = (...guard: readonly string[]): Files =>
  express(
    JWT,
    ...guard,
    "app.post('/notes', add)",
    "app.get('/notes', list)",
    'function claimsOf(token) { try { return jwt.verify(token, key) } catch { return null } }',
    "function tokenOf(req) { return req.headers.authorization?.split(' ')[1] }",
  )

const used = (body: string): Files => expressed(`app.use(async (req, res, next) => { ${body} })`)

const NONE = ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.']
const COVERS = ['pass src/app.ts:4: One guard covers 2 of 2 routes.']

const OPEN = [
  // Whoever sends no token.
  `${TOKEN} if (!token) return next(); ${VERIFY}`,
  `${TOKEN} if (!token) { req.user = null; return next() } ${VERIFY}`,
  `const header = req.get('authorization'); if (!header || !header.startsWith('Bearer ')) return next(); const token = header.slice(7); ${VERIFY}`,
  `if (req.headers.authorization === undefined) { next(); return } ${TOKEN} ${VERIFY}`,
  `${TOKEN} if (token) { try { req.user = jwt.verify(token, key) } catch { return res.sendStatus(401) } } next()`,
  `${TOKEN} if (token) { jwt.verify(token, key); next() } else { next() }`,
  "if (!req.headers['x-api-key']) return next(); if (req.headers['x-api-key'] !== apiKey) return res.sendStatus(403); next()",
  // A header, a query or a cookie of the caller's choice.
  `if (req.headers['x-internal']) return next(); ${TOKEN} ${VERIFY}`,
  `if (req.get('x-internal') === 'true') return next(); ${TOKEN} ${VERIFY}`,
  `const internal = req.header('X-Internal'); if (internal) return next(); ${TOKEN} ${VERIFY}`,
  `if (req.query.debug === '1') return next(); ${TOKEN} ${VERIFY}`,
  `if (req.path === '/health' || req.headers['user-agent'] === 'kube-probe') return next(); ${TOKEN} ${VERIFY}`,
  // A check that nobody waits for.
  `${TOKEN} verifyAsync(token, key); next()`,
  `${TOKEN} if (!token) return res.sendStatus(401); jwtVerify(token, key).then((claims) => { req.user = claims }).catch(() => {}); next()`,
  `${TOKEN} if (!token) return res.sendStatus(401); const claims = jwtVerify(token, key); if (!claims) return res.sendStatus(401); next()`,
  `${TOKEN} if (!token) return res.sendStatus(401); try { void jwtVerify(token, key); next() } catch { res.sendStatus(401) }`,
]

/** A failure that is made nothing of, and that nobody asks for. */
const FORGOTTEN = [
  `${TOKEN} if (!token) return res.sendStatus(401); const claims = await jwtVerify(token, key).catch(() => null); req.user = claims; next()`,
  `${TOKEN} if (!token) return res.sendStatus(401); req.user = await jwtVerify(token, key).catch(() => undefined); return next()`,
  `${TOKEN} if (!token) return res.sendStatus(401); const claims = claimsOf(token); req.user = { id: claims?.sub ?? 'nobody' }; next()`,
]

/** It asks for a credential and looks at nothing of it: any text comes through. */
const ASKED = [
  "if (!req.headers.authorization) return res.status(401).json({ error: 'Unauthorized' }); next()",
  `${TOKEN} if (token) return next(); return res.sendStatus(401)`,
  "const [scheme, token] = (req.get('authorization') ?? '').split(' '); if (scheme !== 'Bearer' || !token) throw new UnauthorizedError(); req.token = token; next()",
  "if (PUBLIC.has(req.path)) return next(); if (req.headers['x-api-key'] === undefined) { res.status(401).end(); return } next()",
  "if (!/^Bearer .+/.test(req.headers.authorization ?? '')) return next(createError(401)); next()",
  'const token = tokenOf(req); if (!token) return res.sendStatus(401); req.token = token; next()',
  'if (!req.cookies.sid) return res.sendStatus(401); next()',
  'if (!PUBLIC.has(req.path) && !req.cookies.sid) return res.sendStatus(401); next()',
  "if (req.path !== '/login' && !req.get('authorization')) return res.sendStatus(401); next()",
  "if (!parse(req.headers.cookie ?? '').sid) return res.sendStatus(401); next()",
]

const CLOSED = [
  // It looks at what was sent, in one of many ways.
  "if (!req.headers['x-api-key']) return res.sendStatus(401); if (req.headers['x-api-key'] !== config.apiKey) return res.sendStatus(403); next()",
  `${TOKEN} if (!token) return res.sendStatus(401); if (token === process.env.API_TOKEN) return next(); return res.sendStatus(403)`,
  "const key = req.get('x-api-key'); if (!key || !KEYS.has(key)) return res.sendStatus(401); next()",
  "const key = req.get('x-api-key'); if (!key) return res.sendStatus(401); const client = CLIENTS[key]; if (!client) return res.sendStatus(403); next()",
  'const sid = req.cookies.sid; if (!sid) return res.sendStatus(401); const found = await sessions.find(sid); if (!found) return res.sendStatus(401); next()',
  'if (!req.headers.authorization) return res.sendStatus(401); checkToken(req, (error) => (error ? res.sendStatus(401) : next()))',
  'if (!req.headers.authorization && !req.user) return res.sendStatus(401); next()',
  'if (!req.signedCookies.user) return res.sendStatus(401); next()',
  `${TOKEN} if (!token) return res.sendStatus(401); ${VERIFY}`,
  // What came of it is asked, here or by what it is handed to.
  `${TOKEN} const claims = await jwtVerify(token, key).catch(() => null); if (!claims) return res.sendStatus(401); next()`,
  `${TOKEN} req.user = await jwtVerify(token, key).catch(() => null); return req.user ? next() : res.sendStatus(401)`,
  `${TOKEN} if (!token) return res.sendStatus(401); const claims = await jwtVerify(token, key).catch(() => null); await requireActive(claims); next()`,
  `${TOKEN} const claims = claimsOf(token); if (claims === null) return res.sendStatus(401); next()`,
  `${TOKEN} const claims = await jwtVerify(token, key).catch(() => { throw new Unauthorized() }); req.user = claims; next()`,
  `${TOKEN} if (!token) return next(new HttpError(401)); ${VERIFY}`,
  `${TOKEN} if (token) { ${VERIFY} } else { res.sendStatus(401) }`,
  `${TOKEN} let user; if (token) { user = jwt.verify(token, key) } if (!user) return res.sendStatus(401); next()`,
  // Another credential, which is checked, and what no caller writes.
  `if (req.session.userId) return next(); ${TOKEN} ${VERIFY}`,
  `if (req.headers['x-service-key'] === process.env.SERVICE_PASS) return next(); ${TOKEN} ${VERIFY}`,
  `if (services.has(req.get('x-service'))) return next(); ${TOKEN} ${VERIFY}`,
  `if (req.method === 'OPTIONS' && req.headers.origin) return next(); ${TOKEN} ${VERIFY}`,
  `${TOKEN} if (!token && PUBLIC.has(req.path)) return next(); ${VERIFY}`,
  `if (process.env.NODE_ENV === 'test') return next(); ${TOKEN} ${VERIFY}`,
  // Waited for, in any way.
  `${TOKEN} jwtVerify(token, key).then(() => next(), () => res.sendStatus(401))`,
  `${TOKEN} jwtVerify(token, key).then((claims) => { req.user = claims }).then(() => next()).catch(() => res.sendStatus(401))`,
  `${TOKEN} try { req.user = await verifyAsync(token, key); next() } catch { res.sendStatus(401) }`,
  `${TOKEN} jwtVerify(token, key).then((claims) => { req.user = claims; next() }).catch(() => res.sendStatus(401))`,
  `${TOKEN} const claims = jwtVerify(token, key); try { req.user = await claims; next() } catch { res.sendStatus(401) }`,
  `${TOKEN} const [claims] = await Promise.all([jwtVerify(token, key), load()]); if (!claims) return res.sendStatus(401); next()`,
]

table('default-deny', [
  ...OPEN.map((one): Row => [`fails: ${one}`, used(one), NONE]),
  ...ASKED.map((one): Row => [`fails: ${one}`, used(one), NONE]),
  ...FORGOTTEN.map((one): Row => [`fails: ${one}`, used(one), NONE]),
  ...CLOSED.map((one): Row => [`passes: ${one}`, used(one), COVERS]),
  [
    'passes: one reads who calls and lets strangers on to another, which refuses them',
    expressed(
      `app.use((req, res, next) => { ${TOKEN} if (!token) return next(); ${VERIFY} })`,
      'app.use((req, res, next) => { if (!req.user) return res.sendStatus(401); next() })',
    ),
    ['pass src/app.ts:5: One guard covers 2 of 2 routes.'],
  ],
  [
    'passes: a guard that answers and goes on by itself',
    expressed(
      `const authenticate = async (req, res, next) => { ${TOKEN} ${VERIFY} }`,
      'app.use((req, res, next) => { authenticate(req, res, next) })',
    ),
    ['pass src/app.ts:5: One guard covers 2 of 2 routes.'],
  ],
  [
    'fails: a function of its own that nobody waits for',
    expressed(
      'const check = async (req) => { const claims = jwt.verify(req.headers.authorization, key); if (!claims) throw new Unauthorized() }',
      'app.use((req, res, next) => { try { check(req); next() } catch { res.sendStatus(401) } })',
    ),
    ['fail src/app.ts:6 src/app.ts:7: No guard in front of 2 routes.'],
  ],
])

const fastify = (hook: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    'const app = Fastify()',
    `app.addHook('onRequest', ${hook})`,
    "app.post('/notes', add)",
  ].join('\n'),
})

const hono = (body: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { jwt, verify } from 'hono/jwt'",
    'const app = new Hono()',
    `app.use(async (c, next) => { ${body} })`,
    "app.post('/notes', add)",
  ].join('\n'),
})

table('default-deny', [
  [
    'fails: Fastify, a failure that is made nothing of',
    fastify(
      'async (request, reply) => { if (!request.cookies.token) return reply.code(401).send(); request.user = await jwtVerify(request.cookies.token, key).catch(() => null) }',
    ),
    ['fail src/app.ts:4: No guard in front of 1 route.'],
  ],
  [
    'fails: Hono, a failure that is made nothing of',
    hono(
      "const token = c.req.header('authorization'); if (!token) return c.text('no', 401); const claims = await verify(token, key).catch(() => null); c.set('user', claims?.sub ?? 'nobody'); await next()",
    ),
    ['fail src/app.ts:5: No guard in front of 1 route.'],
  ],
  [
    'passes: Hono, one that is asked for',
    hono(
      "const token = c.req.header('authorization'); if (!token) return c.text('no', 401); const claims = await verify(token, key).catch(() => null); if (!claims) return c.text('no', 401); await next()",
    ),
    ['pass src/app.ts:4: One guard covers 1 of 1 route.'],
  ],
])

const FASTIFY = ['fail src/app.ts:4: No guard in front of 1 route.']
const FASTIFY_COVERS = ['pass src/app.ts:3: One guard covers 1 of 1 route.']
const HONO = ['fail src/app.ts:5: No guard in front of 1 route.']
const HONO_COVERS = ['pass src/app.ts:4: One guard covers 1 of 1 route.']
const AUTHORIZATION = 'request.headers.authorization'

table('default-deny', [
  ...[
    `async (request, reply) => { const token = ${AUTHORIZATION}; if (!token) return reply.code(401).send(); try { request.user = await verifyToken(token) } catch {} }`,
    `async function authenticate(request) { try { request.user = await verifyToken(${AUTHORIZATION}) } catch (error) { request.log.warn(error) } }`,
    `async (request, reply) => { const token = ${AUTHORIZATION}; if (!token) return; if (!(await verifyToken(token))) return reply.code(401).send() }`,
    `async (request, reply) => { if (${AUTHORIZATION}) { await request.jwtVerify() } }`,
    "async (request, reply) => { if (request.headers['x-internal']) return; await request.jwtVerify() }",
    `(request, reply, done) => { const token = ${AUTHORIZATION}; if (!token) return done(); jwt.verify(token, key); done() }`,
    'async (request, reply) => { request.jwtVerify() }',
  ].map((one): Row => [`fails: Fastify, ${one}`, fastify(one), FASTIFY]),
  ...[
    `async function authenticate(request) { request.user = await verifyToken(${AUTHORIZATION}) }`,
    `async (request, reply) => { try { await request.jwtVerify() } catch (error) { reply.send(error) } }`,
    `async (request, reply) => { try { request.user = await verifyToken(${AUTHORIZATION}) } catch {} if (!request.user) return reply.code(401).send() }`,
    `async (request, reply) => { const token = ${AUTHORIZATION}; if (!token) return reply.code(401).send(); request.user = await verifyToken(token) }`,
    '(request, reply, done) => { request.jwtVerify(done) }',
    '(request, reply, done) => { request.jwtVerify((error) => done(error)) }',
    '(request) => request.jwtVerify()',
    `async (request) => { if (${AUTHORIZATION}) { await request.jwtVerify() } else { throw new Unauthorized() } }`,
    `async (request) => { if (${AUTHORIZATION}) { await request.jwtVerify() } if (!request.user) throw new Unauthorized() }`,
  ].map((one): Row => [`passes: Fastify, ${one}`, fastify(one), FASTIFY_COVERS]),
  ...[
    "if (!c.req.header('authorization')) return next(); return jwt({ secret, alg: 'HS256' })(c, next)",
    "const token = c.req.header('authorization'); if (!token) { await next(); return } try { await verify(token, key) } catch { return c.json({}, 401) } await next()",
    "if (c.req.header('x-internal') === '1') return next(); try { await verify(c.req.header('authorization'), key) } catch { return c.json({}, 401) } await next()",
    "if (c.req.query('preview')) return next(); try { await verify(c.req.header('authorization'), key) } catch { return c.json({}, 401) } await next()",
  ].map((one): Row => [`fails: Hono, ${one}`, hono(one), HONO]),
  ...[
    "if (!c.req.header('authorization')) return c.json({}, 401); return jwt({ secret, alg: 'HS256' })(c, next)",
    "const token = c.req.header('authorization'); if (!token) throw new HTTPException(401); await verify(token, key); await next()",
  ].map((one): Row => [`passes: Hono, ${one}`, hono(one), HONO_COVERS]),
])
