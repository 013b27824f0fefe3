import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import type { PasswordHash } from '../auth/passwords.service.js'

export type User = { id: string; email: string; name: string; role: 'member' | 'admin'; passwordHash: PasswordHash }

@Injectable()
export class UsersService {
  private readonly users = new Map<string, User>()

  add(email: string, name: string, passwordHash: PasswordHash): User {
    const user: User = { id: randomUUID(), email: email.toLowerCase(), name, role: 'member', passwordHash }
    this.users.set(user.id, user)
    return user
  }

  find(id: string): User | undefined {
    return this.users.get(id)
  }

  findByEmail(email: string): User | undefined {
    return [...this.users.values()].find((user) => user.email === email.toLowerCase())
  }
}
