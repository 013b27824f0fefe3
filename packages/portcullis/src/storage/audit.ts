import type { Insertable, Kysely } from 'kysely'
import type { AccountStore, AuditEntry } from '../accounts/index.ts'
import type { AuditEntriesTable, Schema } from './schema.ts'

/** Writes one entry of the trail, in the transaction of the deed. */
export const record = async (transaction: Kysely<Schema>, entry: AuditEntry): Promise<void> => {
  const { at, actor, action, subject, client, detail } = entry
  const row: Insertable<AuditEntriesTable> = { at, actor, action, subject, client, detail }
  await transaction.insertInto('audit_entries').values(row).execute()
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
