import { Body, Controller, Get, NotFoundException, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common'
import { CurrentSession } from '../auth/current-session.decorator.js'
import type { Session } from '../auth/sessions.service.js'
import { CreateNoteDto } from './dto/create-note.dto.js'
import { ListNotesQuery } from './dto/list-notes.query.js'
import { type Note, NotesService } from './notes.service.js'

@Controller('notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get()
  list(@CurrentSession() session: Session, @Query() query: ListNotesQuery): Note[] {
    return this.notes.list(session.userId, query.limit)
  }

  @Post()
  create(@CurrentSession() session: Session, @Body() body: CreateNoteDto): Note {
    return this.notes.add(session.userId, body)
  }

  @Get(':id')
  read(@CurrentSession() session: Session, @Param('id', ParseUUIDPipe) id: string): Note {
    const note = this.notes.find(session.userId, id)
    if (!note) throw new NotFoundException()
    return note
  }
}
