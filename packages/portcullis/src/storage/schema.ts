import type { Generated } from 'kysely'
import type { AuditAction } from '../accounts/index.ts'

/** The tables of this room. Times are integer milliseconds since the epoch; an application adds its own tables beside them. */
export interface Schema {
  readonly users: UsersTable
  readonly user_roles: UserRolesTable
  readonly sessions: SessionsTable
  readonly refresh_tokens: RefreshTokensTable
  readonly audit_entries: AuditEntriesTable
}

/** One account. */
export interface UsersTable {
  /** Counts up in the order of registration. */
  readonly seq: Generated<number>
  readonly id: string
  readonly email: string
  /** The e-mail in lower-case ASCII: unique. */
  readonly email_key: string
  readonly username: string
  /** The username in lower-case ASCII: unique. */
  readonly username_key: string
  readonly password_hash: string
  readonly created_at: number
  /** When its names, roles, password or switch were last set. */
  readonly changed_at: number
  /** null while the account may be used. */
  readonly disabled_at: number | null
}

/** One row for each role an account has. */
export interface UserRolesTable {
  readonly user_id: string
  readonly role: string
}

/** One session; its user need not be in `users`, since an application may keep its own. */
export interface SessionsTable {
  readonly id: string
  readonly user_id: string
  readonly created_at: number
  readonly last_used_at: number
  readonly expires_at: number
  /** null while it has not been ended before its time. */
  readonly ended_at: number | null
  readonly client: string
  readonly label: string
}

/** One refresh token, spent ones included: they are how a reuse is seen. */
export interface RefreshTokensTable {
  /** SHA-256 of the token, hex. */
  readonly hash: string
  readonly session_id: string
  readonly issued_at: number
  readonly expires_at: number
  readonly used_at: number | null
  readonly sealed_successor: string | null
  readonly successor_hash: string | null
}

/** One entry of the audit trail; never changed, never removed. */
export interface AuditEntriesTable {
  readonly seq: Generated<number>
  readonly at: number
  readonly actor: string | null
  readonly action: AuditAction
  readonly subject: string
  readonly client: string
  readonly detail: string
}
