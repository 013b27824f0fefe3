/** What Joi is told beside its schema, and what a handler reads of the request below its framework. */
import { express, type Files, table } from './judged.ts'

const NOTE = 'Joi.object({ title: Joi.string().max(80) })'
const SOUND = ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']
const UNKNOWN = ['fail src/app.ts:5: POST /notes, body: body: unknown keys pass.']

const celebrated = (options: string): Files =>
  express(
    "import { celebrate, Joi, Segments } from 'celebrate'",
    'const LAX = { allowUnknown: true }',
    `app.post('/notes', celebrate({ [Segments.BODY]: ${NOTE} }${options}), (req, res) => res.json(save(req.body)))`,
  )

const celebrators = (made: string): Files =>
  express(
    "import { celebrator, Joi, Segments } from 'celebrate'",
    `const check = ${made}`,
    `app.post('/notes', check, (req, res) => res.json(save(req.body)))`,
  )
const SEGMENTS = `{ [Segments.BODY]: ${NOTE} }`
const MADE = ['pass src/app.ts:4: 1 input of 1 route bounded and closed.']

const joined = (options: string): Files =>
  express(
    "import Joi from 'joi'",
    'const LAX = { allowUnknown: true }',
    `app.post('/notes', (req, res) => { const { error, value } = ${NOTE}.validate(req.body${options}); if (error) return res.sendStatus(400); res.json(save(value)) })`,
  )

table('validators', [
  ['passes: celebrate by itself', celebrated(''), SOUND],
  ['passes: celebrate is told something else', celebrated(', { abortEarly: false }'), SOUND],
  ['passes: it is told to drop them', celebrated(', { stripUnknown: true }'), SOUND],
  ['fails: celebrate is told to let unknown keys pass', celebrated(', { allowUnknown: true }'), UNKNOWN],
  ['fails: by a name', celebrated(', LAX'), UNKNOWN],
  ['passes: a celebrator', celebrators(`celebrator({ reqContext: true }, { abortEarly: false }, ${SEGMENTS})`), MADE],
  ['passes: a celebrator that is told in two calls', celebrators(`celebrator({}, {})(${SEGMENTS})`), MADE],
  ['passes: in three', celebrators(`celebrator({})({})(${SEGMENTS})`), MADE],
  [
    'fails: a celebrator is told to let unknown keys pass',
    celebrators(`celebrator({}, { allowUnknown: true })(${SEGMENTS})`),
    ['fail src/app.ts:4: POST /notes, body: body: unknown keys pass.'],
  ],
  ['fails: Joi is told so by a name', joined(', LAX'), UNKNOWN],
  ['passes: Joi by itself', joined(''), SOUND],
])

const hono = (handler: string): Files => ({
  'src/app.ts': `import { Hono } from 'hono'\nconst app = new Hono()\napp.post('/notes', ${handler})`,
})
const BODY = ['fail src/app.ts:3: POST /notes, body: nothing checks it.']
const QUERY = ['fail src/app.ts:3: POST /notes, query: nothing checks q.']

table('validators', [
  [
    'fails: the body of the Request below Hono',
    hono('async (c) => { const body = await c.req.raw.json(); return c.json(save(body)) }'),
    BODY,
  ],
  ['fails: of a copy of it', hono('async (c) => c.json(save(await c.req.raw.clone().json()))'), BODY],
  [
    'fails: the query of its URL',
    hono("(c) => { const url = new URL(c.req.url); return c.json(find(url.searchParams.get('q'))) }"),
    QUERY,
  ],
  [
    'fails: taken out of it',
    hono("(c) => { const { searchParams } = new URL(c.req.url); return c.json(find(searchParams.get('q'))) }"),
    QUERY,
  ],
  [
    'passes: it is looked at',
    hono(
      "(c) => { const q = new URL(c.req.url).searchParams.get('q') ?? ''; if (q.length > 80) return c.body(null, 400); return c.json(find(q)) }",
    ),
    ['pass src/app.ts:3: 1 input of 1 route bounded and closed.'],
  ],
  [
    'not applicable: its path is no input',
    hono('(c) => { const { pathname } = new URL(c.req.url); return c.json({ pathname }) }'),
    ['not-applicable (1 route read): No route takes input.'],
  ],
  [
    'fails: the URL of an Express request',
    express(
      "app.get('/notes', (req, res) => res.json(find(new URL(req.url, 'http://localhost').searchParams.get('q'))))",
    ),
    ['fail src/app.ts:3: GET /notes, query: nothing checks it.'],
  ],
])
