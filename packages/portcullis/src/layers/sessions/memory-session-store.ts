import { whole } from './bounds.ts'
import {
  MAX_SESSIONS_OF_USER,
  type Rotation,
  type SessionInfo,
  type SessionStore,
  type StoredRefreshToken,
} from './session-store.ts'

interface KeptSession {
  info: SessionInfo
  /** The hashes of its refresh tokens, spent ones included. */
  readonly hashes: Set<string>
}

interface KeptToken extends StoredRefreshToken {
  usedAt: number | null
  sealedSuccessor: string | null
  successor: string | null
}

/** What the memory may hold. */
export interface MemorySessionStoreOptions {
  /** Sessions, 1 to 10,000,000; 100,000 by default. */
  readonly maxSessions?: number
  /** Refresh tokens, spent ones included; ten for each session by default. */
  readonly maxTokens?: number
}

/**
 * A session store in this process's memory: a restart ends every session. When it is full it forgets what expired, then refuses
 * by throwing an Error: it never drops a session that is active, nor a spent token whose reuse would not be seen any more. Only a user's
 * own sessions end each other, when there are too many.
 *
 * @throws RangeError when an option is out of its bounds
 */
export const memorySessionStore = (options: MemorySessionStoreOptions = {}): SessionStore => {
  const maxSessions = whole('maxSessions', options.maxSessions, 1, 10_000_000, 100_000)
  const maxTokens = whole('maxTokens', options.maxTokens, 2, 100_000_000, maxSessions * 10)
  const sessions = new Map<string, KeptSession>()
  const tokens = new Map<string, KeptToken>()
  const byUser = new Map<string, Set<string>>()
  /** Nothing expires before this moment. */
  let nothingBefore = Number.POSITIVE_INFINITY

  const dropSession = ({ info, hashes }: KeptSession): void => {
    for (const hash of hashes) tokens.delete(hash)
    sessions.delete(info.id)
    const ids = byUser.get(info.userId)
    ids?.delete(info.id)
    if (ids?.size === 0) byUser.delete(info.userId)
  }
  const dropToken = ({ hash, sessionId }: KeptToken): void => {
    tokens.delete(hash)
    sessions.get(sessionId)?.hashes.delete(hash)
  }
  const keep = (token: StoredRefreshToken): void => {
    tokens.set(token.hash, { ...token, usedAt: null, sealedSuccessor: null, successor: null })
    sessions.get(token.sessionId)?.hashes.add(token.hash)
    nothingBefore = Math.min(nothingBefore, token.expiresAt)
  }
  const active = (session: KeptSession | undefined, now: number): session is KeptSession =>
    session !== undefined && now < session.info.expiresAt
  const count = (): number => sessions.size + tokens.size

  /** What was kept first expires first, as a rule: each is looked at once, however many there are. */
  const dropOldest = (now: number): void => {
    for (const token of tokens.values()) {
      if (now < token.expiresAt) break
      dropToken(token)
    }
    for (const session of sessions.values()) {
      if (active(session, now)) break
      dropSession(session)
    }
  }
  const prune = (now: number): number => {
    const before = count()
    if (now < nothingBefore) return 0
    for (const session of sessions.values()) if (!active(session, now)) dropSession(session)
    for (const token of tokens.values()) if (now >= token.expiresAt) dropToken(token)
    nothingBefore = Number.POSITIVE_INFINITY
    for (const { info } of sessions.values()) nothingBefore = Math.min(nothingBefore, info.expiresAt)
    for (const { expiresAt } of tokens.values()) nothingBefore = Math.min(nothingBefore, expiresAt)
    return before - count()
  }
  const makeRoom = (room: () => boolean, now: number): void => {
    dropOldest(now)
    if (!room()) prune(now)
    if (!room())
      throw new Error('The session store in memory is full: raise maxSessions or maxTokens, or give a store that lasts')
  }

  /** The one that has to end when another session of this user is opened, if there are as many as there may be. */
  const surplus = ({ userId, createdAt: now }: SessionInfo): KeptSession | undefined => {
    const ids = byUser.get(userId) ?? new Set()
    if (ids.size < MAX_SESSIONS_OF_USER) return undefined
    const open = [...ids].map((id) => sessions.get(id)).filter((session) => active(session, now))
    if (open.length < MAX_SESSIONS_OF_USER) return undefined
    return open.reduce((oldest, session) => (isOlder(session.info, oldest.info) ? session : oldest))
  }

  return {
    open: (session, token) => {
      if (token.sessionId !== session.id)
        throw new Error('A refresh token was given with a session that is not its own')
      const oldest = surplus(session)
      // Before it ends: who is refused has lost nothing.
      makeRoom(
        () =>
          sessions.size - (oldest === undefined ? 0 : 1) < maxSessions &&
          tokens.size - (oldest?.hashes.size ?? 0) < maxTokens,
        session.createdAt,
      )
      if (sessions.has(session.id) || tokens.has(token.hash)) throw new Error('A session of this id is there already')
      if (oldest !== undefined) dropSession(oldest)
      sessions.set(session.id, { info: Object.freeze({ ...session }), hashes: new Set() })
      byUser.set(session.userId, (byUser.get(session.userId) ?? new Set()).add(session.id))
      nothingBefore = Math.min(nothingBefore, session.expiresAt)
      keep(token)
    },

    isActive: (sessionId, userId, now) => {
      const session = sessions.get(sessionId)
      return active(session, now) && session.info.userId === userId
    },

    rotate: (hash, successor, sealedSuccessor, now): Rotation => {
      const token = tokens.get(hash)
      const session = token && sessions.get(token.sessionId)
      if (token === undefined || now >= token.expiresAt || !active(session, now)) return { kind: 'unknown' }
      if (token.usedAt !== null) {
        const next = token.successor === null ? undefined : tokens.get(token.successor)
        const { usedAt, sealedSuccessor: sealed } = token
        return {
          kind: 'spent',
          session: session.info,
          usedAt,
          sealedSuccessor: sealed,
          successorUnused: next?.usedAt === null,
        }
      }
      makeRoom(() => tokens.size < maxTokens, now)
      if (tokens.has(successor.hash)) throw new Error('A refresh token of this hash is there already')
      token.usedAt = now
      token.sealedSuccessor = sealedSuccessor
      token.successor = successor.hash
      keep({ ...successor, sessionId: token.sessionId })
      session.info = Object.freeze({ ...session.info, lastUsedAt: now })
      return { kind: 'rotated', session: session.info }
    },

    end: (sessionId, userId) => {
      const session = sessions.get(sessionId)
      if (session === undefined || session.info.userId !== userId) return false
      dropSession(session)
      return true
    },

    endAll: (userId, exceptSessionId) => {
      const others = [...(byUser.get(userId) ?? [])].filter((id) => id !== exceptSessionId)
      for (const id of others) {
        const session = sessions.get(id)
        if (session !== undefined) dropSession(session)
      }
      return others.length
    },

    endEverything: () => {
      const ended = sessions.size
      for (const map of [sessions, tokens, byUser]) map.clear()
      return ended
    },

    list: (userId, now) =>
      [...(byUser.get(userId) ?? [])]
        .flatMap((id) => sessions.get(id) ?? [])
        .filter((session) => active(session, now))
        .map(({ info }) => info)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),

    prune,
  }
}

/** By last use, then by opening. */
const isOlder = (a: SessionInfo, b: SessionInfo): boolean =>
  a.lastUsedAt === b.lastUsedAt ? a.createdAt < b.createdAt : a.lastUsedAt < b.lastUsedAt
