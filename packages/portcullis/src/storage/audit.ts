import type { Insertable, Kysely } from 'kysely'
import type { AccountStore, AuditEntry } from '../accounts/index.ts'
import type { AuditEntriesTable, Schema } from './schema.ts'

/** Writes entries of the trail, one at least, in the transaction of the deed. */
export const record = async (
  transaction: Kysely<Schema>,
  ...entries: readonly [AuditEntry, ...AuditEntry[]]
): Promise<void> => {
  const rows = entries.map(
    ({ at, actor, action, subject, client, detail }): Insertable<AuditEntriesTable> => ({
      at,
      actor,
      action,
      subject,
      client,
      detail,
    }),
  )
  await transaction.insertInto('audit_entries').values(rows).execute()
}

/** Reads the newest entries, of one account or of all. */
export const trail =
  (database: Kysely<Schema>): AccountStore['audit'] =>
  async ({ subject, limit }) => {
    const rows = await database
      .selectFrom('audit_entries')
      .select(['at', 'actor', 'action', 'subject', 'client', 'detail'])
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({ ...row }))
  }
