/** The sessions that are open in a contender when it starts. Their ids are known, so that tokens for them can be made elsewhere. */
import { createHash } from 'node:crypto'
import { MAX_SESSIONS_OF_USER, type SessionStore } from 'portcullis/sessions'
import { USERS, userId } from './work.ts'

/** How many are open: one of each user, or as many as the growth is looked at with. */
export const sessionsWanted = Number(process.env['SESSIONS'] ?? 1_000)

const DAY_MS = 86_400_000

/** The id of a session by its number; it is a session of the user of this number. */
export const sessionId = (number: number): string => `session-${String(number).padStart(14, '0')}`

/** Opens them all, each user's as many as the others': 100,000 are the most that there may be. */
export const openSessions = async (store: SessionStore, wanted = sessionsWanted): Promise<void> => {
  if (wanted > USERS * MAX_SESSIONS_OF_USER) throw new Error(`${wanted} sessions are too many for ${USERS} users`)
  const now = Date.now()
  for (let number = 0; number < wanted; number += 1) {
    const id = sessionId(number)
    const times = { createdAt: now, lastUsedAt: now, expiresAt: now + DAY_MS }
    const hash = createHash('sha256').update(id).digest('hex')
    await store.open(
      { id, userId: userId(number), ...times, client: '127.0.0.1', label: '' },
      { hash, sessionId: id, issuedAt: now, expiresAt: now + DAY_MS },
    )
  }
}
