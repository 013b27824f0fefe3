/** Routers of Express that a loop mounts: whatever stands before the loop stands before them. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const ROUTER = "import { Router } from 'express'\nconst router = Router()\nrouter.get('/', list)\nexport default router"
const program = (...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import express from 'express'",
    "import jwt from 'jsonwebtoken'",
    "import notes from './notes'",
    "import users from './users'",
    'const app = express()',
    'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
    ...lines,
  ].join('\n'),
  'src/notes.ts': ROUTER,
  'src/users.ts': ROUTER,
})
const LISTED = "const routes = [{ path: '/notes', router: notes }, { path: '/users', router: users }]"
const LOOPS = [
  'for (const { path, router } of routes) app.use(path, router)',
  'for (const one of routes) { app.use(one.path, one.router) }',
  "for (const [path, router] of [['/notes', notes], ['/users', users]]) app.use(path, router)",
  "for (const [name, router] of Object.entries({ notes, users })) app.use('/' + name, router)",
  "Object.entries({ '/notes': notes, '/users': users }).forEach(([path, router]) => app.use(path, router))",
  'const mount = (all) => { all.forEach((one) => { app.use(one.path, one.router) }) }; mount(routes)',
]
const ON = [
  'class Server { app = express(); constructor(all) { this.app.use(guard); all.forEach((one) => { this.app.use(one.path, one.router) }) } }',
  'new Server(routes).app.listen(3000)',
]

table('default-deny', [
  ...LOOPS.map(
    (loop): Row => [
      `passes: ${loop}`,
      program(LISTED, 'app.use(guard)', loop),
      ['pass src/app.ts:8: One guard covers 2 of 2 routes.'],
    ],
  ),
  ['passes: in a constructor', program(LISTED, ...ON), ['pass src/app.ts:8: One guard covers 2 of 2 routes.']],
  [
    'fails: the guard comes after the loop',
    program(LISTED, LOOPS[0] ?? '', 'app.use(guard)'),
    ['fail src/notes.ts:3 src/users.ts:3: No guard in front of 2 routes.'],
  ],
])
