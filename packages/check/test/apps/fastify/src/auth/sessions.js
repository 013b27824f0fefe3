import { randomUUID } from 'node:crypto'

const SESSIONS_PER_USER = 10
const sessions = new Map()

export const startSession = (userId) => {
  const id = randomUUID()
  sessions.set(id, { userId })
  const own = [...sessions.keys()].filter((one) => sessions.get(one).userId === userId)
  if (own.length > SESSIONS_PER_USER) sessions.delete(own[0])
  return id
}

export const findSession = (id) => sessions.get(id)

export const endSession = (id) => sessions.delete(id)
