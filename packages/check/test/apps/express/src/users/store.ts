import { randomUUID } from 'node:crypto'

export type User = { id: string; email: string; name: string; role: 'member' | 'admin'; passwordHash: string }

const byId = new Map<string, User>()
const byEmail = new Map<string, User>()

export const createUser = (given: Pick<User, 'email' | 'name' | 'passwordHash'>): User | undefined => {
  const email = given.email.toLowerCase()
  if (byEmail.has(email)) return undefined
  const user: User = {
    id: randomUUID(),
    email,
    name: given.name,
    role: 'member',
    passwordHash: given.passwordHash,
  }
  byId.set(user.id, user)
  byEmail.set(email, user)
  return user
}

export const findUser = (id: string): User | undefined => byId.get(id)

export const findUserByEmail = (email: string): User | undefined => byEmail.get(email.toLowerCase())

export const toPublicUser = ({ id, email, name, role }: User) => ({ id, email, name, role })
