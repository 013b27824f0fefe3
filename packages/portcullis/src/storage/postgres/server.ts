import { type Kysely, sql } from 'kysely'

/** Throws one sentence when the server is too old, can't hold every name, or acknowledges what is not on its disk yet. */
export const checkServer = async (database: Kysely<unknown>, place: string): Promise<void> => {
  const { rows } = await sql<{ version: number; encoding: string; commit: string }>`select
    current_setting('server_version_num')::int as version,
    current_setting('server_encoding') as encoding,
    current_setting('synchronous_commit') as commit
  `.execute(database)
  const [{ version, encoding, commit } = { version: 0, encoding: '', commit: '' }] = rows
  const fault = faultOf(version, encoding, commit)
  if (fault !== undefined) throw new Error(`The database ${place} ${fault}.`)
}

const faultOf = (version: number, encoding: string, commit: string): string | undefined => {
  // pg_current_xact_id() and pg_visible_in_snapshot() came with 13.
  if (version < 130_000) return 'is of a PostgreSQL before 13: bring the server up to date'
  if (encoding !== 'UTF8') return 'does not keep its text in UTF-8: create it with encoding UTF8'
  if (commit === 'off')
    return 'acknowledges writes before they are on the disk: take the setting synchronous_commit = off away'
  return undefined
}
