import type { DatabaseAddress } from '../url.ts'
import { batchCharacters, batches, size } from './batches.ts'
import { digestOf } from './digest.ts'
import { connectPostgres, type PostgresConnection } from './postgres-connect.ts'
import { advanceSequences, greatestGiven } from './postgres-counters.ts'
import { postgresRows } from './postgres-rows.ts'
import { postgresTables } from './postgres-tables.ts'
import { quoted, type Row, type Side, type Table } from './side.ts'

const oneMoment = 'begin isolation level repeatable read read only'

/** Opens a database. Throws an Error with one sentence, which names the server and never the password, when that can't be done. */
export const postgresSide = async (
  { url, place }: DatabaseAddress & { readonly kind: 'postgres' },
  as: 'source' | 'destination',
): Promise<Side> => {
  const { ask, close } = await connectPostgres(url, place)
  /** Of a source all is read in one transaction, which sees one moment. */
  let moment = as === 'source'
  if (moment) await ask(oneMoment)
  const side: Side = {
    name: `The ${as} ${place}`,
    tables: () => postgresTables(ask),
    migrations: async () => {
      const [found] = await ask(`select to_regclass('portcullis_migrations')`)
      if (found?.[0] === null) return []
      return (await ask('select name from portcullis_migrations')).map(([name]) => name ?? '')
    },
    count: async (table) => Number((await ask(`select count(*) from ${quoted(table)}`))[0]?.[0]),

    rows: async function* (table, most) {
      if (!moment) await ask(oneMoment)
      yield* fetched(ask, table, most)
      if (!moment) await ask('commit')
    },

    find: async (table, rows) => {
      const { find, keyValues, read } = postgresRows(table)
      return (await ask(find, keyValues(rows))).map(read)
    },

    insert: (table, rows, accept) =>
      transaction(ask, async () => {
        const { insert, values, read } = postgresRows(table)
        accept((await ask(insert, values(rows), table.name)).map(read))
      }),

    // A foreign key is looked at when a statement ends: in one statement the order of rows is all the same.
    insertAtOnce: (table, batches) =>
      transaction(ask, async () => {
        const { stage, intoStage, fromStage, values } = postgresRows(table)
        await ask(stage)
        for await (const rows of batches) await ask(intoStage, values(rows))
        const [written] = await ask(fromStage, [], table.name)
        return Number(written?.[0])
      }),

    greatest: (table) => greatestGiven(ask, table),
    advance: (table, greatest) => advanceSequences(ask, table, greatest),

    changed: async (digests) => {
      await ask('commit')
      await ask(oneMoment)
      moment = true
      for (const [table, digest] of digests) if ((await digestOf(side, table)) !== digest) return true
      return false
    },

    close,
  }
  return side
}

/** By a cursor, few at a time: the server does not say how large the next ones are, and 200 of a mebibyte can still be held. */
async function* fetched(ask: PostgresConnection['ask'], table: Table, most: number): AsyncGenerator<readonly Row[]> {
  const { select, read } = postgresRows(table)
  const batch = batches(most)
  await ask(`declare portcullis_rows no scroll cursor for ${select}`)
  for (let wanted = 8; ; ) {
    const rows = (await ask(`fetch ${wanted} from portcullis_rows`)).map(read)
    for (const row of rows) {
      const full = batch.add(row)
      if (full !== undefined) yield full
    }
    if (rows.length < wanted) break
    const average = rows.reduce((sum, row) => sum + size(row), 0) / rows.length
    wanted = Math.max(1, Math.min(200, wanted * 4, Math.floor(batchCharacters / (average + 1))))
  }
  await ask('close portcullis_rows')
  if (batch.rest().length > 0) yield batch.rest()
}

const transaction = async <Answer>(ask: PostgresConnection['ask'], work: () => Promise<Answer>): Promise<Answer> => {
  await ask('begin')
  try {
    const answer = await work()
    await ask('commit')
    return answer
  } catch (error) {
    // On a connection that is lost the server does it by itself; a second error would hide the first.
    await ask('rollback').catch(() => {})
    throw error
  }
}
