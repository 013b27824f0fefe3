import type { User } from './users.service.js'

// What an answer shows of an account.
export class UserView {
  id: string
  email: string
  name: string
  role: string

  static of({ id, email, name, role }: User): UserView {
    return { id, email, name, role }
  }
}
