/** A person's account, without anything secret. */
export interface Account {
  readonly id: string
  /** As written; unique without regard to case. */
  readonly email: string
  /** As written; unique without regard to case. */
  readonly username: string
  readonly roles: readonly string[]
  readonly disabled: boolean
  /** ms since the epoch */
  readonly createdAt: number
}

/** An account with the PHC string of its password: never leaves this room and the storage. */
export interface StoredAccount extends Account {
  readonly passwordHash: string
}

/** What was done to an account; kept for good, in the same transaction as the deed. */
export type AuditAction =
  | 'account.registered'
  | 'account.changed'
  | 'account.disabled'
  | 'account.enabled'
  | 'password.changed'
  | 'password.rehashed'
  | 'roles.changed'
  | 'session.opened'
  | 'session.ended'
  | 'sessions.ended'

/** Who did what to which account, from where, when. */
export interface AuditEntry {
  readonly at: number
  /** The acting account's id, 'cli' for the command, null for nobody known. */
  readonly actor: string | null
  readonly action: AuditAction
  /** The account it was done to. */
  readonly subject: string
  /** The client's address, '' for the command. */
  readonly client: string
  /** Plain words, such as the roles that were set; never a secret. */
  readonly detail: string
}

/**
 * What accounts need to be kept. Each method is one transaction; each is durable when its promise is fulfilled. Throws only when
 * the store is broken. Names are compared without regard to case (ASCII).
 */
export interface AccountStore {
  create(account: Omit<StoredAccount, 'roles' | 'disabled'>, audit: AuditEntry): Promise<'created' | 'taken'>
  byEmail(email: string): Promise<StoredAccount | null>
  byUsername(username: string): Promise<StoredAccount | null>
  byId(id: string): Promise<StoredAccount | null>
  /** The hot path, asked for every request: null when there is no such account or it is disabled. */
  identity(
    id: string,
  ):
    | { readonly id: string; readonly roles: readonly string[] }
    | null
    | Promise<{ readonly id: string; readonly roles: readonly string[] } | null>
  /**
   * Sets the hash only while it is still `expected` and the account is not disabled, and ends every session but `keepSessionId` in the same
   * transaction; else false: whoever an admin has locked out meanwhile must not choose the password for when the account is opened again.
   */
  setPassword(id: string, expected: string, hash: string, keepSessionId: string, audit: AuditEntry): Promise<boolean>
  /** A rehash of the same password, under the same conditions: no session ends. */
  rehash(id: string, expected: string, hash: string, audit: AuditEntry): Promise<boolean>
  /** With `expected` only while the hash is still that one and the account is not disabled; else 'unknown'. */
  setNames(
    id: string,
    names: { readonly email?: string; readonly username?: string },
    audit: AuditEntry,
    expected?: string,
  ): Promise<'changed' | 'taken' | 'unknown'>
  /** With `expected` only while the account's roles are still those, in any order; else false. */
  setRoles(id: string, roles: readonly string[], audit: AuditEntry, expected?: readonly string[]): Promise<boolean>
  /** Disabling ends every session of the account in the same transaction. */
  setDisabled(id: string, disabled: boolean, audit: AuditEntry): Promise<boolean>
  /** Page by page, in the order of registration: those after the cursor (an account's id), at most `limit`. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly Account[]>
  /** The newest entries of the trail about one account, or about all. */
  audit(filter: { readonly subject?: string; readonly limit: number }): Promise<readonly AuditEntry[]>
  /** Fulfilled when the store answers; rejected when it does not. */
  ping(): Promise<void>
}
