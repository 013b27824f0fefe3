import { Hono } from 'hono'
import type { SignedIn } from '../auth/guard.ts'
import { validate } from '../middleware/validate.ts'
import { listQuery, newNote, noteParams } from './schemas.ts'
import { addNote, noteOf, notesOf, toPublicNote } from './store.ts'

export const notes = new Hono<SignedIn>()

notes.get('/', validate('query', listQuery), (c) => {
  const { limit } = c.req.valid('query')
  return c.json(notesOf(c.get('userId'), limit).map(toPublicNote))
})

notes.post('/', validate('json', newNote), (c) => {
  const { title, text } = c.req.valid('json')
  return c.json(toPublicNote(addNote(c.get('userId'), title, text)), 201)
})

notes.get('/:id', validate('param', noteParams), (c) => {
  const { id } = c.req.valid('param')
  const note = noteOf(c.get('userId'), id)
  return note ? c.json(toPublicNote(note)) : c.json({ error: 'Not Found' }, 404)
})
