import { type Kysely, sql } from 'kysely'
import type { SessionStore } from '../layers/sessions/index.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'

/** Ends every session of an account but one, in one statement of the caller's transaction; answers how many were active. */
export const endSessionsOf = async (
  transaction: Kysely<Schema>,
  userId: string,
  at: number,
  exceptSessionId?: string,
): Promise<number> => {
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
      const count = await endSessionsOf(transaction, userId, at, exceptSessionId)
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
