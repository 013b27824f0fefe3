import type { Kysely, Selectable } from 'kysely'
import type { Rotation, SessionInfo, SessionStore } from '../layers/sessions/index.ts'
import type { Schema, SessionsTable } from './schema.ts'

/** A row of the table in the words of the port. */
export const sessionOf = (row: Selectable<SessionsTable>): SessionInfo => ({
  id: row.id,
  userId: row.user_id,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  client: row.client,
  label: row.label,
})

/** Rolls a rotation back whose session ended after its token was marked. */
class SessionOver extends Error {}

/** One conditional write decides who may use a refresh token: of any number of processes, one finds it unused. */
export const rotation =
  (database: Kysely<Schema>): SessionStore['rotate'] =>
  async (hash, successor, sealedSuccessor, now) => {
    try {
      return await rotate(database, hash, successor, sealedSuccessor, now)
    } catch (error) {
      if (error instanceof SessionOver) return { kind: 'unknown' }
      throw error
    }
  }

const rotate = (
  database: Kysely<Schema>,
  ...[hash, successor, sealedSuccessor, now]: Parameters<SessionStore['rotate']>
): Promise<Rotation> =>
  database.transaction().execute(async (transaction) => {
    const spent = await transaction
      .updateTable('refresh_tokens')
      .set({ used_at: now, sealed_successor: sealedSuccessor, successor_hash: successor.hash })
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('sessions')
            .select('sessions.id')
            .whereRef('sessions.id', '=', 'refresh_tokens.session_id')
            .where('sessions.ended_at', 'is', null)
            .where('sessions.expires_at', '>', now),
        ),
      )
      .returning('session_id')
      .executeTakeFirst()
    if (spent === undefined) return whyNot(transaction, hash, now)

    const { hash: next, issuedAt: issued_at, expiresAt: expires_at } = successor
    await transaction
      .insertInto('refresh_tokens')
      .values({ hash: next, session_id: spent.session_id, issued_at, expires_at })
      .execute()
    // Asked again where the row is locked: on PostgreSQL another transaction may have ended the session since it was looked at.
    const session = await transaction
      .updateTable('sessions')
      .set({ last_used_at: now })
      .where('id', '=', spent.session_id)
      .where('ended_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (session === undefined) throw new SessionOver()
    return { kind: 'rotated', session: sessionOf(session) }
  })

/** Looks only after the write refused, in its transaction: what it sees cannot have changed since. */
const whyNot = async (transaction: Kysely<Schema>, hash: string, now: number): Promise<Rotation> => {
  const found = await transaction
    .selectFrom('refresh_tokens as token')
    .innerJoin('sessions', 'sessions.id', 'token.session_id')
    .leftJoin('refresh_tokens as successor', 'successor.hash', 'token.successor_hash')
    .where('token.hash', '=', hash)
    .where('token.expires_at', '>', now)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .selectAll('sessions')
    .select(['token.used_at', 'token.sealed_successor', 'successor.hash as next', 'successor.used_at as next_used_at'])
    .executeTakeFirst()
  if (found === undefined || found.used_at === null) return { kind: 'unknown' }
  return {
    kind: 'spent',
    session: sessionOf(found),
    usedAt: found.used_at,
    sealedSuccessor: found.sealed_successor,
    successorUnused: found.next !== null && found.next_used_at === null,
  }
}
