import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'

export type Session = { id: string; userId: string }

// In memory: a restart logs everybody out.
@Injectable()
export class SessionsService {
  private readonly sessions = new Map<string, Session>()

  open(userId: string): Session {
    const session = { id: randomUUID(), userId }
    this.sessions.set(session.id, session)
    return session
  }

  find(id: string): Session | undefined {
    return this.sessions.get(id)
  }

  close(id: string): void {
    this.sessions.delete(id)
  }
}
