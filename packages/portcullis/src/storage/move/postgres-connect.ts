import { aboutPlace, unavailable } from '../postgres/errors.ts'
import { GuardedClient } from '../postgres/guarded-client.ts'
import { aboutStatement } from './postgres-errors.ts'
import type { Ask } from './postgres-tables.ts'

/** One connection, for as long as a move takes. */
export interface PostgresConnection {
  /** Throws an Error with one sentence, which holds no value. Of a refused row it names the table. */
  ask(text: string, values?: readonly unknown[], table?: string): ReturnType<Ask>
  close(): Promise<void>
}

/** ms that a statement may take: writing a large table at once takes its time, a server that hangs is given up. */
const statementMs = 3_600_000

/** Every value as its text, the same on every server: zones, digits and bytes are printed in one way. */
const printed = [
  "set time zone 'UTC'",
  'set datestyle = ISO',
  'set extra_float_digits = 1',
  'set bytea_output = hex',
  // The snapshot of a source waits for as long as the destination takes.
  'set idle_in_transaction_session_timeout = 0',
]

/** Opens a connection; throws an Error with one sentence, which names the place. */
export const connectPostgres = async (url: string, place: string): Promise<PostgresConnection> => {
  const client = new GuardedClient({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1000,
    keepAlive: true,
    fallback_application_name: 'portcullis move',
    types: { getTypeParser: () => (text: string) => text },
  })
  // Without a listener a connection that is lost between two statements would end the process; the next statement tells.
  client.on('error', () => {})
  const ask: PostgresConnection['ask'] = async (text, values = [], table) => {
    try {
      return (await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array' })).rows
    } catch (error) {
      throw aboutStatement(place, error, table)
    }
  }
  try {
    await client.connect()
  } catch (error) {
    throw aboutPlace(place, unavailable(error))
  }
  try {
    for (const statement of printed) await ask(statement)
  } catch (error) {
    await client.end()
    throw error
  }
  return { ask, close: () => client.end() }
}
