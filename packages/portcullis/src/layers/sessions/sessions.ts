import type { AccessTokens } from './access-tokens.ts'
import { whole } from './bounds.ts'
import type { Claims } from './claims.ts'
import { demandId, isId, newId } from './ids.ts'
import { hashRefreshToken, isRefreshToken, newRefreshToken, openSuccessor, sealSuccessor } from './refresh-token.ts'
import type { SessionInfo, SessionStore } from './session-store.ts'

/** Seconds a session lasts at the most, however often it is refreshed: 30 days. */
export const MAX_SESSION_SECONDS = 30 * 86_400

/** Who opens a session. */
export interface SessionContext {
  /** The client's address; cut to 64 characters. */
  readonly client: string
  /** The User-Agent; cut to 200 characters; '' by default. */
  readonly label?: string
}

/** What somebody gets who logs in or refreshes. */
export interface Tokens {
  readonly accessToken: string
  /** Seconds the access token lives. */
  readonly expiresIn: number
  readonly refreshToken: string
  /** Seconds the refresh token lives. */
  readonly refreshExpiresIn: number
  readonly sessionId: string
}

/** The answer to a refresh. */
export type Refreshed =
  | { readonly ok: true; readonly tokens: Tokens; readonly userId: string }
  /** `reused`: a spent token came again, and the session was ended before this was answered. */
  | { readonly ok: false; readonly reason: 'unknown' | 'reused'; readonly session?: SessionInfo }

/** The sessions of a program. Everything here rejects when the store does: a store that is down opens nothing. */
export interface Sessions {
  /**
   * Opens a session of a user. Ends the oldest when the user has more than MAX_SESSIONS_OF_USER (100) then: the one that was not used
   * for the longest time.
   *
   * @throws TypeError (as a rejection) when the user's id is not of the form that `isId` knows, the client is missing, or the label is no text
   */
  open(userId: string, context: SessionContext): Promise<Tokens>
  /** Trades a refresh token for its successor. Reuse ends the whole family, which is the session, before it answers. */
  refresh(refreshToken: string, context: SessionContext): Promise<Refreshed>
  /** Is the session of these claims still active? Asked for every request, and never remembered. */
  check(claims: Pick<Claims, 'sid' | 'sub'>): boolean | Promise<boolean>
  /**
   * Ends a session of this user; true when it was active.
   *
   * @throws TypeError (as a rejection) when an argument is left out, or the user's id is of no form that one has
   */
  end(sessionId: string, userId: string): Promise<boolean>
  /** Ends the sessions of a user, one excepted; answers how many. Throws as `end` does. */
  endAll(userId: string, exceptSessionId?: string): Promise<number>
  /** Ends every session there is; answers how many. */
  endEverything(): Promise<number>
  /** The sessions of a user that can still be used, oldest first; `expiresAt` is when it ends unless it is used before. */
  list(userId: string): Promise<readonly SessionInfo[]>
}

/** How sessions are kept. */
export interface SessionsOptions {
  readonly tokens: AccessTokens
  readonly store: SessionStore
  /** ms since the epoch; Date.now by default. */
  readonly clock?: () => number
  /**
   * Seconds a refresh token lives, so a session without use: 60 to 2,592,000 (30 days, the default). A session that is used
   * ends 30 days after it was opened, and its last tokens with it.
   */
  readonly refreshLifetimeSeconds?: number
  /** Seconds in which a repeated refresh gets the same successor, as long as that one is unused: 0 to 30, 0 by default. */
  readonly retryWindowSeconds?: number
}

/**
 * Makes the sessions of a program.
 *
 * @throws RangeError when an option is out of its bounds
 */
export const sessions = (options: SessionsOptions): Sessions => {
  const { tokens, store, clock = Date.now } = options
  const lifetime =
    whole('refreshLifetimeSeconds', options.refreshLifetimeSeconds, 60, MAX_SESSION_SECONDS, MAX_SESSION_SECONDS) * 1000
  const retryWindow = whole('retryWindowSeconds', options.retryWindowSeconds, 0, 30, 0) * 1000

  /** The end of a refresh token that was issued at that time: its own, or its session's. */
  const endOf = (session: SessionInfo, issuedAt: number): number => Math.min(issuedAt + lifetime, session.expiresAt)

  const tokensOf = (session: SessionInfo, refreshToken: string, issuedAt: number, now: number): Tokens => {
    const { token, expiresIn } = tokens.issue(session.userId, session.id)
    const refreshExpiresIn = Math.floor((endOf(session, issuedAt) - now) / 1000)
    return { accessToken: token, expiresIn, refreshToken, refreshExpiresIn, sessionId: session.id }
  }

  return Object.freeze({
    open: async (userId: string, context: SessionContext) => {
      if (typeof context?.client !== 'string')
        throw new TypeError("sessions.open needs the client's address: { client: request.client.address }")
      const { client, label } = context
      if (typeof (label ?? '') !== 'string')
        throw new TypeError("sessions.open takes a text as its label: request.headers['user-agent']")
      const now = clock()
      const session: SessionInfo = {
        id: newId(),
        userId: demandId('A user id', userId),
        createdAt: now,
        lastUsedAt: now,
        expiresAt: now + MAX_SESSION_SECONDS * 1000,
        client: cut(client, 64),
        label: cut(label ?? '', 200),
      }
      const refreshToken = newRefreshToken()
      const hash = hashRefreshToken(refreshToken)
      await store.open(session, { hash, sessionId: session.id, issuedAt: now, expiresAt: endOf(session, now) })
      return tokensOf(session, refreshToken, now, now)
    },

    refresh: async (refreshToken: string): Promise<Refreshed> => {
      if (!isRefreshToken(refreshToken)) return { ok: false, reason: 'unknown' }
      const now = clock()
      const next = newRefreshToken()
      // The store holds it to the end of its session as well, which is not known here yet.
      const successor = { hash: hashRefreshToken(next), issuedAt: now, expiresAt: now + lifetime }
      const sealed = retryWindow === 0 ? null : sealSuccessor(refreshToken, next)
      const rotation = await store.rotate(hashRefreshToken(refreshToken), successor, sealed, now)
      if (rotation.kind === 'unknown') return { ok: false, reason: 'unknown' }
      const { session } = rotation
      if (rotation.kind === 'rotated')
        return { ok: true, tokens: tokensOf(session, next, now, now), userId: session.userId }

      const { usedAt, successorUnused, sealedSuccessor } = rotation
      // The clocks of two processes differ: what was used a moment from now was used just now.
      if (Math.abs(now - usedAt) < retryWindow && successorUnused && sealedSuccessor !== null) {
        const same = openSuccessor(refreshToken, sealedSuccessor)
        if (same !== undefined)
          return { ok: true, tokens: tokensOf(session, same, usedAt, now), userId: session.userId }
      }
      // RFC 9700, section 4.14.2: who of the two is the thief can't be told, so nobody goes on.
      await store.end(session.id, session.userId)
      return { ok: false, reason: 'reused', session }
    },

    check: ({ sid, sub }: Pick<Claims, 'sid' | 'sub'>) => store.isActive(sid, sub, clock()),
    end: async (sessionId: string, userId: string) => {
      // A logout that ends nothing is not noticed. A session's id may be what a caller sent, and then is merely not there.
      if (typeof sessionId !== 'string') throw new TypeError('A session id must be text: end(sessionId, userId)')
      const owner = demandId('A user id', userId)
      return isId(sessionId) && store.end(sessionId, owner)
    },
    endAll: async (userId: string, exceptSessionId?: string) =>
      store.endAll(demandId('A user id', userId), exceptSessionId),
    endEverything: async () => store.endEverything(),

    list: async (userId: string) => {
      const now = clock()
      const kept = await store.list(userId, now)
      return kept
        .map((session) => ({ ...session, expiresAt: endOf(session, session.lastUsedAt) }))
        .filter(({ expiresAt }) => now < expiresAt)
    },
  })
}

/** What every store can keep: PostgreSQL's text holds neither halves of a character nor NUL. */
const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed().replaceAll('\0', '\uFFFD')
