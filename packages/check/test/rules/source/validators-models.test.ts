/** A body that goes to a model as it came, where the schema beside it only drops what it does not name. */
import { type Files, table } from './judged.ts'

const MONGOOSE =
  "import mongoose from 'mongoose'\nconst Note = mongoose.model('Note', new mongoose.Schema({ title: String, owner: String }))"
const SEQUELIZE = "import { Model, Sequelize } from 'sequelize'\nclass Note extends Model {}"
const OWN = '\nclass Note { constructor(data) { this.title = data.title } }'

/** The handler stores on line 7. */
const storing = (model: string, stored: string): Files => ({
  'src/app.ts': `import express from 'express'
import { z } from 'zod'
${model}
const schema = z.object({ title: z.string().max(80) }), app = express()
app.post('/notes', async (req, res) => { const parsed = schema.parse(req.body)
  res.json(await ${stored})
})`,
})

const STORED = [
  'fail src/app.ts:7: POST /notes, body: body: it is stored as it came, with the keys that its schema drops.',
]
const SOUND = ['pass src/app.ts:6: 1 input of 1 route bounded and closed.']

table('validators', [
  ['fails: a model made of the body', storing(MONGOOSE, 'new Note(req.body).save()'), STORED],
  ['fails: and of a copy of it', storing(MONGOOSE, 'new Note({ ...req.body, owner: req.user.id }).save()'), STORED],
  [
    'passes: a model made of what came through',
    storing(MONGOOSE, 'new Note({ ...parsed, owner: req.user.id }).save()'),
    SOUND,
  ],
  ['fails: a class that is a model', storing(SEQUELIZE, 'Note.create(req.body)'), STORED],
  ['fails: one that is made of the body', storing(SEQUELIZE, 'new Note(req.body).save()'), STORED],
  ['passes: what came through', storing(SEQUELIZE, 'Note.create(parsed)'), SOUND],
  ['passes: a class of its own may name the fields that it takes', storing(OWN, 'save(new Note(req.body))'), SOUND],
])
