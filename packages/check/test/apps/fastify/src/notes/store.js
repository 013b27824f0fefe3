import { randomUUID } from 'node:crypto'

const notes = new Map()

export const addNote = (userId, title, text) => {
  const note = { id: randomUUID(), userId, title, text, createdAt: new Date().toISOString() }
  notes.set(note.id, note)
  return note
}

export const notesOf = (userId, limit) =>
  [...notes.values()]
    .filter((note) => note.userId === userId)
    .reverse()
    .slice(0, limit)

export const noteOf = (userId, id) => {
  const note = notes.get(id)
  return note?.userId === userId ? note : undefined
}

export const toPublicNote = ({ id, title, text, createdAt }) => ({ id, title, text, createdAt })
