/** An account that may act. */
export interface KnownIdentity {
  readonly id: string
  readonly roles: readonly string[]
}

/** What one look into the database found of an account and, when it was asked for one, of its session. */
export interface Found {
  readonly userId: string
  /** Undefined when there is no such account here, or it is disabled. */
  readonly identity?: KnownIdentity | undefined
  /** An active one. */
  readonly session?: { readonly id: string; readonly expiresAt: number }
}

/** Who is logged in and with which roles, as far as it is remembered: only what grants, never what refuses. */
export interface Standing {
  identity(userId: string): KnownIdentity | undefined
  /** The end of an active session of this account, in ms. */
  session(sessionId: string, userId: string): number | undefined
  /** Changes with every drop; who is about to read takes it along. */
  readonly generation: number
  /** Keeps what was found by a read that began at that generation, unless something was dropped since: the read may be older. */
  remember(generation: number, found: Found): void
  /** Forgets an account and its sessions; null forgets everything. */
  drop(userId: string | null): void
  /** How many are remembered. */
  counts(): { readonly accounts: number; readonly sessions: number }
}

interface KnownAccount {
  identity: KnownIdentity | undefined
}

interface KnownSession {
  /** The account as it was remembered then: when that was dropped, this counts no more. */
  readonly account: KnownAccount
  readonly expiresAt: number
}

/** An empty memory of at most `capacity` accounts and as many sessions; the oldest go first. 100,000 of both are some 40 MB. */
export const standing = (capacity = 100_000): Standing => {
  const accounts = new Map<string, KnownAccount>()
  const sessions = new Map<string, KnownSession>()
  let generation = 0

  const accountOf = ({ userId, identity }: Found): KnownAccount => {
    const known = accounts.get(userId)
    if (known !== undefined) {
      known.identity = identity
      return known
    }
    const account: KnownAccount = { identity }
    set(accounts, userId, account, capacity)
    return account
  }

  return {
    identity: (userId) => accounts.get(userId)?.identity,
    session: (sessionId, userId) => {
      const session = sessions.get(sessionId)
      if (session === undefined || session.account !== accounts.get(userId)) return undefined
      return session.expiresAt
    },
    get generation() {
      return generation
    },
    remember: (began, found) => {
      if (began !== generation) return
      const account = accountOf(found)
      if (found.session === undefined) return
      const { id, expiresAt } = found.session
      set(sessions, id, { account, expiresAt }, capacity)
    },
    drop: (userId) => {
      generation += 1
      if (userId !== null) {
        accounts.delete(userId)
        return
      }
      accounts.clear()
      sessions.clear()
    },
    counts: () => ({ accounts: accounts.size, sessions: sessions.size }),
  }
}

/** Sets an entry as the newest one, and lets the oldest go when there are too many. */
const set = <Value>(map: Map<string, Value>, key: string, value: Value, capacity: number): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size <= capacity) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
