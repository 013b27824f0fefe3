import { type Kysely, sql } from 'kysely'
import type { AccountStore } from '../../accounts/index.ts'
import type { SessionStore } from '../../layers/sessions/index.ts'
import type { Schema } from '../schema.ts'
import type { News } from './news.ts'
import type { KnownIdentity, Standing } from './standing.ts'

/** The two questions of every request: answered at once from what is remembered, else by asking the database. */
export type HotPath = Pick<AccountStore, 'identity'> & Pick<SessionStore, 'isActive'>

/** Remembers only while looks at the news go well: what nobody would take back must not be kept. */
export const hotPath = (database: Kysely<Schema>, known: Standing, news: News): HotPath => {
  const { readIdentity, readSession } = reads(database, known, news)

  /** What is remembered, where a look vouches for it; after a pause of this process it is looked first. */
  const answer = <Answer>(ask: () => Answer | undefined, read: () => Promise<Answer>): Answer | Promise<Answer> => {
    const remembered = ask()
    if (remembered === undefined) return read()
    if (news.current()) return remembered
    return news.settled().then(() => (news.current() ? ask() : undefined) ?? read())
  }

  return {
    identity: (id) =>
      answer<KnownIdentity | null>(
        () => known.identity(id),
        () => readIdentity(id),
      ),
    isActive: (sessionId, userId, now) =>
      answer(
        () => {
          const expiresAt = known.session(sessionId, userId)
          return expiresAt === undefined ? undefined : expiresAt > now
        },
        async () => {
          const expiresAt = await readSession(sessionId, userId)
          return expiresAt !== undefined && expiresAt > now
        },
      ),
  }
}

/** The questions to the database; of several alike at the same time one is asked. */
const reads = (database: Kysely<Schema>, known: Standing, news: News) => {
  const remember: Standing['remember'] = (generation, found) => {
    if (news.current()) known.remember(generation, found)
  }

  const readIdentity = async (id: string): Promise<KnownIdentity | null> => {
    const { generation } = known
    const { rows } = await sql<{ roles: readonly string[] }>`
      select ${rolesOf(sql.ref('users.id'))} as roles from users where users.id = ${id} and users.disabled_at is null
    `.execute(database)
    const [row] = rows
    if (row === undefined) return null
    const identity = identityOf(id, row.roles)
    remember(generation, { userId: id, identity })
    return identity
  }

  /** The account comes along: the request asks for it next. */
  const readSession = async (sessionId: string, userId: string): Promise<number | undefined> => {
    const { generation } = known
    const { rows } = await sql<{ expires_at: number; account: string | null; roles: readonly string[] }>`
      select sessions.expires_at, users.id as account, ${rolesOf(sql.ref('users.id'))} as roles
      from sessions left join users on users.id = sessions.user_id and users.disabled_at is null
      where sessions.id = ${sessionId} and sessions.user_id = ${userId} and sessions.ended_at is null
    `.execute(database)
    const [row] = rows
    if (row === undefined) return undefined
    const identity = row.account === null ? undefined : identityOf(row.account, row.roles)
    remember(generation, { userId, identity, session: { id: sessionId, expiresAt: row.expires_at } })
    return row.expires_at
  }

  const once = together(known)
  return {
    // PostgreSQL's text holds no NUL, and would refuse the question.
    readIdentity: async (id: string) => (id.includes('\0') ? null : once(id, () => readIdentity(id))),
    readSession: async (sessionId: string, userId: string) => {
      const key = `${sessionId} ${userId}`
      return key.includes('\0') ? undefined : once(key, () => readSession(sessionId, userId))
    },
  }
}

const rolesOf = (userId: ReturnType<typeof sql.ref>) =>
  sql`array(select role from user_roles where user_roles.user_id = ${userId} order by role)`

/** Many requests share it: nobody can add a role to it. */
const identityOf = (id: string, roles: readonly string[]): KnownIdentity =>
  Object.freeze({ id, roles: Object.freeze([...roles]) })

/** A page that asks for six things at once asks the database once. Who comes after a drop does not join a read from before it. */
const together = (known: Standing) => {
  const reading = new Map<string, { readonly generation: number; readonly answer: Promise<unknown> }>()
  return <Answer>(key: string, read: () => Promise<Answer>): Promise<Answer> => {
    const { generation } = known
    const same = reading.get(key)
    if (same?.generation === generation) return same.answer as Promise<Answer>
    const answer = read().finally(() => {
      if (reading.get(key)?.answer === answer) reading.delete(key)
    })
    reading.set(key, { generation, answer })
    return answer
  }
}
