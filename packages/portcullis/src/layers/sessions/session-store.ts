/** A session as it is shown to its owner. Times in ms since the epoch. */
export interface SessionInfo {
  readonly id: string
  readonly userId: string
  readonly createdAt: number
  readonly lastUsedAt: number
  /** The session is over at this moment, not after it. */
  readonly expiresAt: number
  /** The address that opened it. */
  readonly client: string
  /** The User-Agent that opened it, at most 200 characters; may be ''. */
  readonly label: string
}

/** What is kept of a refresh token. Times in ms since the epoch. */
export interface StoredRefreshToken {
  /** SHA-256 of the token, hex. */
  readonly hash: string
  readonly sessionId: string
  readonly issuedAt: number
  /** The token is expired at this moment, not after it. */
  readonly expiresAt: number
}

/** What became of a refresh token that was presented. */
export type Rotation =
  | { readonly kind: 'rotated'; readonly session: SessionInfo }
  /** It was used before, and its session is still active. */
  | {
      readonly kind: 'spent'
      readonly session: SessionInfo
      readonly usedAt: number
      readonly sealedSuccessor: string | null
      readonly successorUnused: boolean
    }
  /** There is no such token, or it is expired, or its session is over. */
  | { readonly kind: 'unknown' }

/**
 * Sessions that a user has open at the most. Without a cap one account that logs in ten times a minute has 432,000 in the 30 days that they
 * last: its list is then megabytes, and a store that is bounded is full for everybody.
 */
export const MAX_SESSIONS_OF_USER = 100

/**
 * Where sessions are kept. Every method may answer at once or by a promise, and throws only when the store is broken or full.
 * `sessionStoreSuite` (test/conformance) is what an implementation has to pass.
 */
export interface SessionStore {
  /**
   * Keeps a new session and its first refresh token, both or neither. Throws when the id or the hash is there already. Ends the
   * oldest when the user has more than MAX_SESSIONS_OF_USER (100) then, in the same atomic step, as `end` does: by last use, then by
   * opening, never the new one. What is over at the new session's `createdAt` does not count.
   */
  open(session: SessionInfo, token: StoredRefreshToken): void | Promise<void>
  /** Is this session of this user neither ended nor expired? Asked for every request. */
  isActive(sessionId: string, userId: string, now: number): boolean | Promise<boolean>
  /**
   * One conditional write: marks `hash` used if and only if it was unused, unexpired and its session active; stores the
   * successor and the sealed text; moves lastUsedAt. Of any number of parallel calls one is answered 'rotated'. A spent token is
   * kept until it expires: that is how a reuse is seen.
   */
  rotate(
    hash: string,
    successor: Omit<StoredRefreshToken, 'sessionId'>,
    sealedSuccessor: string | null,
    now: number,
  ): Rotation | Promise<Rotation>
  /** Ends a session of this user; true when it was active. */
  end(sessionId: string, userId: string): boolean | Promise<boolean>
  /** Ends the sessions of a user, one excepted; answers how many. */
  endAll(userId: string, exceptSessionId?: string): number | Promise<number>
  /** Ends every session there is; answers how many. */
  endEverything(): number | Promise<number>
  /** The active sessions of a user, oldest first. */
  list(userId: string, now: number): readonly SessionInfo[] | Promise<readonly SessionInfo[]>
  /** Forgets what expired, at least a part of it; answers how much, 0 when nothing is left. */
  prune(now: number): number | Promise<number>
}
