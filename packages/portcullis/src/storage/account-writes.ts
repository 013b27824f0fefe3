import type { Kysely, UpdateObject } from 'kysely'
import type { AccountStore, AuditEntry } from '../accounts/index.ts'
import { nameKey } from './account-reads.ts'
import { record } from './audit.ts'
import type { Engine } from './engine.ts'
import type { Schema } from './schema.ts'
import { endSessionsOf } from './session-ends.ts'

type Writes = 'create' | 'setPassword' | 'rehash' | 'setNames' | 'setRoles' | 'setDisabled'

/** What is done to accounts: each method one transaction, with the entry of the trail in it. */
export const accountWrites = (database: Kysely<Schema>, engine: Engine): Pick<AccountStore, Writes> => ({
  create: (account, audit) =>
    database.transaction().execute(async (transaction) => {
      const { id, email, username, passwordHash, createdAt } = account
      const { numInsertedOrUpdatedRows: inserted } = await transaction
        .insertInto('users')
        .values({
          id,
          email,
          email_key: nameKey(email),
          username,
          username_key: nameKey(username),
          password_hash: passwordHash,
          created_at: createdAt,
          changed_at: createdAt,
          disabled_at: null,
        })
        // The constraint decides, not a look before: two registrations of one name can look at the same time.
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (inserted !== 1n) return 'taken'
      await record(transaction, audit)
      return 'created'
    }),

  setPassword: (id, expected, hash, keepSessionId, audit) =>
    database.transaction().execute(async (transaction) => {
      if (!(await replaceHash(transaction, id, expected, hash, audit))) return false
      await endSessionsOf(transaction, engine, id, audit.at, keepSessionId)
      return true
    }),

  rehash: (id, expected, hash, audit) =>
    database.transaction().execute((transaction) => replaceHash(transaction, id, expected, hash, audit)),

  setNames: async (id, { email, username }, audit, expected) => {
    try {
      const columns = {
        ...(email === undefined ? {} : { email, email_key: nameKey(email) }),
        ...(username === undefined ? {} : { username, username_key: nameKey(username) }),
      }
      const changed = await change(database, id, audit, { columns, ...(expected === undefined ? {} : { expected }) })
      return changed ? 'changed' : 'unknown'
    } catch (error) {
      if (engine.isTaken(error)) return 'taken'
      throw error
    }
  },

  setRoles: async (id, roles, audit, expected) => {
    try {
      return await change(database, id, audit, {
        further: async (transaction) => {
          const before = await transaction
            .deleteFrom('user_roles')
            .where('user_id', '=', id)
            .returning('role')
            .execute()
          if (expected !== undefined && !isSame(expected, before)) throw new OtherRoles()
          const rows = [...new Set(roles)].map((role) => ({ user_id: id, role }))
          if (rows.length > 0) await transaction.insertInto('user_roles').values(rows).execute()
        },
      })
    } catch (error) {
      if (error instanceof OtherRoles) return false
      throw error
    }
  },

  setDisabled: (id, disabled, audit) =>
    change(database, id, audit, {
      columns: { disabled_at: disabled ? audit.at : null },
      further: async (transaction) => {
        if (disabled) await endSessionsOf(transaction, engine, id, audit.at)
      },
    }),
})

/** Undoes the transaction in which an account's roles turned out to be others than were expected. */
class OtherRoles extends Error {}

const isSame = (expected: readonly string[], rows: readonly { readonly role: string }[]): boolean => {
  const roles = new Set(expected)
  return roles.size === rows.length && rows.every(({ role }) => roles.has(role))
}

/** What is changed of one account. */
interface Change {
  readonly columns?: UpdateObject<Schema, 'users'>
  /** Done in the same transaction. */
  readonly further?: (transaction: Kysely<Schema>) => Promise<void>
  /** The hash that was proven: nothing is changed once it is another's, or the account is disabled. */
  readonly expected?: string
}

/** The update comes first: it tells whether the account exists, and keeps two changes of one account apart. */
const change = (
  database: Kysely<Schema>,
  id: string,
  audit: AuditEntry,
  { columns, further, expected }: Change,
): Promise<boolean> =>
  database.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('users')
      .set({ ...columns, changed_at: audit.at })
      .where('id', '=', id)
      .$if(expected !== undefined, (query) =>
        query.where('password_hash', '=', expected ?? '').where('disabled_at', 'is', null),
      )
      .executeTakeFirstOrThrow()
    if (numUpdatedRows !== 1n) return false
    await further?.(transaction)
    await record(transaction, audit)
    return true
  })

const replaceHash = async (
  transaction: Kysely<Schema>,
  id: string,
  expected: string,
  hash: string,
  audit: AuditEntry,
): Promise<boolean> => {
  const { numUpdatedRows } = await transaction
    .updateTable('users')
    .set({ password_hash: hash, changed_at: audit.at })
    .where('id', '=', id)
    .where('password_hash', '=', expected)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) return false
  await record(transaction, audit)
  return true
}
