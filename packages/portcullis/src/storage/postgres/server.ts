import { type Kysely, sql } from 'kysely'

interface Server {
  readonly version: number
  readonly encoding: string
  readonly commit: string
  readonly isolation: string
}

/** Throws one sentence when the server is too old, can't hold every name, acknowledges what is not on its disk yet, or lets a transaction see less than it waited for. */
export const checkServer = async (database: Kysely<unknown>, place: string): Promise<void> => {
  const { rows } = await sql<Server>`select
    current_setting('server_version_num')::int as version,
    current_setting('server_encoding') as encoding,
    current_setting('synchronous_commit') as commit,
    current_setting('default_transaction_isolation') as isolation
  `.execute(database)
  const [row = { version: 0, encoding: '', commit: '', isolation: '' }] = rows
  const fault = faultOf(row)
  if (fault !== undefined) throw new Error(`The database ${place} ${fault}.`)
}

const faultOf = ({ version, encoding, commit, isolation }: Server): string | undefined => {
  // pg_current_xact_id() and pg_visible_in_snapshot() came with 13.
  if (version < 130_000) return 'is of a PostgreSQL before 13: bring the server up to date'
  if (encoding !== 'UTF8') return 'does not keep its text in UTF-8: create it with encoding UTF8'
  if (commit === 'off')
    return 'acknowledges writes before they are on the disk: take the setting synchronous_commit = off away'
  // A transaction that has waited for a lock must see what its holder wrote: a snapshot from before the wait would miss a session to end.
  // Transactions of this storage say so themselves; others beside it, of the application or by hand, go by the setting.
  if (isolation !== 'read committed')
    return `begins transactions as ${isolation}: take the setting default_transaction_isolation away, for this database or user`
  return undefined
}
