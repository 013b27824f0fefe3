import { type Kysely, sql } from 'kysely'
import type { Migration } from '../../migrate.ts'

/** Above this many accounts in one statement the news is that everything may have changed. */
const MOST_SUBJECTS = 1000

/**
 * Which accounts a statement took something away from: a role, the right to log in, an active session. `gone` and `come` are the rows
 * before and after it. One query for each table and kind of statement.
 */
const changes: readonly (readonly [table: string, event: 'insert' | 'update' | 'delete', subjects: string])[] = [
  [
    'users',
    'update',
    'select id from (select id, disabled_at from gone except select id, disabled_at from come) as changed',
  ],
  ['users', 'delete', 'select id from gone'],
  ['user_roles', 'insert', 'select user_id from come'],
  ['user_roles', 'update', 'select user_id from gone union select user_id from come'],
  ['user_roles', 'delete', 'select user_id from gone'],
  [
    'sessions',
    'update',
    `select user_id from (
       select id, user_id, ended_at, expires_at from gone except select id, user_id, ended_at, expires_at from come
     ) as changed where ended_at is null`,
  ],
  // What was over anyway is pruned without a word.
  [
    'sessions',
    'delete',
    'select user_id from gone where ended_at is null and expires_at > 1000 * extract(epoch from clock_timestamp())',
  ],
]

const tables = [...new Set(changes.map(([table]) => table))]

/** The rows that a trigger of this event may read. */
const rows = { insert: 'new table as come', update: 'old table as gone new table as come', delete: 'old table as gone' }

/**
 * A table in which every change of who may do what is told in the transaction that makes it, by triggers: so a change that somebody makes by
 * hand is told too. Each row names the transaction, which is how a reader finds those that became visible since it looked last.
 */
export const news: Migration = {
  name: 'portcullis/postgres-0001-news',
  up: async (database) => {
    const run = (text: string) => sql.raw(text).execute(database)
    const schema = await currentSchema(database)
    // Named in full: the functions run for whoever changes a row, whatever that session's search path is.
    const own = (name: string) => `${schema}.${name}`
    const functionHead = (name: string) =>
      `create function ${own(name)}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as`
    const tell = (subjects: string) =>
      `insert into ${own('portcullis_news')} (xact, subject) select pg_current_xact_id(), subject from ${subjects} as subject`

    await run(`create table portcullis_news (
      xact xid8 not null,
      subject text,
      told_at timestamptz not null default clock_timestamp()
    )`)
    await run('create index portcullis_news_by_xact on portcullis_news (xact)')

    for (const [table, event, subjects] of changes) {
      const name = `portcullis_tell_${table}_${event}`
      await run(`${functionHead(name)} $body$
        declare subjects text[] := array(select distinct subject from (${subjects}) as one (subject) limit ${MOST_SUBJECTS + 1});
        begin
          if cardinality(subjects) > ${MOST_SUBJECTS} then subjects := array[null]; end if;
          ${tell('unnest(subjects)')};
          return null;
        end $body$`)
      await run(`create trigger ${name} after ${event} on ${table} referencing ${rows[event]}
        for each statement execute function ${own(name)}()`)
    }

    await run(`${functionHead('portcullis_tell_truncate')} $body$
      begin
        ${tell('unnest(array[null])')};
        return null;
      end $body$`)
    for (const table of tables)
      await run(`create trigger portcullis_tell_truncate after truncate on ${table}
        for each statement execute function ${own('portcullis_tell_truncate')}()`)
  },
}

/** The schema in which the tables were made, quoted. */
const currentSchema = async (database: Kysely<unknown>): Promise<string> => {
  const { rows } = await sql<{ name: string }>`select quote_ident(current_schema()) as name`.execute(database)
  return rows[0]?.name ?? 'public'
}
