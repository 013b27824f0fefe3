/** A process that opens the database of its argument when it is told to: one of several that start at once. */
import { sql } from 'kysely'
import { openStorage } from '../../src/storage/index.ts'
import '../../src/storage/open.ts'
import '../../src/storage/postgres/open.ts'

const url = process.argv[2] ?? ''

process.once('message', async () => {
  const { ping, close } = await openStorage(url, {
    migrations: [
      {
        name: 'test/0001-counted',
        up: async (database, engine) => {
          await engine.numbered(database.schema.createTable('counted'), 'id').execute()
          await sql`insert into counted default values`.execute(database)
        },
      },
    ],
  })
  await ping()
  await close()
  process.disconnect()
})
process.send?.('ready')
