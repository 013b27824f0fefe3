/** Guards that answer 401, and let the request go on all the same. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const used = (body: string): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    `app.use(async (req, res, next) => { ${body} })`,
    "app.post('/notes', add)",
    "app.get('/notes', list)",
  )
const FOUND = 'const session = await sessions.find(req.cookies.sid);'
const VERIFY = 'jwt.verify(req.headers.authorization, key)'

const calledBack = (callback: string): string =>
  `if (!req.headers.authorization) return res.sendStatus(401); jwt.verify(req.headers.authorization, key, ${callback})`

const OPEN = [
  `${FOUND} if (!session) { res.status(401).json({ error: 'Unauthorized' }) } next()`,
  `${FOUND} if (!session) { console.warn('nobody'); res.sendStatus(401) } return next()`,
  `${FOUND} if (!session) { res.status(401).end() } req.session = session; next()`,
  `try { req.user = ${VERIFY} } catch (error) { res.status(401).json({ error: 'Unauthorized' }) } next()`,
  `try { ${VERIFY} } catch { res.status(401) } next()`,
  `try { ${VERIFY} } catch { res.sendStatus(401) } finally { next() }`,
  // In the callback of the check, and beside it.
  calledBack('(error, user) => { if (error) res.sendStatus(403); req.user = user; next() }'),
  calledBack(
    "(error, user) => { if (error) { res.status(403).json({ error: 'Forbidden' }) } req.id = user?.id; next() }",
  ),
  calledBack('(error, user) => { if (error) { res.sendStatus(403) } else { req.user = user } next() }'),
  `${calledBack('(error, user) => { if (error) return res.sendStatus(403); req.user = user }')}; next()`,
]

const CLOSED = [
  `${FOUND} if (!session) { return res.status(401).json({ error: 'Unauthorized' }) } next()`,
  `${FOUND} if (!session) { res.status(401).json({ error: 'Unauthorized' }); return } next()`,
  `${FOUND} if (!session) { res.sendStatus(401) } else { next() }`,
  `${FOUND} if (!session) { refuse(res, 401) } next()`,
  `${FOUND} if (!session) { res.sendStatus(401) } req.userId = session.userId; next()`,
  `let claims; try { claims = ${VERIFY} } catch { res.sendStatus(401) } req.userId = claims.sub; next()`,
  `try { req.user = ${VERIFY}; next() } catch { res.sendStatus(401) }`,
  `try { ${VERIFY} } catch { return res.sendStatus(401) } finally { stop() } next()`,
  calledBack('(error, user) => { if (error) return res.sendStatus(403); req.user = user; next() }'),
  calledBack('(error, user) => { if (error) { res.sendStatus(403) } else { req.user = user; next() } }'),
  calledBack('(error, user) => { if (error) res.sendStatus(403); req.userId = user.id; next() }'),
  `${calledBack('(error, user) => { if (error) throw new Unauthorized(); req.user = user }')}; next()`,
]

table('default-deny', [
  ...OPEN.map(
    (one): Row => [`fails: ${one}`, used(one), ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.']],
  ),
  ...CLOSED.map((one): Row => [`passes: ${one}`, used(one), ['pass src/app.ts:4: One guard covers 2 of 2 routes.']]),
])

const hono = (body: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { getCookie } from 'hono/cookie'",
    "import { verify } from 'hono/jwt'",
    'const app = new Hono()',
    `app.use(async (c, next) => { ${body} })`,
    "app.get('/notes', list)",
  ].join('\n'),
})
const HELD = "const session = await sessions.find(getCookie(c, 'sid'));"

table('default-deny', [
  ...[
    `${HELD} if (!session) { c.json({ error: 'Unauthorized' }, 401) } await next()`,
    "try { await verify(bearer(c), key, 'HS256') } catch { c.json({ error: 'Unauthorized' }, 401) } await next()",
    "verify(bearer(c), key, 'HS256'); await next()",
    "const claims = verify(bearer(c), key, 'HS256'); if (!claims) return c.json({}, 401); c.set('user', claims); await next()",
    // Against forged requests: it asks nobody who they are.
    "const NAME = 'csrf_secret'; if (getCookie(c, NAME) !== c.req.header('X-CSRF-Token')) return c.json({}, 403); await next()",
  ].map((one): Row => [`fails: Hono, ${one}`, hono(one), ['fail src/app.ts:6: No guard in front of 1 route.']]),
  ...[
    `${HELD} if (!session) return c.json({ error: 'Unauthorized' }, 401); await next()`,
    "try { await verify(bearer(c), key, 'HS256') } catch { return c.json({ error: 'Unauthorized' }, 401) } await next()",
    "const claims = await verify(bearer(c), key, 'HS256'); c.set('user', claims); await next()",
  ].map((one): Row => [`passes: Hono, ${one}`, hono(one), ['pass src/app.ts:5: One guard covers 1 of 1 route.']]),
])

const passport = (callback: string): Files =>
  express(
    "import passport from 'passport'",
    `app.use((req, res, next) => passport.authenticate('jwt', ${callback})(req, res, next))`,
    "app.get('/notes', list)",
  )

table('default-deny', [
  ...[
    '(error, user) => { req.user = user; next() }',
    '(error, user) => { if (error) return next(error); req.user = user; next() }',
    '(error, user) => { if (user) { req.user = user } next() }',
    '(error, user) => { if (error || !user) res.sendStatus(401); req.user = user; next() }',
  ].map((one): Row => [`fails: passport, ${one}`, passport(one), ['fail src/app.ts:5: No guard in front of 1 route.']]),
  ...[
    '(error, user) => { if (error || !user) return res.sendStatus(401); req.user = user; next() }',
    '(error, user) => { if (error || !user) { res.sendStatus(401) } else { req.user = user; next() } }',
    '(error, user) => { if (!user) return next(new Unauthorized()); next() }',
    'verified(req, next)',
  ].map(
    (one): Row => [`passes: passport, ${one}`, passport(one), ['pass src/app.ts:4: One guard covers 1 of 1 route.']],
  ),
])

const COUNTED = 'const hits = count(req.ip);'
const limiter = (body: string): Files =>
  express(`const slow = (req, res, next) => { ${body} }`, "app.post('/login', slow, login)")

table('auth-rate-limit', [
  [
    'fails: a limiter that answers 429 and goes on',
    limiter(`${COUNTED} if (hits > 10) { res.status(429).json({ error: 'Too many' }) } next()`),
    ['fail src/app.ts:4: POST /login is not rate limited.'],
  ],
  [
    'passes: one that stops there',
    limiter(`${COUNTED} if (hits > 10) return res.status(429).json({ error: 'Too many' }); next()`),
    ['pass src/app.ts:4 src/app.ts:3: POST /login is limited.'],
  ],
  [
    'fails: Hono, a limiter whose answer nobody returns',
    {
      'src/app.ts': [
        "import { Hono } from 'hono'",
        'const app = new Hono()',
        "app.use(async (c, next) => { if (count(c) > 10) { c.json({ error: 'Too many' }, 429) } await next() })",
        "app.post('/login', login)",
      ].join('\n'),
    },
    ['fail src/app.ts:4: POST /login is not rate limited.'],
  ],
])

/** Fastify looks whether the hook has answered, and goes no further then. */
const hooked = (refusal: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    'const app = Fastify()',
    `app.addHook('onRequest', async (request, reply) => { if (!request.session.user) { ${refusal} } })`,
    "app.get('/notes', list)",
  ].join('\n'),
})

table(
  'default-deny',
  [
    "reply.unauthorized('Log in.')",
    "reply.code(401).send({ error: 'Log in.' })",
    'throw app.httpErrors.unauthorized()',
  ].map((one): Row => [`passes: ${one}`, hooked(one), ['pass src/app.ts:3: One guard covers 1 of 1 route.']]),
)
