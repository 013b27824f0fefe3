import { randomUUID } from 'node:crypto'

const byId = new Map()
const byEmail = new Map()

export const createUser = ({ email, name, passwordHash }) => {
  const address = email.toLowerCase()
  if (byEmail.has(address)) return undefined
  const user = { id: randomUUID(), email: address, name, role: 'member', passwordHash }
  byId.set(user.id, user)
  byEmail.set(address, user)
  return user
}

export const findUser = (id) => byId.get(id)

export const findUserByEmail = (email) => byEmail.get(email.toLowerCase())

export const toPublicUser = ({ id, email, name, role }) => ({ id, email, name, role })
