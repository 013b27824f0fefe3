import type { Kysely } from 'kysely'
import type { AccountStore } from '../accounts/index.ts'
import { accountReads } from './account-reads.ts'
import { accountWrites } from './account-writes.ts'
import { trail } from './audit.ts'
import type { Engine } from './engine.ts'
import type { Schema } from './schema.ts'
import { type Sessions, sessionStore } from './session-store.ts'

/** Both stores of any database that Kysely speaks to, without the two questions of every request: an engine answers those in its own way. */
export interface Stores {
  readonly accounts: Omit<AccountStore, 'identity'>
  readonly sessions: Sessions
}

/** Puts them together. */
export const storesOf = (database: Kysely<Schema>, engine: Engine, clock: () => number): Stores => ({
  accounts: {
    ...accountReads(database),
    ...accountWrites(database, engine),
    audit: trail(database),
    ping: async () => {
      await database.selectFrom('users').select('seq').limit(1).execute()
    },
  },
  sessions: sessionStore(database, engine, clock),
})
