/** Validations of which the middleware keeps what was wrong, and that stop nothing by themselves. */
import { express, type Files, table } from './judged.ts'

const kept = (keep: string, handler = 'res.json(save(req.body))'): Files =>
  express(
    "import { z } from 'zod'",
    'const Note = z.strictObject({ title: z.string().max(120) })',
    `const validate = (schema) => (req, res, next) => { const parsed = schema.safeParse(req.body); ${keep} next() }`,
    `app.post('/notes', validate(Note), (req, res) => { ${handler} })`,
  )

const FAIL = [
  'fail src/app.ts:5: POST /notes, body: what is found wrong stops nothing: the handler goes on after this test.',
]
const PASS = ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']

table('validators', [
  ['fails: kept where nobody asks', kept('if (!parsed.success) req.invalidFields = parsed.error.issues;'), FAIL],
  [
    'fails: logged and kept',
    kept('if (!parsed.success) { console.warn(parsed.error); res.locals.wasInvalid = true }'),
    FAIL,
  ],
  [
    'passes: the handler asks what was kept',
    kept(
      'if (!parsed.success) req.invalidFields = parsed.error.issues;',
      'if (req.invalidFields) return res.sendStatus(400); res.json(save(req.body))',
    ),
    PASS,
  ],
  [
    'passes: kept, and refused',
    kept('if (!parsed.success) { res.locals.wasInvalid = true; return res.sendStatus(400) }'),
    PASS,
  ],
])
