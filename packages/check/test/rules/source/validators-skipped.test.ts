/** Validations that a request goes past: where nobody switched them on, or where whoever calls would rather not be looked at. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const program = (...lines: readonly string[]): Files =>
  express(
    "import { z } from 'zod'",
    'const Note = z.object({ title: z.string().max(120) })',
    'const Draft = z.object({ title: z.string().max(200) })',
    'const config = { validation: { enabled: process.env.VALIDATION === "true" } }',
    'const noop = (req, res, next) => next()',
    'const validate = (schema) => (req, res, next) => { const parsed = schema.safeParse(req.body); if (!parsed.success) return res.sendStatus(400); req.body = parsed.data; next() }',
    ...lines,
  )
const handled = (body: string): Files => program(`app.post('/notes', (req, res) => { ${body} })`)
const before = (middleware: string): Files =>
  program(`app.post('/notes', ${middleware}, (req, res) => { res.json(save(req.body.title)) })`)

const PASS = (...places: readonly string[]) => [
  `pass ${places.join(' ')}: ${places.length} input${places.length > 1 ? 's' : ''} of 1 route bounded and closed.`,
]
const BY_SETTING = ['fail src/app.ts:9: POST /notes, body: it is checked only where a setting has switched it on.']
const BY_CALLER = ['fail src/app.ts:9: POST /notes, body: it is checked only where whoever calls wants it.']
const UNCHECKED = ['fail src/app.ts:9: POST /notes, body: nothing checks it.']

const SAVE = 'res.json(save(req.body.title))'

table('validators', [
  ...[
    `if (process.env.VALIDATE) Note.parse(req.body); ${SAVE}`,
    `if (process.env.VALIDATE === 'on') { Note.parse(req.body) } ${SAVE}`,
    `process.env.VALIDATE && Note.parse(req.body); ${SAVE}`,
    `if (config.validation.enabled) Note.parse(req.body); ${SAVE}`,
    `if (process.env.NODE_ENV !== 'production') Note.parse(req.body); ${SAVE}`,
    'const body = process.env.VALIDATE ? Note.parse(req.body) : req.body; res.json(save(body.title))',
  ].map((body): Row => [`fails: ${body}`, handled(body), BY_SETTING]),
  [
    'fails: it asks a function that looks where somebody switched it on',
    program(
      "const check = (req) => { if (process.env.VALIDATE === 'on') Note.parse(req.body) }",
      `app.post('/notes', (req, res) => { check(req); ${SAVE} })`,
    ),
    BY_SETTING,
  ],
  [
    'fails: it asks a function that comes back where nobody switched it on',
    program(
      "const check = (req) => { if (process.env.VALIDATE !== 'on') return; Note.parse(req.body) }",
      `app.post('/notes', (req, res) => { check(req); ${SAVE} })`,
    ),
    BY_SETTING,
  ],
  [
    'fails: a middleware that goes on where nobody switched it on',
    program(
      "const check = (schema) => (req, res, next) => { if (process.env.VALIDATE !== 'on') { next(); return } req.body = schema.parse(req.body); next() }",
      `app.post('/notes', check(Note), (req, res) => { ${SAVE} })`,
    ),
    BY_SETTING,
  ],
  ['fails: whoever calls wants it', handled(`if (!req.query.force) Note.parse(req.body); ${SAVE}`), BY_CALLER],
  ['fails: one of two middlewares', before("process.env.VALIDATE === 'on' ? validate(Note) : noop"), UNCHECKED],
  [
    'fails: a factory that gives back another where nobody switched it on',
    program(
      "const check = (schema) => { if (process.env.VALIDATE !== 'on') return noop; return validate(schema) }",
      `app.post('/notes', check(Note), (req, res) => { ${SAVE} })`,
    ),
    ['fail src/app.ts:10: POST /notes, body: nothing checks it.'],
  ],
  ...[
    `if (process.env.SKIP_VALIDATION !== '1') Note.parse(req.body); ${SAVE}`,
    'if (req.body) Note.parse(req.body); res.json(save(req.body?.title))',
    // Nothing is read where it is not looked at.
    "if (process.env.DRAFTS === 'on') { const body = Note.parse(req.body); return res.json(save(body)) } res.sendStatus(404)",
    "if (process.env.NOTES !== 'on') return res.sendStatus(404); const body = Note.parse(req.body); res.json(save(body))",
  ].map((body): Row => [`passes: ${body}`, handled(body), PASS('src/app.ts:9')]),
  [
    'passes: it is looked at either way',
    handled(`if (req.query.draft) Draft.parse(req.body); else Note.parse(req.body); ${SAVE}`),
    PASS('src/app.ts:9', 'src/app.ts:9', 'src/app.ts:9'),
  ],
])
