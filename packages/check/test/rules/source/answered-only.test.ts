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

const OPEN = [
  `${FOUND} if (!session) { res.status(401).json({ error: 'Unauthorized' }) } next()`,
  `${FOUND} if (!session) { console.warn('nobody'); res.sendStatus(401) } return next()`,
  `${FOUND} if (!session) { res.status(401).end() } req.session = session; next()`,
  `try { req.user = ${VERIFY} } catch (error) { res.status(401).json({ error: 'Unauthorized' }) } next()`,
  `try { ${VERIFY} } catch { res.status(401) } next()`,
  `try { ${VERIFY} } catch { res.sendStatus(401) } finally { next() }`,
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
