import { Router } from 'express'
import { validate } from '../middleware/validate.ts'
import { type ListQuery, listQuery, type NewNote, type NoteParams, newNote, noteParams } from './schemas.ts'
import { addNote, noteOf, notesOf, toPublicNote } from './store.ts'

export const notesRouter = Router()

notesRouter.get('/', validate({ query: listQuery }), (_req, res) => {
  const { limit } = res.locals.query as ListQuery
  res.json(notesOf(res.locals.userId, limit).map(toPublicNote))
})

notesRouter.post('/', validate({ body: newNote }), (_req, res) => {
  const { title, text } = res.locals.body as NewNote
  res.status(201).json(toPublicNote(addNote(res.locals.userId, title, text)))
})

notesRouter.get('/:id', validate({ params: noteParams }), (_req, res) => {
  const { id } = res.locals.params as NoteParams
  const note = noteOf(res.locals.userId, id)
  if (!note) {
    res.status(404).json({ error: 'Not Found' })
    return
  }
  res.json(toPublicNote(note))
})
