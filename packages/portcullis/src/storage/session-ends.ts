import { type Kysely, sql } from 'kysely'
import type { AuditEntry } from '../accounts/index.ts'
import { MAX_SESSIONS_OF_USER, type SessionInfo, type SessionStore } from '../layers/sessions/index.ts'
import { record } from './audit.ts'
import type { Engine } from './engine.ts'
import type { Schema } from './schema.ts'

/** Sessions that an opening ends at the most. It is one, but where an account has them from before there was a cap. */
const surplusLimit = 1000

/** The name under which the sessions of an account are opened, or all ended: by one at a time. */
const sessionsOf = (userId: string): string => `sessions of ${userId}`

/**
 * Before a session is opened in the caller's transaction. A login proves the password, opens a session and then looks whether the
 * password still holds; without this a change of it could commit after that look, and not see the new session among those it ends.
 * And of two that open at once neither would see the other's session, and both would leave it uncounted.
 */
export const holdToOpen = (transaction: Kysely<Schema>, engine: Engine, userId: string): Promise<void> =>
  engine.hold(transaction, sessionsOf(userId))

/**
 * Before a session is opened, in its transaction, which holds the account's: makes its user's open sessions one fewer than there may be.
 * The entries for the trail of what ended.
 */
export const endOldest = async (
  transaction: Kysely<Schema>,
  { userId, createdAt }: SessionInfo,
  at: number,
): Promise<readonly AuditEntry[]> => {
  // The index finds the user's open sessions, which are a hundred: to sort them costs less than to keep the last use in an index,
  // which every refresh would have to write.
  const surplus = await transaction
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', createdAt)
    .orderBy('last_used_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(surplusLimit)
    .offset(MAX_SESSIONS_OF_USER - 1)
    .execute()
  if (surplus.length === 0) return []
  const ids = surplus.map(({ id }) => id)
  const ended = await transaction
    .updateTable('sessions')
    .set({ ended_at: at })
    .where('id', 'in', ids)
    .where('ended_at', 'is', null)
    .returning(['id', 'client'])
    .execute()
  return ended.map(({ id, client }) => ({
    at,
    actor: userId,
    action: 'session.ended',
    subject: userId,
    client,
    detail: `session ${id}, the oldest of more than ${MAX_SESSIONS_OF_USER}`,
  }))
}

/** Ends every session of an account but one, in the caller's transaction; answers how many were active. */
export const endSessionsOf = async (
  transaction: Kysely<Schema>,
  engine: Engine,
  userId: string,
  at: number,
  exceptSessionId?: string,
): Promise<number> => {
  await engine.hold(transaction, sessionsOf(userId))
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set({ ended_at: at })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .$if(exceptSessionId !== undefined, (query) => query.where('id', '!=', exceptSessionId ?? ''))
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** The ways a session ends before its time, each with its entry in the trail. */
export const sessionEnds = (
  database: Kysely<Schema>,
  engine: Engine,
  clock: () => number,
): Pick<SessionStore, 'end' | 'endAll' | 'endEverything'> => ({
  end: (sessionId, userId) =>
    database.transaction().execute(async (transaction) => {
      const at = clock()
      const ended = await transaction
        .updateTable('sessions')
        .set({ ended_at: at })
        .where('id', '=', sessionId)
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .returning('client')
        .executeTakeFirst()
      if (ended === undefined) return false
      const { client } = ended
      const detail = `session ${sessionId}`
      await record(transaction, { at, actor: userId, action: 'session.ended', subject: userId, client, detail })
      return true
    }),

  endAll: (userId, exceptSessionId) =>
    database.transaction().execute(async (transaction) => {
      const at = clock()
      const count = await endSessionsOf(transaction, engine, userId, at, exceptSessionId)
      const detail = `${count} ended`
      if (count > 0)
        await record(transaction, { at, actor: userId, action: 'sessions.ended', subject: userId, client: '', detail })
      return count
    }),

  endEverything: () =>
    database.transaction().execute(async (transaction) => {
      const at = clock()
      await transaction
        .insertInto('audit_entries')
        .columns(['at', 'action', 'subject', 'client', 'detail'])
        .expression((query) =>
          query
            .selectFrom('sessions')
            .where('ended_at', 'is', null)
            .groupBy('user_id')
            .select(({ val, fn }) => [
              val(at).as('at'),
              val('sessions.ended' as const).as('action'),
              'user_id',
              val('').as('client'),
              sql<string>`cast(${fn.countAll()} as text) || ' ended, with every other session there was'`.as('detail'),
            ]),
        )
        .execute()
      const { numUpdatedRows } = await transaction
        .updateTable('sessions')
        .set({ ended_at: at })
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    }),
})
