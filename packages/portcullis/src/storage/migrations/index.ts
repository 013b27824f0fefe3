/** The steps of this room's schema, oldest first; a released one is never changed, only followed by another. */
import type { Migration } from '../migrate.ts'
import { accountsAndSessions } from './0001-accounts-and-sessions.ts'

export const migrations: readonly Migration[] = [accountsAndSessions]
