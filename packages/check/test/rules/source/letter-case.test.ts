/** Guards that ask how a path is written, where Express answers it in capitals as well. */
import { express, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const guarded = (body: string, setting = '') =>
  express(
    "import jwt from 'jsonwebtoken'",
    'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
    setting,
    `app.use((req, res, next) => { ${body} })`,
    "app.delete('/api/notes/:id', remove)",
  )

const STARTS = "if (!req.path.startsWith('/api/')) return next(); guard(req, res, next)"
const NONE = ['fail src/app.ts:6 src/app.ts:6: The guard makes an exception by capitals: Express answers /API as /api.']
const COVERED = ['pass src/app.ts:6: One guard covers 1 of 1 route.']

table('default-deny', [
  ...[
    STARTS,
    "if (!req.originalUrl.startsWith('/api/')) return next(); guard(req, res, next)",
    "if (req.path.startsWith('/api/')) return guard(req, res, next); next()",
    'if (/^\\/api\\/.*$/.test(req.path)) return guard(req, res, next); next()',
  ].map((one): Row => [`fails: ${one}`, guarded(one), NONE]),
  ...[
    "if (!req.path.toLowerCase().startsWith('/api/')) return next(); guard(req, res, next)",
    'if (!/^\\/api\\/.*$/i.test(req.path)) return next(); guard(req, res, next)',
    "if (['/login', '/health'].includes(req.path)) return next(); guard(req, res, next)",
  ].map((one): Row => [`passes: ${one}`, guarded(one), COVERED]),
  ['passes: Express is told to mind them', guarded(STARTS, "app.set('case sensitive routing', true)"), COVERED],
  ['passes: in a word', guarded(STARTS, "app.enable('case sensitive routing')"), COVERED],
  ['fails: it is told not to', guarded(STARTS, "app.set('case sensitive routing', false)"), NONE],
])

table('default-deny', [
  [
    'passes: Hono minds them',
    {
      'src/app.ts': [
        "import { Hono } from 'hono'",
        "import { jwt } from 'hono/jwt'",
        "const app = new Hono(); const guard = jwt({ secret, alg: 'HS256' })",
        "app.use((c, next) => (c.req.path.startsWith('/api/') ? guard(c, next) : next()))",
        "app.delete('/api/notes/:id', remove)",
      ].join('\n'),
    },
    ['pass src/app.ts:4: One guard covers 1 of 1 route.'],
  ],
])
