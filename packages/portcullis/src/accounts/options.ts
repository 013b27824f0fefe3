import type { Principal } from '../layers/access/index.ts'
import type { Counter, Policy } from '../layers/limits/index.ts'
import type { SessionContext, Sessions } from '../layers/sessions/index.ts'
import type { PasswordHasher } from './passwords/index.ts'
import type { AccountStore, AuditAction, AuditEntry } from './store.ts'

/** What happened to an account, for whoever watches. ASVS 16.3.1. */
export type AccountEvent =
  | 'registered'
  | 'logged-in'
  | 'login-failed'
  | 'logged-out'
  | 'refresh-refused'
  | 'refresh-reused'
  | 'password-changed'
  | 'account-changed'
  | 'account-disabled'
  | 'account-enabled'
  | 'roles-changed'
  | 'sessions-ended'

/** Facts of an event: never a secret, never what somebody typed. */
export interface AccountFacts {
  readonly [fact: string]: string | undefined
  /** The client's address. */
  readonly client: string
  /** The account it happened to, when there is one. */
  readonly subject?: string | undefined
  /** The account that did it, when it is another than the subject. */
  readonly actor?: string | undefined
}

/** What the accounts are made of. */
export interface AccountsOptions {
  readonly store: AccountStore
  readonly sessions: Sessions
  readonly hasher: PasswordHasher
  /** Where the account limit is counted; share it with the other limits. */
  readonly counter: Counter
  readonly limits: {
    /** Password checks of one account, whoever asks and however the account is spelt. */
    readonly account: Policy
  }
  /** ms since the epoch; Date.now by default. */
  readonly clock?: () => number
  readonly onChange?: {
    /** Told after an account's roles, state, password or sessions changed, before the answer goes out: forget what you remember of it. */
    identityChanged(userId: string): void | Promise<void>
  }
  /** Told of each event. Nobody by default. */
  readonly events?: (name: AccountEvent, facts: AccountFacts) => void
}

/** The options with every default in its place. */
export type Parts = Required<AccountsOptions>

/** Fills in the defaults. */
export const partsOf = (options: AccountsOptions): Parts => ({
  clock: Date.now,
  onChange: { identityChanged: () => undefined },
  events: () => undefined,
  ...options,
})

/** Who is calling: the account and the session that the door admitted. */
export type Caller = Pick<Principal, 'id' | 'sessionId'>

/** Makes an entry of the trail. */
export const auditEntry = (
  at: number,
  actor: string | null,
  action: AuditAction,
  subject: string,
  from: SessionContext,
  detail = '',
): AuditEntry => ({ at, actor, action, subject, client: from.client, detail })
