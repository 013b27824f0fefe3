import { unfailing } from '../door/index.ts'
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
  /** Told of each event. Nobody by default. What it throws, or rejects with, is a warning of the process and changes no answer. */
  readonly events?: (name: AccountEvent, facts: AccountFacts) => void
}

/** The options with every default in its place. */
export type Parts = Required<AccountsOptions>

const isFunction = (part: unknown): boolean => typeof part === 'function'

const having =
  (method: string) =>
  (part: unknown): boolean =>
    isFunction(Object(part)[method])

/** What each part is known by, and the sentence for what is none. */
const TAKES: Readonly<Record<keyof Parts, readonly [known: (part: unknown) => boolean, sentence: string]>> = {
  store: [having('byEmail'), 'takes a store of accounts: the `accounts` of what openStorage answers'],
  sessions: [having('open'), 'takes app.portcullis.sessions'],
  hasher: [having('verify'), 'takes what passwordHasher() answers'],
  counter: [having('take'), 'takes a counter: memoryCounter(), or the `counter` of what openRedis answers'],
  limits: [(part) => Object(Object(part).account).quota !== undefined, 'takes app.portcullis.limits'],
  clock: [isFunction, 'takes a function that answers ms since the epoch, such as Date.now'],
  onChange: [having('identityChanged'), 'takes an object with a function identityChanged'],
  events: [isFunction, 'takes a function, such as app.portcullis.events.publish'],
}

/**
 * Fills in the defaults.
 *
 * @throws TypeError with whatever is missing, of the wrong kind or no option: it would be a 500 at the first login
 */
export const partsOf = (options: AccountsOptions): Parts => {
  const given = Object(options) as AccountsOptions
  const parts: Parts = {
    ...given,
    clock: given.clock ?? Date.now,
    onChange: given.onChange ?? { identityChanged: () => undefined },
    events: given.events ?? (() => undefined),
  }
  const faults = Object.entries(TAKES).flatMap(([name, [known, sentence]]) =>
    known(parts[name as keyof Parts]) ? [] : [`${name} ${sentence}`],
  )
  for (const name of Object.keys(given))
    if (!Object.hasOwn(TAKES, name)) faults.push(`${name} is not an option; there are ${Object.keys(TAKES).join(', ')}`)
  if (faults.length > 0)
    throw new TypeError(`accounts can't be made of this:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
  return { ...parts, events: unfailing(parts.events) }
}

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
