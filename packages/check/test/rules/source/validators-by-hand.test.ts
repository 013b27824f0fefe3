/** Values that a handler looks at by itself, without a schema. */
import { express, type Files, table } from './judged.ts'

const PASS = ['pass src/app.ts:3: 1 input of 1 route bounded and closed.']
const ID = ['fail src/app.ts:3: GET /notes/:id, path: nothing checks it.']
const LIST = ['fail src/app.ts:3: GET /notes, query: nothing checks it.']
const NEW = ['fail src/app.ts:3: POST /notes, body: nothing checks it.']

const read = (body: string, ...more: readonly string[]): Files =>
  express(`app.get('/notes/:id', async (req, res, next) => { ${body} })`, ...more)
const list = (body: string): Files => express(`app.get('/notes', async (req, res) => { ${body} })`)
const add = (body: string): Files => express(`app.post('/notes', async (req, res) => { ${body} })`)

const event = "const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], SECRET)"

table('validators', [
  [
    'passes: what is signed by those who hold a secret',
    add(
      `let event; try { ${event.replace('const event', 'event')} } catch { return res.sendStatus(400) }; store(event.data)`,
    ),
    PASS,
  ],
  ['fails: the signature is looked at, and the text used', add(`${event}; store(req.body.data)`), NEW],
  [
    'passes: a number',
    read(
      'const id = Number(req.params.id); if (!Number.isSafeInteger(id)) return res.sendStatus(400); res.json(find(id))',
    ),
    PASS,
  ],
  [
    'passes: a number that is made twice',
    read(
      'if (!Number.isInteger(Number(req.params.id))) { res.sendStatus(404); return } res.json(find(Number(req.params.id)))',
    ),
    PASS,
  ],
  [
    'passes: what is no number is refused',
    read(
      'const id = parseInt(req.params.id, 10); if (Number.isNaN(id)) return res.status(400).end(); res.json(find(id))',
    ),
    PASS,
  ],
  [
    'passes: 0 and NaN are refused',
    read('const id = +req.params.id; if (!id) throw new BadRequest(); res.json(find(id))'),
    PASS,
  ],
  [
    'fails: parseInt looked at its start, and the text is used',
    read(
      "const id = parseInt(req.params.id, 10); if (isNaN(id)) return res.status(400).end(); res.json(query('id = ' + req.params.id))",
    ),
    ID,
  ],
  ['fails: a number that nobody looks at', read('res.json(find(Number(req.params.id)))'), ID],
  [
    'passes: a pattern',
    read(
      'const { id } = req.params; if (!HEX.test(id)) throw new NotFound(); res.json(find(id))',
      'const HEX = /^[0-9a-f]{24}$/',
    ),
    PASS,
  ],
  [
    'fails: a pattern that is found anywhere',
    read(
      'const { id } = req.params; if (!HEX.test(id)) throw new NotFound(); res.json(find(id))',
      'const HEX = /[0-9a-f]{24}/',
    ),
    ID,
  ],
  [
    'passes: a check by its name, in a try',
    read(
      'try { if (!isUuid(req.params.id)) return res.sendStatus(400); res.json(await find(req.params.id)) } catch (error) { next(error) }',
      "import { validate as isUuid } from 'uuid'",
    ),
    PASS,
  ],
  [
    'passes: an id of MongoDB',
    read(
      'const { id } = req.params; if (!Types.ObjectId.isValid(id)) return res.status(404).json({ missing: id }); res.json(find(id))',
      "import { Types } from 'mongoose'",
    ),
    PASS,
  ],
  [
    'passes: a check of its own that throws',
    read(
      'const id = idOf(req.params.id); res.json(find(id))',
      'const idOf = (text) => { const id = Number(text); if (!Number.isInteger(id)) throw new BadRequest(); return id }',
    ),
    PASS,
  ],
  [
    'passes: one that gives nothing',
    read(
      'const id = idOf(req.params.id); if (id === null) return res.sendStatus(404); res.json(find(id))',
      'const idOf = (text) => { const id = Number(text); return Number.isInteger(id) ? id : null }',
    ),
    PASS,
  ],
  [
    'fails: one that gives back the text',
    read(
      'const id = idOf(req.params.id); res.json(find(id))',
      'const idOf = (text) => { if (isNaN(parseInt(text, 10))) throw new BadRequest(); return text }',
    ),
    ID,
  ],
  [
    'fails: one that only says so',
    read(
      'isId(req.params.id); res.json(find(req.params.id))',
      'const isId = (text) => { if (!/^[a-z]{9}$/.test(text)) return false; return true }',
    ),
    ID,
  ],
  [
    'passes: what is right is used, all else is refused',
    read(
      'const id = Number(req.params.id); if (Number.isInteger(id)) { res.json(find(id)) } else { res.sendStatus(400) }',
    ),
    PASS,
  ],
  [
    'fails: the wrong way round',
    read('if (isUuid(req.params.id)) return res.sendStatus(400); res.json(find(req.params.id))'),
    ID,
  ],
  [
    'fails: it is answered, and goes on',
    read('if (!isUuid(req.params.id)) { res.sendStatus(400) } res.json(find(req.params.id))'),
    ID,
  ],
  [
    'fails: it was used before',
    read('const note = find(req.params.id); if (!isUuid(req.params.id)) return res.sendStatus(400); res.json(note)'),
    ID,
  ],
  [
    'fails: it was put elsewhere before',
    read('req.noteId = req.params.id; if (!isUuid(req.params.id)) return res.sendStatus(400); res.json(note(req))'),
    ID,
  ],
  [
    'fails: it is looked at for some',
    read('const { id } = req.params; if (isOld()) { if (!isUuid(id)) return res.sendStatus(400) } res.json(find(id))'),
    ID,
  ],
  [
    'fails: some may send anything',
    read('const { id } = req.params; if (!isUuid(id) && !isAdmin()) return res.sendStatus(400); res.json(find(id))'),
    ID,
  ],
  [
    'fails: what is wrong is looked for elsewhere',
    read('const { id } = req.params; if (!isUuid(id)) return res.json(await bySlug(id)); res.json(find(id))'),
    ID,
  ],
  [
    'fails: what is thrown is caught',
    read(
      'const { id } = req.params; try { if (!isUuid(id)) throw new NotFound() } catch { count() } res.json(find(id))',
    ),
    ID,
  ],

  [
    'passes: a number between two',
    list(
      'const page = Number(req.query.page ?? 1); if (!Number.isInteger(page) || page < 1 || page > 1000) return res.sendStatus(400); res.json(find(page))',
    ),
    PASS,
  ],
  [
    'passes: the same, said as it should be',
    list(
      'const page = Number(req.query.page ?? 1); if (!(page >= 1 && page <= 1000)) return res.sendStatus(400); res.json(find(page))',
    ),
    PASS,
  ],
  [
    'fails: NaN is not above the maximum',
    list(
      'const page = Number(req.query.page ?? 1); if (page < 1 || page > 1000) return res.sendStatus(400); res.json(find(page))',
    ),
    LIST,
  ],
  [
    'fails: a number without a maximum',
    list(
      'const page = Number(req.query.page ?? 1); if (!Number.isInteger(page)) return res.sendStatus(400); res.json(find(page))',
    ),
    LIST,
  ],
  [
    'passes: no more than that',
    list('const limit = Math.min(Number(req.query.limit) || 20, 100); res.json(find(limit))'),
    PASS,
  ],
  [
    'passes: no more than that, by a function of its own',
    list(
      'const clamp = (n, min, max) => Math.min(Math.max(n, min), max); res.json(find(clamp(Number(req.query.limit) || 20, 1, 100)))',
    ),
    PASS,
  ],
  [
    'passes: the beginning of a text',
    list("const q = String(req.query.q ?? '').slice(0, 80); res.json(find(q))"),
    PASS,
  ],
  [
    'passes: one of a list',
    list(
      "const { sort = 'new' } = req.query; if (!['new', 'old'].includes(sort)) return res.sendStatus(400); res.json(find(sort))",
    ),
    PASS,
  ],
  [
    'passes: one of two',
    list(
      "const sort = req.query.sort; if (sort !== 'new' && sort !== 'old') return res.sendStatus(400); res.json(find(sort))",
    ),
    PASS,
  ],
  [
    'passes: one of a list, or the first',
    list("const sort = ['new', 'old'].includes(req.query.sort) ? req.query.sort : 'new'; res.json(find(sort))"),
    PASS,
  ],
  ['passes: only whether it is that', list("const { all } = req.query; res.json(find(all === 'true'))"), PASS],
  [
    'passes: a text that may be left out',
    list(
      "const { q } = req.query; if (q !== undefined && (typeof q !== 'string' || q.length > 80)) return res.sendStatus(400); res.json(find(q))",
    ),
    PASS,
  ],
  [
    'fails: a list has a length too',
    list('const { q } = req.query; if (q && q.length > 80) return res.sendStatus(400); res.json(find(q))'),
    LIST,
  ],
  [
    'fails: whatever is no text passes',
    list(
      "const { q } = req.query; if (typeof q === 'string' && q.length > 80) return res.sendStatus(400); res.json(find(q))",
    ),
    LIST,
  ],

  [
    'passes: the fields of a body, each by its name',
    add(
      "const { title } = req.body; if (typeof title !== 'string' || title.length > 80) return res.sendStatus(400); res.json(save({ title }))",
    ),
    PASS,
  ],
  [
    'fails: one of them is not looked at',
    add(
      "const { title, text } = req.body; if (typeof title !== 'string' || title.length > 80) return res.sendStatus(400); res.json(save({ title, text }))",
    ),
    NEW,
  ],
  [
    'fails: whether it is there says nothing of it',
    add('const { title } = req.body; if (!title) return res.sendStatus(400); res.json(save({ title }))'),
    NEW,
  ],
  [
    'fails: the whole of it is used beside that',
    add(
      "const { title } = req.body; if (typeof title !== 'string' || title.length > 80) return res.sendStatus(400); res.json(save(req.body))",
    ),
    NEW,
  ],
  [
    'fails: what is in a field is not looked at',
    add(
      "const { user } = req.body; if (typeof user.name !== 'string' || user.name.length > 80) return res.sendStatus(400); res.json(save(user))",
    ),
    NEW,
  ],
  [
    'fails: the text is used, and what was cut off it looked at',
    add(
      'const title = req.body.title.trim(); if (title.length > 80) return res.sendStatus(400); res.json(save(req.body.title))',
    ),
    NEW,
  ],
])

/** What stands before the handler, on line 4. */
const behind = (before: string, route = "'/notes/:id', check"): Files =>
  express(before, `app.get(${route}, (req, res) => res.json(find(req.params.id)))`)
const BEHIND = ['fail src/app.ts:4: GET /notes/:id, path: nothing checks it.']

table('validators', [
  [
    'passes: a middleware refuses',
    behind('const check = (req, res, next) => { if (!isUuid(req.params.id)) return next(new BadRequest()); next() }'),
    ['pass src/app.ts:3: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: a middleware goes on',
    behind('const check = (req, res, next) => { if (!isUuid(req.params.id)) return next(); next() }'),
    ID,
  ],
  [
    'passes: the router looks at its parameter',
    behind(
      "app.param('id', (req, res, next, id) => { if (!/^[0-9]{1,9}$/.test(id)) return res.sendStatus(404); next() })",
      "'/notes/:id'",
    ),
    ['pass src/app.ts:4: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: it looks at another',
    behind(
      "app.param('user', (req, res, next, id) => { if (!/^[0-9]{1,9}$/.test(id)) return res.sendStatus(404); next() })",
      "'/notes/:id'",
    ),
    BEHIND,
  ],
  [
    'passes: the path has a pattern',
    behind('', "'/notes/:id([0-9a-f]{24})'"),
    ['pass src/app.ts:4: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: one that says what it takes anyway',
    behind('', "'/notes/:id([^/]+)'"),
    ['fail src/app.ts:4: GET /notes/:id([^/]+), path: nothing checks it.'],
  ],
])

const hono = (route: string): Files => ({
  'src/app.ts': `import { Hono } from 'hono'\nconst app = new Hono()\n${route}`,
})

table('validators', [
  [
    'passes: in Hono, a pattern of the path',
    hono("app.get('/notes/:id{[0-9]+}', (c) => c.json(find(c.req.param('id'))))"),
    PASS,
  ],
  [
    'fails: in Hono, a pattern for all',
    hono("app.get('/notes/:id{.+}', (c) => c.json(find(c.req.param('id'))))"),
    ['fail src/app.ts:3: GET /notes/:id{.+}, path: nothing checks id.'],
  ],
  [
    'passes: in Hono, a text of the query is no list',
    hono(
      "app.get('/notes', (c) => { const q = c.req.query('q') ?? ''; if (q.length > 80) return c.json({ error: 'long' }, 400); return c.json(find(q)) })",
    ),
    PASS,
  ],
  [
    'passes: in Fastify',
    {
      'src/app.ts':
        "import Fastify from 'fastify'\nconst app = Fastify()\napp.get('/notes/:id', async (request, reply) => { const id = Number(request.params.id); if (!Number.isInteger(id)) return reply.code(400).send({}); return find(id) })",
    },
    PASS,
  ],
])

const nest = (body: string): Files => ({
  'src/notes.controller.ts': `import { BadRequestException, Controller, Get, Param } from '@nestjs/common'\nimport { isUUID } from 'class-validator'\n@Controller('notes')\nexport class NotesController {\n  @Get(':id')\n  read(@Param('id') id: string) { ${body} }\n}`,
  'src/main.ts':
    "import { NestFactory } from '@nestjs/core'\nimport { Module } from '@nestjs/common'\nimport { NotesController } from './notes.controller'\n@Module({ controllers: [NotesController] })\nclass AppModule {}\nawait NestFactory.create(AppModule)",
})

table('validators', [
  [
    'passes: in Nest',
    nest('if (!isUUID(id)) throw new BadRequestException(); return find(id)'),
    ['pass src/notes.controller.ts:6: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: in Nest, nobody looks',
    nest('return find(id)'),
    ['fail src/notes.controller.ts:6: GET /notes/:id, path: path.id: a string without a maximum length.'],
  ],
])
