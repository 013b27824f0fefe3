/** Functions of the program's own that are called as validations are: they are looked into. */
import { express, type Files, table } from './judged.ts'

const service = (body: string, call: string): Files =>
  express(
    "import { z } from 'zod'",
    'const Note = z.strictObject({ title: z.string().max(120) })',
    `const notes = { ${body} }`,
    `app.post('/notes', async (req, res) => res.json(await ${call}))`,
  )

table('validators', [
  [
    'fails: an object of functions is no schema',
    service('create: async (note) => pool.query(note.title)', 'notes.create(req.body)'),
    ['fail src/app.ts:6: POST /notes, body: nothing checks it.'],
  ],
  [
    'fails: nor is one whose function is called validate',
    service('validate: async (name, password) => pool.query(name, password)', 'notes.validate(req.body.name)'),
    ['fail src/app.ts:6: POST /notes, body: nothing checks it.'],
  ],
  [
    'passes: its function checks',
    service('create: async (note) => pool.query(Note.parse(note).title)', 'notes.create(req.body)'),
    ['pass src/app.ts:5: 1 input of 1 route bounded and closed.'],
  ],
])
