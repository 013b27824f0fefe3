import type { AccountStore } from '../accounts/index.ts'
import type { SessionStore } from '../layers/sessions/index.ts'
import type { Sessions as KeptSessions } from './session-store.ts'

/** Told of writes that change who may do what. The subject is an account's id, null for every account. */
export interface Changes {
  /** It has committed, and is not acknowledged yet. */
  committed(subject: string | null): void
  /** It failed; the error may leave open whether it committed. */
  failed(subject: string | null, error: unknown): void
}

type Accounts = Pick<AccountStore, 'setPassword' | 'setRoles' | 'setDisabled'>
type Sessions = Pick<KeptSessions, 'open' | 'end' | 'endAll' | 'endEverything'>

/** The same stores, whose writes tell of a change before they are acknowledged. A write that changed nothing tells nothing. */
export const telling = <A extends Accounts, S extends Sessions>(
  accounts: A,
  sessions: S,
  { committed, failed }: Changes,
): { readonly accounts: A; readonly sessions: Omit<S, 'open'> & Pick<SessionStore, 'open'> } => {
  const told = async <Answer>(subject: string | null, write: Answer | Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await write
      if (answer !== false && answer !== 0) committed(subject)
      return answer
    } catch (error) {
      failed(subject, error)
      throw error
    }
  }
  return {
    accounts: {
      ...accounts,
      setPassword: (id, ...rest) => told(id, accounts.setPassword(id, ...rest)),
      setRoles: (id, ...rest) => told(id, accounts.setRoles(id, ...rest)),
      setDisabled: (id, ...rest) => told(id, accounts.setDisabled(id, ...rest)),
    },
    sessions: {
      ...sessions,
      open: async (session, token) => {
        await told(session.userId, sessions.open(session, token))
      },
      end: (sessionId, userId) => told(userId, sessions.end(sessionId, userId)),
      endAll: (userId, except) => told(userId, sessions.endAll(userId, except)),
      endEverything: () => told(null, sessions.endEverything()),
    },
  }
}

/** Those who want to hear of changes. */
export interface Listeners {
  readonly add: (listener: () => void) => void
  readonly tell: () => void
}

/** None at first. A listener that throws keeps neither the others nor the write's acknowledgement back. */
export const listeners = (): Listeners => {
  const all: (() => void)[] = []
  return {
    add: (listener) => {
      all.push(listener)
    },
    tell: () => {
      for (const listener of all) {
        try {
          listener()
        } catch {
          // The write has committed; what its announcement does is its own affair.
        }
      }
    },
  }
}
