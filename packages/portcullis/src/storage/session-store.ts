import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { SessionStore } from '../layers/sessions/index.ts'
import { record } from './audit.ts'
import type { Engine } from './engine.ts'
import type { Schema } from './schema.ts'
import { endOldest, holdToOpen, sessionEnds } from './session-ends.ts'
import { rotation, sessionOf } from './session-rotation.ts'

/** Rows that one call of prune removes from each table at the most: a write lock held for some 10 ms. */
const pruneLimit = 1000

/** The port without `isActive`, which an engine answers in its own way. */
export interface Sessions extends Omit<SessionStore, 'isActive' | 'open'> {
  /** As the port has it; answers how many older ones it ended, so that somebody can tell of it. */
  open(...session: Parameters<SessionStore['open']>): Promise<number>
}

/** The session store of any database that Kysely speaks to. */
export const sessionStore = (database: Kysely<Schema>, engine: Engine, clock: () => number): Sessions => ({
  open: (session, token) =>
    database.transaction().execute(async (transaction) => {
      const { id, userId, createdAt, lastUsedAt, expiresAt, client, label } = session
      if (token.sessionId !== id) throw new Error('A refresh token was given with a session that is not its own')
      await holdToOpen(transaction, engine, userId)
      const at = clock()
      const ended = await endOldest(transaction, session, at)
      await transaction
        .insertInto('sessions')
        .values({
          id,
          user_id: userId,
          created_at: createdAt,
          last_used_at: lastUsedAt,
          expires_at: expiresAt,
          client,
          label,
        })
        .execute()
      await transaction
        .insertInto('refresh_tokens')
        .values({
          hash: token.hash,
          session_id: token.sessionId,
          issued_at: token.issuedAt,
          expires_at: token.expiresAt,
        })
        .execute()
      const detail = `session ${id}`
      const opened = { at, actor: userId, action: 'session.opened', subject: userId, client, detail } as const
      await record(transaction, opened, ...ended)
      return ended.length
    }),

  rotate: rotation(database),

  ...sessionEnds(database, engine, clock),

  list: async (userId, now) => {
    const rows = await database
      .selectFrom('sessions')
      .selectAll()
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(sessionOf)
  },

  prune: (now) =>
    database.transaction().execute(async (transaction) => {
      // Of two that prune at once one would find its rows gone, and say that nothing is left.
      await engine.hold(transaction, 'prune')
      return prune(transaction, now)
    }),
})

/**
 * Tokens before sessions: a session that still has some would take thousands of them along in one statement. Answers how many rows went; 0
 * when nothing is left to do.
 */
const prune = async (transaction: Kysely<Schema>, now: number): Promise<number> => {
  const old = transaction.selectFrom('refresh_tokens as old').select('old.hash').limit(pruneLimit)
  const expired = await forget(transaction, old.where('old.expires_at', '<=', now))
  const over = await transaction
    .selectFrom('sessions')
    .select('id')
    // A range and not IS NOT NULL, for which SQLite would read the whole table.
    .where(({ or, eb }) => or([eb('expires_at', '<=', now), eb('ended_at', '>=', 0)]))
    .limit(pruneLimit)
    .execute()
  const ids = over.map(({ id }) => id)
  if (ids.length === 0) return expired
  const orphaned = await forget(transaction, old.where('old.session_id', 'in', ids))
  const { numDeletedRows } = await transaction
    .deleteFrom('sessions')
    .where('id', 'in', ids)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('refresh_tokens').select('hash').whereRef('session_id', '=', 'sessions.id'))),
    )
    .executeTakeFirstOrThrow()
  return expired + orphaned + Number(numDeletedRows)
}

const forget = async (
  transaction: Kysely<Schema>,
  hashes: SelectQueryBuilder<Schema, never, { readonly hash: string }>,
): Promise<number> => {
  const { numDeletedRows } = await transaction
    .deleteFrom('refresh_tokens')
    .where('hash', 'in', hashes)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
