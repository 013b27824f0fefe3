/** Middleware that is made with a schema for each part of a request, and looks at those that it has. */
import { express, table } from './judged.ts'

const ASKING: readonly (readonly [how: string, middleware: string])[] = [
  [
    'if',
    '(s) => (req, res, next) => { if (s.body) req.body = s.body.parse(req.body); if (s.params) s.params.parse(req.params); next() }',
  ],
  ['?.', '(s) => (req, res, next) => { s.body?.parse(req.body); s.params?.parse(req.params); next() }'],
  [
    'names',
    '({ body, params }) => (req, res, next) => { if (body) body.parse(req.body); if (params) params.parse(req.params); next() }',
  ],
]

const asking = (middleware: string, given: string) =>
  express(
    "import { z } from 'zod'",
    'const Note = z.strictObject({ title: z.string().max(80) }), Id = z.object({ id: z.uuid() })',
    `const validate = ${middleware}`,
    `app.put('/notes/:id', validate({ ${given} }), (req, res) => res.json(save(req.params.id, req.body)))`,
  )

table(
  'validators',
  ASKING.flatMap(
    ([how, middleware]) =>
      [
        [
          `passes: both, by ${how}`,
          asking(middleware, 'body: Note, params: Id'),
          ['pass src/app.ts:5 src/app.ts:5: 2 inputs of 1 route bounded and closed.'],
        ],
        [
          `fails: nothing for the path, by ${how}`,
          asking(middleware, 'body: Note'),
          ['fail src/app.ts:6: PUT /notes/:id, path: nothing checks it.'],
        ],
        [
          `fails: nothing for the body, by ${how}`,
          asking(middleware, 'params: Id'),
          ['fail src/app.ts:6: PUT /notes/:id, body: nothing checks it.'],
        ],
      ] as const,
  ),
)
