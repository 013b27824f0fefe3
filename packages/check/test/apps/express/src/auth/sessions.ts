import { randomUUID } from 'node:crypto'

type Session = { userId: string }

const SESSIONS_PER_USER = 10
const sessions = new Map<string, Session>()

// A map keeps the order of insertion: the first of a user's is the oldest.
const dropOldest = (userId: string): void => {
  const own = [...sessions].filter(([, session]) => session.userId === userId)
  for (const [id] of own.slice(0, Math.max(0, own.length - SESSIONS_PER_USER))) sessions.delete(id)
}

export const startSession = (userId: string): string => {
  const id = randomUUID()
  sessions.set(id, { userId })
  dropOldest(userId)
  return id
}

export const findSession = (id: string): Session | undefined => sessions.get(id)

export const endSession = (id: string): boolean => sessions.delete(id)
