/** Validations that give back what is wrong instead of throwing it: they count where somebody looks at that. */
import { express, table } from './judged.ts'

const SCHEMA = 'const Note = z.strictObject({ title: z.string().max(100) })'
const route = (...body: readonly string[]) =>
  express("import { z } from 'zod'", SCHEMA, "app.post('/notes', async (req, res) => {", ...body, '})')
const PASS = ['pass src/app.ts:6: 1 input of 1 route bounded and closed.']
const unread = (name: string, line = 6) => [
  `fail src/app.ts:${line}: POST /notes, body: nobody looks at what ${name} found.`,
]

table('validators', [
  ['fails: safeParse alone', route('Note.safeParse(req.body)', 'res.json(save(req.body))'), unread('safeParse')],
  [
    'fails: a result that nobody reads',
    route('const parsed = await Note.safeParseAsync(req.body)', 'res.json(save(req.body))'),
    unread('safeParseAsync'),
  ],
  [
    'fails: its data, whether there is any or not',
    route('const parsed = Note.safeParse(req.body)', 'res.json(save(parsed.data))'),
    unread('safeParse'),
  ],
  [
    'fails: the data taken out of it',
    route('const { data } = Note.safeParse(req.body)', 'res.json(save(data))'),
    unread('safeParse'),
  ],
  ['fails: the data at once', route('res.json(save(Note.safeParse(req.body).data!))'), unread('safeParse')],
  [
    'passes: success is asked',
    route(
      'const parsed = Note.safeParse(req.body)',
      'if (!parsed.success) return res.sendStatus(400)',
      'res.json(save(parsed.data))',
    ),
    PASS,
  ],
  [
    'passes: the error is asked',
    route(
      'const { data, error } = Note.safeParse(req.body)',
      'if (error) return res.sendStatus(400)',
      'res.json(save(data))',
    ),
    PASS,
  ],
  [
    'passes: whether there are data',
    route('const { data } = Note.safeParse(req.body)', 'if (!data) return res.sendStatus(400)', 'res.json(save(data))'),
    PASS,
  ],
  [
    'passes: the data by another name',
    route(
      'const parsed = Note.safeParse(req.body)',
      'const note = parsed.data',
      'if (note === undefined) return res.sendStatus(400)',
      'res.json(save(note))',
    ),
    PASS,
  ],
  [
    'fails: what is wrong is written down, and all goes on',
    route(
      'const parsed = Note.safeParse(req.body)',
      'if (!parsed.success) console.warn(parsed.error)',
      'res.json(save(req.body))',
    ),
    unread('safeParse'),
  ],
  [
    'passes: what is wrong is written down and answered',
    route(
      'const parsed = Note.safeParse(req.body)',
      'if (!parsed.success) { console.warn(parsed.error); return res.sendStatus(400) }',
      'res.json(save(parsed.data))',
    ),
    PASS,
  ],
  [
    'passes: only what is right goes on',
    route(
      'const parsed = Note.safeParse(req.body)',
      'if (parsed.success) res.json(save(parsed.data))',
      'else console.warn(parsed.error)',
    ),
    PASS,
  ],
  ['passes: data or a default', route('res.json(save(Note.safeParse(req.body).data ?? {}))'), PASS],
  ['passes: data that may be none', route('res.json(save(Note.safeParse(req.body).data?.title))'), PASS],
  ['passes: the result is handed on', route('res.json(saveIfRight(Note.safeParse(req.body)))'), PASS],
  [
    'passes: a result that a function of the project looks at',
    express(
      "import { z } from 'zod'",
      SCHEMA,
      'const parsed = (schema, value) => { const r = schema.safeParse(value); if (!r.success) throw new Refused(); return r.data }',
      "app.post('/notes', (req, res) => { res.json(save(parsed(Note, req.body))) })",
    ),
    ['pass src/app.ts:5: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: a middleware that goes on whatever was found',
    express(
      "import { z } from 'zod'",
      SCHEMA,
      'const validate = (schema) => (req, res, next) => { schema.safeParse(req.body); next() }',
      "app.post('/notes', validate(Note), (req, res) => { res.json(save(req.body)) })",
    ),
    unread('safeParse', 5),
  ],
  [
    'fails: a middleware that loops over the parts, and goes on',
    express(
      "import { z } from 'zod'",
      SCHEMA,
      'const validate = (schemas) => (req, res, next) => {',
      "  for (const part of ['query', 'body']) { const r = schemas[part]?.safeParse(req[part]); log(r.data) }",
      '  next()',
      '}',
      "app.post('/notes', validate({ body: Note }), (req, res) => { res.json(save(req.body)) })",
    ),
    unread('safeParse'),
  ],
])

const joi = (...body: readonly string[]) =>
  express(
    "import Joi from 'joi'",
    'const Note = Joi.object({ title: Joi.string().max(100) })',
    "app.post('/notes', (req, res) => {",
    ...body,
    '})',
  )
const ajv = (...body: readonly string[]) =>
  express(
    "import Ajv from 'ajv'",
    "const validate = new Ajv().compile({ type: 'object', additionalProperties: false, properties: { a: { type: 'boolean' } } })",
    "app.post('/notes', (req, res) => {",
    ...body,
    '})',
  )

table('validators', [
  [
    'fails: Joi, and its value',
    joi('const { value } = Note.validate(req.body)', 'res.json(save(value))'),
    unread('validate'),
  ],
  ['fails: Joi alone', joi('Note.validate(req.body)', 'res.json(save(req.body))'), unread('validate')],
  [
    'passes: Joi, and its error',
    joi(
      'const { error, value } = Note.validate(req.body)',
      'if (error) return res.sendStatus(400)',
      'res.json(save(value))',
    ),
    PASS,
  ],
  ['passes: Joi that throws', joi('await Note.validateAsync(req.body)', 'res.json(save(req.body))'), PASS],
  ['fails: Ajv, whatever it says', ajv('validate(req.body)', 'res.json(save(req.body))'), unread('validate')],
  [
    'fails: Ajv, whose answer is only written down',
    ajv('if (!validate(req.body)) console.warn(validate.errors)', 'res.json(save(req.body))'),
    unread('validate'),
  ],
  [
    'fails: safeParse, whose answer is only written down at once',
    route('if (!Note.safeParse(req.body).success) console.warn("no note")', 'res.json(save(req.body))'),
    unread('safeParse'),
  ],
  [
    'passes: Ajv is asked',
    ajv('if (!validate(req.body)) return res.sendStatus(400)', 'res.json(save(req.body))'),
    PASS,
  ],
  [
    'passes: the errors that Ajv keeps',
    ajv('validate(req.body)', 'if (validate.errors) return res.sendStatus(400)', 'res.json(save(req.body))'),
    PASS,
  ],
])

const middleware = (body: string) =>
  express(
    "import { z } from 'zod'",
    SCHEMA,
    `const checked = (schema) => async (req, res, next) => { ${body} }`,
    "app.post('/notes', checked(Note), (req, res) => res.json(save(req.body)))",
  )
const CHECKED = ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']

table('validators', [
  [
    'fails: a promise that nobody waits for',
    route('Note.parseAsync(req.body)', 'res.json(save(req.body))'),
    unread('parseAsync'),
  ],
  ['passes: one that is waited for', route('await Note.parseAsync(req.body)', 'res.json(save(req.body))'), PASS],
  [
    'passes: one that is followed',
    route('Note.parseAsync(req.body).then((note) => res.json(save(note))).catch(next)'),
    PASS,
  ],
  [
    'fails: what it throws is written down, and the handler goes on',
    route('try { Note.parse(req.body) } catch (error) { console.log(error) }', 'res.json(save(req.body))'),
    unread('parse'),
  ],
  [
    'passes: what is to be done stands in the try',
    route('try { res.json(save(Note.parse(req.body))) } catch (error) { console.log(error) }'),
    PASS,
  ],
  [
    'passes: what came through is asked for after it',
    route(
      'let note; try { note = Note.parse(req.body) } catch (error) { console.log(error) }',
      'if (!note) return res.sendStatus(400)',
      'res.json(save(note))',
    ),
    PASS,
  ],
  [
    'fails: a middleware that goes on after its catch',
    middleware('try { req.body = schema.parse(req.body) } catch (error) { console.log(error) } next()'),
    unread('parse', 5),
  ],
  [
    'fails: a middleware that goes on in its catch',
    middleware('try { req.body = schema.parse(req.body); next() } catch { next() }'),
    unread('parse', 5),
  ],
  [
    'passes: a middleware that hands the error on',
    middleware('try { req.body = schema.parse(req.body); next() } catch (error) { next(error) }'),
    CHECKED,
  ],
])
