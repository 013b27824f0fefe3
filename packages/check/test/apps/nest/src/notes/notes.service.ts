import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import type { CreateNoteDto } from './dto/create-note.dto.js'

export type Note = { id: string; title: string; text: string; createdAt: string }

@Injectable()
export class NotesService {
  private readonly notes = new Map<string, Note[]>()

  list(userId: string, limit: number): Note[] {
    return this.of(userId).slice(-limit).reverse()
  }

  add(userId: string, { title, text }: CreateNoteDto): Note {
    const note = { id: randomUUID(), title, text, createdAt: new Date().toISOString() }
    this.notes.set(userId, [...this.of(userId), note])
    return note
  }

  find(userId: string, id: string): Note | undefined {
    return this.of(userId).find((note) => note.id === id)
  }

  private of(userId: string): Note[] {
    return this.notes.get(userId) ?? []
  }
}
