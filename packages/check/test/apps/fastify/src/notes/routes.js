import { listQuery, newNote, noteParams } from './schemas.js'
import { addNote, noteOf, notesOf, toPublicNote } from './store.js'

export const notesRoutes = async (app) => {
  app.get('/', { schema: { querystring: listQuery } }, async (request) => {
    const limit = Number(request.query.limit)
    return notesOf(request.userId, limit).map(toPublicNote)
  })

  app.post('/', { schema: { body: newNote } }, async (request, reply) => {
    const { title, text } = request.body
    return reply.code(201).send(toPublicNote(addNote(request.userId, title, text)))
  })

  app.get('/:id', { schema: { params: noteParams } }, async (request, reply) => {
    const note = noteOf(request.userId, request.params.id)
    return note ? toPublicNote(note) : reply.code(404).send({ error: 'Not Found' })
  })
}
