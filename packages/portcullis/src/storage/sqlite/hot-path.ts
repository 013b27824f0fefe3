import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Compilable, Kysely } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Unmoved } from './unmoved.ts'

/** The two questions of every request, answered without a promise. */
export interface HotPath {
  /** The account's roles; null when there is no such account or it is disabled. */
  identity(id: string): { readonly id: string; readonly roles: readonly string[] } | null
  /** Is this session of this user neither ended nor expired at `now` (ms)? */
  isActive(sessionId: string, userId: string, now: number): boolean
}

/**
 * Asks on a connection of its own that only reads: each statement is its own transaction, so it sees what any process on the file has
 * committed, and never what a transaction of this process has not committed yet.
 */
export const hotPath = (reader: DatabaseSync, database: Kysely<Schema>, file: Unmoved): HotPath => {
  const rolesOf = prepared<[id: string]>(
    reader,
    file,
    database
      .selectFrom('users')
      .leftJoin('user_roles', 'user_roles.user_id', 'users.id')
      .select('user_roles.role')
      .where('users.id', '=', '')
      .where('users.disabled_at', 'is', null)
      .orderBy('user_roles.role'),
  )
  const active = prepared<[sessionId: string, userId: string, now: number]>(
    reader,
    file,
    database
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', '')
      .where('user_id', '=', '')
      .where('expires_at', '>', 0)
      .where('ended_at', 'is', null),
  )
  return {
    identity: (id) => {
      const rows = rolesOf(id)
      if (rows.length === 0) return null
      return { id, roles: rows.map(([role]) => role).filter((role) => typeof role === 'string') }
    },
    isActive: (sessionId, userId, now) => active(sessionId, userId, now).length > 0,
  }
}

/** Compiled and prepared once; the values are bound in the order in which the query names them. */
const prepared = <Values extends readonly SQLInputValue[]>(reader: DatabaseSync, file: Unmoved, query: Compilable) => {
  const statement = reader.prepare(query.compile().sql)
  statement.setReturnArrays(true)
  // In this mode rows are arrays; the type of node:sqlite does not know it.
  return (...values: Values) => {
    file.demandOften()
    return statement.all(...values) as unknown as readonly (readonly unknown[])[]
  }
}
