import { z } from 'zod'

export const newNote = z.strictObject({
  title: z.string().trim().min(1).max(120),
  text: z.string().max(4000),
})

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const noteParams = z.strictObject({
  id: z.uuid(),
})

export type NewNote = z.infer<typeof newNote>
export type ListQuery = z.infer<typeof listQuery>
export type NoteParams = z.infer<typeof noteParams>
