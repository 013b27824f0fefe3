import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { databasePlace, openStorage } from '../../../src/storage/index.ts'
import { askPostgres, freshDatabase, postgresUrl } from '../../services/postgres.ts'
import { postgres, withSetting } from '../engines.ts'
import { sampleAccount, sampleEntry } from '../samples.ts'
import { opened } from '../temporary.ts'

/** The url with other parts. */
const changed = (url: string, parts: Partial<Pick<URL, 'hostname' | 'port' | 'pathname' | 'username' | 'password'>>) =>
  Object.assign(new URL(url), parts).href

/** Refused in one sentence that names the place and says what to do, and repeats no password. */
const refused = async (url: string, problem: RegExp): Promise<void> => {
  const started = performance.now()
  await assert.rejects(openStorage(url), (error: Error) => {
    assert.match(error.message, problem)
    assert.ok(error.message.startsWith(`The database ${databasePlace(url)} `), error.message)
    assert.match(error.message, /^[^\n]+\.$/)
    assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /hunter2/)
    return true
  })
  assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`)
}

/** A server that is none of PostgreSQL's. */
const listening = async (t: TestContext, answer: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    t.after(() => socket.destroy())
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  return `postgres://app:hunter2@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/app`
}

test('where no PostgreSQL is, one sentence says so', { timeout: 60_000 }, async (t) => {
  await refused('postgres://app:hunter2@127.0.0.1:1/app', /nothing listens there: start PostgreSQL/)
  await refused('postgres://app:hunter2@localhost:1/app', /nothing listens there: start PostgreSQL/)
  await refused('postgres:///app?host=/nowhere/at/all&password=hunter2', /that socket does not exist/)
  await refused(await listening(t, () => {}), /does not let us in \(.+\): look whether PostgreSQL runs there/)
  await refused(await listening(t, (socket) => socket.destroy()), /does not let us in|closed the connection/)
  await refused(
    await listening(t, (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    /does not let us in \(.+\): look whether PostgreSQL runs there/,
  )
})

test('a file of the url that can not be read is no socket that is not there', async () => {
  const url = 'postgres://app:hunter2@127.0.0.1:1/app?sslmode=verify-full&sslrootcert=/nowhere/root.crt'
  await refused(url, /a file of its url can't be read \(ENOENT\): look at sslrootcert/)
})

suite('PostgreSQL: opened', { skip: postgres.skip }, () => {
  test('a database that is not there, or not for this user, is refused in one sentence', async (t) => {
    await refused(changed(postgresUrl, { pathname: '/nowhere', password: 'hunter2' }), /does not exist: create it/)
    const role = `guest_${process.pid}`
    const database = await freshDatabase(t)
    await askPostgres(postgresUrl, `create role ${role} login; revoke create on schema public from public`)
    t.after(() => askPostgres(postgresUrl, `drop role ${role}`))
    await refused(changed(database, { username: role, password: 'hunter2' }), /may not be changed by this user/)
  })

  test('a server that acknowledges what is not on its disk is refused', async (t) => {
    const url = withSetting(await postgres.fresh(t), 'synchronous_commit=off')
    await refused(url, /take the setting synchronous_commit = off away/)
  })

  test('a server whose transactions would not see what they waited for is refused', async (t) => {
    const url = withSetting(await postgres.fresh(t), 'default_transaction_isolation=serializable')
    await refused(url, /begins transactions as serializable: take the setting default_transaction_isolation away/)
  })

  test('a replica, or no schema to make the tables in, is refused in one sentence', async (t) => {
    const url = await postgres.fresh(t)
    await refused(withSetting(url, 'default_transaction_read_only=on'), /takes no writes, it is a replica/)
    await refused(withSetting(url, 'search_path=nowhere'), /has no schema for the tables/)
  })

  test('a database that can not hold every name is refused', async (t) => {
    const name = `ascii_${process.pid}`
    await askPostgres(postgresUrl, `create database ${name} encoding 'SQL_ASCII' locale 'C' template template0`)
    t.after(() => askPostgres(postgresUrl, `drop database ${name} with (force)`))
    await refused(changed(postgresUrl, { pathname: `/${name}` }), /does not keep its text in UTF-8/)
  })

  test('readonly reads, sees what others write, and writes nothing', async (t) => {
    const url = await postgres.fresh(t)
    const writer = await opened(t, url)
    const reader = await opened(t, url, { readonly: true })
    await writer.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    assert.equal((await reader.accounts.list({ limit: 10 })).length, 1)
    assert.deepEqual(await reader.accounts.identity('ada'), { id: 'ada', roles: [] })
    await assert.rejects(reader.accounts.setRoles('ada', ['admin'], sampleEntry('ada')), /read-only/)
    await assert.rejects(reader.database.deleteFrom('users').execute(), /read-only/)
    await assert.rejects(async () => reader.sessions.endEverything(), /read-only/)
    await writer.accounts.setRoles('ada', ['admin'], sampleEntry('ada'))
    await reader.catchUp()
    assert.deepEqual(await reader.accounts.identity('ada'), { id: 'ada', roles: ['admin'] })
  })

  test('what was written is there after closing', async (t) => {
    const url = await postgres.fresh(t)
    const first = await openStorage(url)
    await first.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    await first.close()
    assert.equal((await (await opened(t, url)).accounts.byId('ada'))?.id, 'ada')
  })

  test('tells its figures, each by a name and a sentence', async (t) => {
    const { gauges, accounts } = await opened(t, await postgres.fresh(t))
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    await accounts.identity('ada')
    for (const { name, help, value } of gauges()) {
      assert.match(name, /^portcullis_[a-z_]+$/)
      assert.match(help, /^[A-Z0-9].+\.$/)
      assert.ok(Number.isFinite(value), name)
    }
    assert.equal(new Set(gauges().map(({ name }) => name)).size, gauges().length)
    const figures = Object.fromEntries(gauges().map(({ name, value }) => [name, value]))
    assert.equal(figures['portcullis_database_lost'], 0)
    assert.equal(figures['portcullis_remembered_accounts'], 1)
  })
})
