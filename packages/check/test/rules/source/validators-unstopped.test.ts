/** Validations whose result is asked for, and stops nothing. */
import { express, table } from './judged.ts'

const route = (...lines: readonly string[]) =>
  express(
    "import { z } from 'zod'",
    "import Joi from 'joi'",
    "import Ajv from 'ajv'",
    'const Note = z.strictObject({ title: z.string().max(120) })',
    'const joi = Joi.object({ title: Joi.string().max(120) })',
    "const ajv = new Ajv().compile({ type: 'object', additionalProperties: false, properties: { title: { type: 'string', maxLength: 120 } } })",
    "app.post('/notes', (req, res) => {",
    ...lines,
    '})',
  )
const PASS = ['pass src/app.ts:10: 1 input of 1 route bounded and closed.']
const at = (line: number) => [
  `fail src/app.ts:${line}: POST /notes, body: what is found wrong stops nothing: the handler goes on after this test.`,
]

const ANSWER = 'res.status(400).json({ error: "Bad Request" })'

table('validators', [
  [
    'fails: it answers what is wrong, and stores what came',
    route('const parsed = Note.safeParse(req.body)', `if (!parsed.success) ${ANSWER}`, 'res.json(save(req.body))'),
    at(11),
  ],
  [
    'fails: by the error, and the body under a name of its own',
    route(
      'const { title } = req.body',
      'const { error } = joi.validate(req.body)',
      `if (error) { console.warn(error); ${ANSWER} }`,
      'res.json(save(title))',
    ),
    at(12),
  ],
  [
    'fails: success compared, and what is wrong in the other branch',
    route(
      'const parsed = Note.safeParse(req.body)',
      `if (parsed.success === true) console.info(1)\nelse ${ANSWER}`,
      'res.json(save(req.body))',
    ),
    at(11),
  ],
  [
    'fails: Ajv’s function answers by itself',
    route(`if (!ajv(req.body)) ${ANSWER}`, 'res.json(save(req.body))'),
    at(10),
  ],
  [
    'fails: the test is the wrong way round',
    route(
      'const parsed = Note.safeParse(req.body)',
      `if (parsed.success) return ${ANSWER}`,
      'res.json(save(req.body))',
    ),
    at(11),
  ],
  [
    'passes: it answers what is wrong, and reads only what came through',
    route(
      'const parsed = Note.safeParse(req.body)',
      `if (!parsed.success) ${ANSWER}`,
      'res.json(save(parsed.data.title))',
    ),
    PASS,
  ],
  [
    'passes: the rest is in the other branch',
    route('const parsed = Note.safeParse(req.body)', `if (parsed.error) ${ANSWER}`, 'else res.json(save(req.body))'),
    PASS,
  ],
  [
    'passes: whoever is right is told of something else that is wrong',
    route(
      'const parsed = Note.safeParse(req.body)',
      `if (parsed.success) { if (taken(parsed.data.title)) return ${ANSWER}; return res.json(save(parsed.data)) }`,
      ANSWER,
    ),
    PASS,
  ],
  [
    'passes: what answers may throw',
    route('const parsed = Note.safeParse(req.body)', 'if (!parsed.success) refuse(res)', 'res.json(save(req.body))'),
    PASS,
  ],
])

table('validators', [
  [
    'fails: a middleware answers what is wrong, and goes on',
    express(
      "import { z } from 'zod'",
      `const validate = (schema) => (req, res, next) => { const r = schema.safeParse(req.body); if (!r.success) { ${ANSWER} } next() }`,
      "app.post('/notes', validate(z.strictObject({ title: z.string().max(120) })), (req, res) => res.json(save(req.body)))",
    ),
    ['fail src/app.ts:4: POST /notes, body: what is found wrong stops nothing: the handler goes on after this test.'],
  ],
])
