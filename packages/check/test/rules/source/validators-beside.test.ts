/** What stands beside a validation: inputs that it does not look at, and a body that is stored as it came. */
import { express, type Files, table } from './judged.ts'

const ZOD = "import { z } from 'zod'"
const PRISMA = "import { PrismaClient } from '@prisma/client'"
const SCHEMA = 'const Note = z.object({ title: z.string().max(100) })'
const STRICT = 'const Note = z.strictObject({ title: z.string().max(100) })'

const route = (path: string, ...body: readonly string[]) =>
  express(ZOD, SCHEMA, `app.post('${path}', async (req, res) => {`, ...body, '})')

/** A validator that stands before the handler; the route is on line 8. */
const behind = (validator: string, handler: string, schema = SCHEMA): Files => ({
  'src/app.ts': [
    "import express from 'express'",
    ZOD,
    PRISMA,
    'const app = express()',
    'const prisma = new PrismaClient()',
    schema,
    `const validate = (schema) => (req, res, next) => { const result = schema.safeParse(req.body); if (!result.success) return res.sendStatus(400); ${validator}; next() }`,
    `app.post('/notes', validate(Note), async (req, res) => { ${handler} })`,
  ].join('\n'),
})

/** A handler that hands its body to a function of another file. */
const savedBy = (save: string): Files => ({
  'src/app.ts': [
    "import express from 'express'",
    ZOD,
    "import { save } from './notes'",
    'const app = express()',
    SCHEMA,
    "app.post('/notes', async (req, res) => { Note.parse(req.body); res.json(await save(req.body)) })",
  ].join('\n'),
  'src/notes.ts': [PRISMA, 'const prisma = new PrismaClient()', save].join('\n'),
})

const STORED = (line: number, path = '/notes') =>
  `fail src/app.ts:${line}: POST ${path}, body: body: it is stored as it came, with the keys that its schema drops.`
const SOUND = 'pass src/app.ts:7: 1 input of 1 route bounded and closed.'

table('validators', [
  [
    'fails: the query, in a handler that checks its body',
    route('/notes', 'const note = Note.parse(req.body)', 'res.json(save(note, req.query.tag))'),
    ['fail src/app.ts:7: POST /notes, query: nothing checks it.'],
  ],
  [
    'fails: a value of the path, in a handler that checks its body',
    route('/notes/:id', 'const note = Note.parse(req.body)', 'res.json(save(note, req.params.id))'),
    ['fail src/app.ts:7: POST /notes/:id, path: nothing checks it.'],
  ],
  [
    'fails: another value of the query, beside the one that is checked',
    route(
      '/notes',
      'const note = Note.parse(req.body)',
      'const tag = z.string().max(9).parse(req.query.tag)',
      'res.json(save(note, tag, req.query.sort))',
    ),
    ['fail src/app.ts:8: POST /notes, query: nothing checks it.'],
  ],
  [
    'passes: the one that is checked, twice',
    route(
      '/notes',
      'const note = Note.parse(req.body)',
      'z.string().max(9).parse(req.query.tag)',
      'res.json(save(note, req.query.tag))',
    ),
    ['pass src/app.ts:6 src/app.ts:7: 2 inputs of 1 route bounded and closed.'],
  ],
  [
    'fails: the whole body, beside a value of it that is checked',
    route('/notes', 'Note.parse({ title: req.body.title })', 'res.json(save(req.body))'),
    ['fail src/app.ts:7: POST /notes, body: nothing checks it.'],
  ],
  [
    'passes: what came through of the values that were taken out of it',
    route('/notes', 'const note = Note.parse({ title: req.body.title })', 'res.json(save(note))'),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: the same, in Fastify',
    {
      'src/app.ts': `import Fastify from 'fastify'\n${ZOD}\nconst app = Fastify()\n${SCHEMA}\napp.post('/notes', async (request) => { Note.parse({ title: request.body.title }); return save(request.body) })`,
    },
    ['fail src/app.ts:5: POST /notes, body: nothing checks it.'],
  ],
  [
    'fails: the same, in Hono',
    {
      'src/app.ts': `import { Hono } from 'hono'\n${ZOD}\nconst app = new Hono()\n${SCHEMA}\napp.post('/notes', async (c) => { const body = await c.req.json(); Note.parse({ title: body.title }); return c.json(save(body)) })`,
    },
    ['fail src/app.ts:5: POST /notes, body: nothing checks it.'],
  ],
  [
    'passes: both are checked there',
    route(
      '/notes/:id',
      'const note = Note.parse(req.body)',
      'const { id } = z.object({ id: z.uuid() }).parse(req.params)',
      'res.json(save(note, id))',
    ),
    ['pass src/app.ts:6 src/app.ts:7: 2 inputs of 1 route bounded and closed.'],
  ],
  [
    'fails: the body as it came, behind a validator that keeps what came through elsewhere',
    behind('res.locals.body = result.data', 'res.json(await prisma.note.create({ data: { ...req.body } }))'),
    [STORED(8)],
  ],
  [
    'fails: behind one that keeps nothing',
    behind('', 'res.json(await prisma.note.update({ where: { id: 1 }, data: req.body }))'),
    [STORED(8)],
  ],
  [
    'fails: by a function of its own',
    savedBy('export const save = (data) => prisma.note.create({ data })'),
    ['fail src/notes.ts:3: POST /notes, body: body: it is stored as it came, with the keys that its schema drops.'],
  ],
  [
    'passes: by one that names the fields that it takes',
    savedBy('export const save = ({ title }) => prisma.note.create({ data: { title } })'),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
  [
    'passes: what came through stands in its place',
    behind('req.body = result.data', 'res.json(await prisma.note.create({ data: req.body }))'),
    [SOUND],
  ],
  [
    'passes: in a place that is computed',
    behind("req['bo' + 'dy'] = result.data", 'res.json(await prisma.note.create({ data: req.body }))'),
    [SOUND],
  ],
  [
    'passes: fields by name',
    behind('', 'res.json(await prisma.note.create({ data: { title: req.body.title } }))'),
    [SOUND],
  ],
  [
    'passes: a schema that refuses what it does not name',
    behind('', 'res.json(await prisma.note.create({ data: req.body }))', STRICT),
    [SOUND],
  ],
  ['passes: it is stored by nobody that is known', behind('', 'res.json(await notes.create(req.body))'), [SOUND]],
  [
    'fails: in Hono, the body read anew behind its validator',
    {
      'src/app.ts': [
        "import { Hono } from 'hono'",
        "import { zValidator } from '@hono/zod-validator'",
        ZOD,
        "import { drizzle } from 'drizzle-orm/node-postgres'",
        'const app = new Hono()',
        'const db = drizzle(process.env.DATABASE_URL)',
        SCHEMA,
        "app.post('/notes', zValidator('json', Note), async (c) => {",
        '  const body = await c.req.json()',
        '  await db.insert(notes).values({ ...body, owner: 1 })',
        '  return c.body(null, 204)',
        '})',
      ].join('\n'),
    },
    [STORED(10)],
  ],
  [
    'fails: in Fastify, beside a check of the handler',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        ZOD,
        PRISMA,
        'const app = Fastify()',
        'const prisma = new PrismaClient()',
        SCHEMA,
        "app.post('/notes', async (request) => {",
        '  Note.parse(request.body)',
        '  return prisma.note.create({ data: request.body })',
        '})',
      ].join('\n'),
    },
    [STORED(9)],
  ],
  [
    'not proven: a handler that nobody could find',
    express('const { notes } = globalThis.services', "app.post('/notes/:id', notes.create)"),
    [
      'not-proven src/app.ts:4: POST /notes/:id, body: its handler could not be found.',
      'not-proven src/app.ts:4: POST /notes/:id, path: its handler could not be found.',
    ],
  ],
  ...[
    ["import { container } from 'tsyringe'", 'container.resolve(Notes)'],
    ["import { Container } from 'typedi'", 'Container.get(Notes)'],
    ["import { Container } from 'inversify'\nconst container = new Container()", 'container.get(Notes)'],
  ].map(
    ([imported, made]) =>
      [
        `fails: a handler of what ${made} gives`,
        {
          'src/notes.ts':
            'export class Notes {\n  remove = async (req, res) => res.json(await this.store.remove(req.params.id))\n}',
          'src/app.ts': `import express from 'express'\nimport { Notes } from './notes'\n${imported}\nconst app = express()\nconst notes = ${made}\napp.delete('/notes/:id', notes.remove)`,
        },
        ['fail src/notes.ts:2: DELETE /notes/:id, path: nothing checks it.'],
      ] as const,
  ),
])

/** A middleware that takes the parts of a request as its schema names them: what Joi is told stands in it. */
const picking = (told: string, schema = 'Joi.object({ title: Joi.string().max(100) })') =>
  express(
    "import Joi from 'joi'",
    "import pick from 'lodash.pick'",
    `const validate = (schema) => (req, res, next) => { const parts = pick(schema, ['query', 'body']); const { error, value } = Joi.compile(parts)${told}; if (error) return next(error); Object.assign(req, value); next() }`,
    `app.post('/notes', validate({ body: ${schema} }), (req, res) => res.json(save(req.body)))`,
  )

table('validators', [
  [
    'passes: Joi refuses what it does not know',
    picking('.prefs({ abortEarly: false }).validate(pick(req, Object.keys(parts)))'),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
  ...[
    '.prefs({ abortEarly: false, allowUnknown: true }).validate(pick(req, Object.keys(parts)))',
    '.validate(pick(req, Object.keys(parts)), { allowUnknown: true })',
  ].map(
    (told) =>
      [
        `fails: Joi is told to let unknown keys pass, ${told}`,
        picking(told),
        ['fail src/app.ts:6: POST /notes, body: body: unknown keys pass.'],
      ] as const,
  ),
  [
    'passes: it is told to drop them',
    picking(
      '.validate(pick(req, Object.keys(parts)), { stripUnknown: true })',
      'Joi.object({ title: Joi.string().max(100) }).unknown()',
    ),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
])

/** express-validator: on line 6 a chain, whatever stands around it, and the handler on line 7. */
const chained = (between: string, handler: string, chain = "body('title').isLength({ max: 100 })") =>
  express(
    "import { body, check, checkExact, matchedData, validationResult } from 'express-validator'",
    'const asyncHandler = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next)',
    `const asked = (req, res, next) => { ${between}; next() }`,
    `app.post('/notes', ${chain}, asked,`,
    `  ${handler})`,
  )

const RESULT = 'if (!validationResult(req).isEmpty()) return res.sendStatus(400)'
const EXACT = "checkExact([body('title').isLength({ max: 100 })])"
const BOUNDED = ['pass src/app.ts:6: 1 input of 1 route bounded and closed.']
const UNASKED = ['fail src/app.ts:6: POST /notes, body: nobody looks at what the chain found.']

table('validators', [
  [
    'fails: a chain whose result nobody asks for',
    chained('log()', '(req, res) => res.json(save(req.body))', EXACT),
    UNASKED,
  ],
  [
    'fails: checkExact alone, whose result nobody asks for',
    chained('log()', '(req, res) => res.json(save(req.body.title))', 'checkExact()'),
    UNASKED,
  ],
  ['passes: a middleware asks', chained(RESULT, '(req, res) => res.json(save(req.body))', EXACT), BOUNDED],
  [
    'passes: the handler asks',
    chained('log()', `(req, res) => { ${RESULT}; res.json(save(req.body)) }`, EXACT),
    BOUNDED,
  ],
  [
    'passes: a handler in a wrapper asks',
    chained(
      'log()',
      `asyncHandler(async (req, res) => { validationResult(req).throw(); res.json(save(req.body)) })`,
      EXACT,
    ),
    BOUNDED,
  ],
  [
    'passes: who may ask is not seen',
    chained('ensureValid(req)', '(req, res) => res.json(save(req.body))', EXACT),
    BOUNDED,
  ],
  [
    'fails: unknown keys are in the body that is read',
    chained(RESULT, '(req, res) => res.json(save(req.body))'),
    ['fail src/app.ts:6: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'fails: and beside the data that the chains name',
    chained(`${RESULT}; req.valid = matchedData(req)`, '(req, res) => res.json(save(req.valid, req.body.role))'),
    ['fail src/app.ts:6: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'passes: nothing but the data that the chains name is read',
    chained(`${RESULT}; req.valid = matchedData(req)`, '(req, res) => res.json(save(req.valid))'),
    BOUNDED,
  ],
  [
    'passes: each value by a name that a chain has',
    chained(RESULT, '(req, res) => { const { title } = req.body; res.json(save(title, req.body.title)) }'),
    BOUNDED,
  ],
  [
    'fails: one of a name that none has',
    chained(RESULT, '(req, res) => { const { title, role } = req.body; res.json(save(title, role)) }'),
    ['fail src/app.ts:6: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'fails: the request goes where nobody sees what is read of it',
    chained(RESULT, '(req, res) => { log(req.body.title); res.json(notes.save(req)) }'),
    ['fail src/app.ts:6: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'passes: check looks everywhere, and nobody reads the query',
    chained(RESULT, '(req, res) => res.json(save(req.body.title))', "check('title').isLength({ max: 100 })"),
    ['pass src/app.ts:6 src/app.ts:6 src/app.ts:6: 3 inputs of 1 route bounded and closed.'],
  ],
  [
    'passes: matchedData leaves out what was wrong, too',
    chained('log()', '(req, res) => res.json(save(matchedData(req)))'),
    BOUNDED,
  ],
])
