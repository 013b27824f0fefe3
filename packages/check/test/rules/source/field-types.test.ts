import { express, table } from './judged.ts'

const page = (read: string) =>
  express(
    "import { compiled, field } from 'portcullis/validation'",
    "import { z } from 'zod'",
    `app.get('/orders', (req, res) => { ${read}; res.json(find(page)) })`,
  )

const PASSES = ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']

table('validators', [
  ['passes: a field type that is asked itself', page('const page = field.pageQuery.parse(req.query)'), PASSES],
  [
    'passes: one that is compiled first',
    page('const page = compiled(z.strictObject({ limit: field.integer(1, 100) })).parse(req.query)'),
    PASSES,
  ],
  [
    'fails: one that is opened',
    page('const page = field.pageQuery.loose().parse(req.query)'),
    ['fail src/app.ts:5: GET /orders, query: query: unknown keys pass.'],
  ],
  [
    'fails: one that is made, and never asked',
    page('const schema = field.pageQuery; const page = req.query'),
    ['fail src/app.ts:5: GET /orders, query: nothing checks it.'],
  ],
])
