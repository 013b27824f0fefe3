/** Handlers that a package waits for: `asyncHandler(async (req, res) => …)`. */
import { express, table } from './judged.ts'

const WRAP = "import asyncHandler from 'express-async-handler'"

table('validators', [
  [
    'fails: the handler in it reads the body raw',
    express(WRAP, "app.post('/notes', asyncHandler(async (req, res) => res.json(await add(req.body.title))))"),
    ['fail src/app.ts:4: POST /notes, body: nothing checks it.'],
  ],
  [
    'fails: it was wrapped where it was written, by another package of the kind',
    express(
      "import { wrap } from '@acme/async-middleware'",
      'const add = wrap(async (req, res) => res.json(await save(req.body.title)))',
      "app.route('/notes').post(add)",
    ),
    ['fail src/app.ts:4: POST /notes, body: nothing checks it.'],
  ],
  [
    'passes: the handler in it checks what it reads',
    express(
      WRAP,
      "import { z } from 'zod'",
      'const note = z.strictObject({ title: z.string().max(120) })',
      "app.post('/notes', asyncHandler(async (req, res) => res.json(await add(note.parse(req.body)))))",
    ),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
])

table('default-deny', [
  [
    'passes: the guard in it looks at the token',
    express(
      WRAP,
      "import jwt from 'jsonwebtoken'",
      'const protect = asyncHandler(async (req, res, next) => {',
      "  try { req.user = jwt.verify(req.headers.authorization, process.env.KEY); next() } catch { res.status(401); throw new Error('No') }",
      '})',
      'app.use(protect)',
      "app.get('/notes', list)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: the guard in it goes on without one',
    express(
      WRAP,
      "import jwt from 'jsonwebtoken'",
      'const protect = asyncHandler(async (req, res, next) => {',
      '  try { req.user = jwt.verify(req.headers.authorization, process.env.KEY) } catch { console.warn(1) }',
      '  next()',
      '})',
      'app.use(protect)',
      "app.get('/notes', list)",
    ),
    ['fail src/app.ts:10: No guard in front of 1 route.'],
  ],
])
