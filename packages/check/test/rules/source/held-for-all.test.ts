/** Guards that hold nobody off: what they ask for is there for whoever comes, or anybody can write it. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const program = (...lines: readonly string[]): Files =>
  express(
    "import { betterAuth } from 'better-auth'",
    "import { decodeJwt, jwtVerify } from 'jose'",
    'const auth = betterAuth({ secret: process.env.KEY })',
    ...lines,
    "app.post('/notes', add)",
  )
const used = (body: string): Files => program('', `app.use(async (req, res, next) => { ${body} })`)
const sessions = (body: string, from = 'express-session'): Files =>
  program(`import sessions from '${from}'`, `app.use((req, res, next) => { ${body} })`)

const NONE = ['fail src/app.ts:8: No guard in front of 1 route.']
const COVERS = ['pass src/app.ts:7: One guard covers 1 of 1 route.']
const unless = (path: string): Files =>
  program(
    "import { expressjwt } from 'express-jwt'",
    `app.use(expressjwt({ secret, algorithms: ['HS256'] }).unless({ path: [${path}] }))`,
  )
const UNANCHORED = ['fail src/app.ts:7 src/app.ts:7: The guard makes an exception by an unanchored pattern.']

table('default-deny', [
  ...[
    'const session = auth.api.getSession({ headers: req.headers }); if (!session) return res.sendStatus(401); next()',
    'try { req.user = decodeJwt(req.headers.authorization); next() } catch { res.sendStatus(401) }',
  ].map((body): Row => [`fails: ${body}`, used(body), NONE]),
  ...[
    'const session = await auth.api.getSession({ headers: req.headers }); if (!session) return res.sendStatus(401); next()',
    'try { req.user = (await jwtVerify(req.headers.authorization, key)).payload; next() } catch { res.sendStatus(401) }',
  ].map((body): Row => [`passes: ${body}`, used(body), COVERS]),
  ...[
    'if (!req.session) return res.sendStatus(401); next()',
    'if (!req.sessionID) return res.sendStatus(401); next()',
  ].map((body): Row => [`fails: ${body}`, sessions(body), NONE]),
  ...[
    'if (!req.session.userId) return res.sendStatus(401); next()',
    'if (!req.session || !req.session.userId) return res.sendStatus(401); next()',
  ].map((body): Row => [`passes: ${body}`, sessions(body), COVERS]),
  [
    'passes: a session that a middleware of its own gives to whom it knows',
    sessions('if (!req.session) return res.sendStatus(401); next()', './sessions'),
    COVERS,
  ],
  ...[String.raw`/\/public/`, "{ url: /login/, methods: ['POST'] }"].map(
    (path): Row => [`fails: unless ${path}`, unless(path), UNANCHORED],
  ),
  ...["'/login'", String.raw`/^\/auth\/.*/`, String.raw`/^\/login$/`, String.raw`/^\/docs(\/|$)/`].map(
    (path): Row => [`passes: unless ${path}`, unless(path), COVERS],
  ),
])
