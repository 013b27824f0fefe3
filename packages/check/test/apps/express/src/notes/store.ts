import { randomUUID } from 'node:crypto'

export type Note = { id: string; userId: string; title: string; text: string; createdAt: string }

const notes = new Map<string, Note>()

export const addNote = (userId: string, title: string, text: string): Note => {
  const note = { id: randomUUID(), userId, title, text, createdAt: new Date().toISOString() }
  notes.set(note.id, note)
  return note
}

export const notesOf = (userId: string, limit: number): Note[] =>
  [...notes.values()]
    .filter((note) => note.userId === userId)
    .reverse()
    .slice(0, limit)

export const noteOf = (userId: string, id: string): Note | undefined => {
  const note = notes.get(id)
  return note?.userId === userId ? note : undefined
}

export const toPublicNote = ({ id, title, text, createdAt }: Note) => ({ id, title, text, createdAt })
