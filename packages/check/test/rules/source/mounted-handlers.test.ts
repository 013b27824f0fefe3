/** Express's handlers that `use` puts on a path, and that answer there: routes past the router. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const above = (mount: string): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
    mount,
    'app.use(guard)',
    "app.get('/notes', list)",
  )

const OPEN = [
  "app.use('/dump', (req, res) => res.json(everything))",
  "app.use('/dump', async (req, res, next) => { try { res.send(await all()) } catch (error) { next(error) } })",
  "app.use('/dump', (req, res, next) => { all().then((rows) => res.status(200).json(rows)).catch(next) })",
  "app.use('/dump', express.json(), (req, res) => { res.type('csv'); res.end(csv()) })",
  "app.use('/dump', function (req, res) { if (!req.query.id) return res.status(400).json({}); res.json(one(req.query.id)) })",
]

/** Nothing is answered there, or nothing that a guard would keep. */
const NO_ROUTE = [
  "app.use('/dump', (req, res) => res.status(404).json({ error: 'not found' }))",
  "app.use('/dump', (req, res) => { res.status(404); res.json({ error: 'not found' }) })",
  "app.use('/dump', (req, res) => res.sendStatus(410))",
  "app.use('/dump', (req, res) => res.redirect('/notes'))",
  "app.use('/dump', (req, res) => res.sendFile('index.html'))",
  "app.use('/dump', (req, res, next) => { res.locals.at = Date.now(); next() })",
  "app.use('/dump', (req, res, next) => { if (cache.has(req.url)) return res.json(cache.get(req.url)); next() })",
  "app.use('/dump', (req, res, next) => handle(req, res, next))",
  "app.use('/dump', (error, req, res, next) => res.status(error.status).json({}))",
  "app.use('/dump', express.static('public'))",
  'app.use((req, res) => res.json(rest))',
  "app.use('/api', (req, res) => res.json({ message: 'Welcome' }))",
]

table('default-deny', [
  ...OPEN.map(
    (one): Row => [
      `fails: ${one}`,
      above(one),
      ['fail src/app.ts:5: ALL /dump can be called by anybody: opened beside the guard.'],
    ],
  ),
  ...NO_ROUTE.map((one): Row => [`passes: ${one}`, above(one), ['pass src/app.ts:6: One guard covers 1 of 1 route.']]),
  [
    'passes: behind the guard',
    express(
      "import jwt from 'jsonwebtoken'",
      'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
      'app.use(guard)',
      OPEN[0] ?? '',
    ),
    ['pass src/app.ts:5: One guard covers 1 of 1 route.'],
  ],
  [
    'passes: what is public by its nature',
    above("app.use('/health', (req, res) => res.json({ up: process.uptime() }))"),
    ['pass src/app.ts:6: One guard covers 1 of 2 routes; not behind it: ALL /health.'],
  ],
  [
    'fails: in a router',
    above(
      "const inner = express.Router(); inner.use('/dump', (req, res) => res.json(all)); app.use('/internal', inner)",
    ),
    ['fail src/app.ts:5: ALL /internal/dump can be called by anybody: opened beside the guard.'],
  ],
])
