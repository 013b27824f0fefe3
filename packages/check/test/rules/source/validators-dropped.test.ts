/** What a schema only drops is still in what came in: a handler that reads it there reads what nothing looked at. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const handled = (...lines: readonly string[]): Files =>
  express(
    "import { z } from 'zod'",
    'const Note = z.object({ title: z.string().max(120) })',
    'const Strict = z.strictObject({ title: z.string().max(120) })',
    "const Role = z.object({ role: z.enum(['member', 'editor']) })",
    ...lines,
  )
const route = (body: string): Files => handled(`app.post('/notes', (req, res) => { ${body} })`)

const FAIL = (line: number, what: string) => [`fail src/app.ts:${line}: POST /notes, body: nothing checks ${what}.`]
const PASS = (places: number) => [
  `pass ${Array.from({ length: places }, () => 'src/app.ts:7').join(' ')}: ${places} input${places > 1 ? 's' : ''} of 1 route bounded and closed.`,
]

table('validators', [
  ...[
    'Note.parse(req.body); res.json(save({ role: req.body.role }))',
    'Note.parse(req.body); const { title, role } = req.body; res.json(save({ title, role }))',
    'const parsed = Note.safeParse(req.body); if (!parsed.success) return res.sendStatus(400); res.json(save({ ...parsed.data, role: req.body.role }))',
  ].map((body): Row => [`fails: ${body}`, route(body), FAIL(7, 'role')]),
  [
    'fails: a middleware that only looks',
    handled(
      'const validate = (schema) => (req, res, next) => { if (!schema.safeParse(req.body).success) return res.sendStatus(400); next() }',
      "app.post('/notes', validate(Note), (req, res) => { res.json(save({ title: req.body.title, role: req.body.role })) })",
    ),
    FAIL(8, 'role'),
  ],
  [
    'fails in Fastify, where a handler looks itself',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import { z } from 'zod'",
        'const app = Fastify()',
        'const Note = z.object({ title: z.string().max(120) })',
        "app.post('/notes', async (request) => { Note.parse(request.body); return save({ role: request.body.role }) })",
      ].join('\n'),
    },
    FAIL(5, 'role'),
  ],
  ...[
    'Note.parse(req.body); const { title } = req.body; res.json(save({ title }))',
    'Strict.parse(req.body); res.json(save({ title: req.body.title, role: req.body.role }))',
    'req.body = Note.parse(req.body); res.json(save({ role: req.body.role }))',
    'Note.parse(req.body); const { role } = req.body; if (!["member", "editor"].includes(role)) return res.sendStatus(400); res.json(save({ role }))',
  ].map((body): Row => [`passes: ${body}`, route(body), PASS(1)]),
  [
    'passes: another schema names it',
    route('Note.parse(req.body); Role.parse(req.body); res.json(save({ title: req.body.title, role: req.body.role }))'),
    PASS(2),
  ],
  [
    'passes: a middleware that puts what came through in its place',
    handled(
      'const validate = (schema) => (req, res, next) => { req.body = schema.parse(req.body); next() }',
      "app.post('/notes', validate(Note), (req, res) => { res.json(save({ title: req.body.title, role: req.body.role })) })",
    ),
    ['pass src/app.ts:7: 1 input of 1 route bounded and closed.'],
  ],
])
