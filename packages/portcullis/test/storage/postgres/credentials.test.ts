import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { openStorage } from '../../../src/storage/index.ts'
import { askPostgres, type PostgresServer, postgresServerMissing, startPostgres } from '../../services/postgres.ts'

/** Everything that somebody might print of an error: messages, stacks, members, causes. */
const shown = (error: unknown): string => inspect(error, { depth: 10, showHidden: true })

const opens = async (url: string): Promise<void> => {
  const storage = await openStorage(url)
  await storage.ping()
  await storage.close()
}

const refused = (url: string, problem: RegExp) =>
  assert.rejects(openStorage(url), (error: Error) => {
    assert.match(error.message, problem)
    assert.doesNotMatch(shown(error), /hunter2|sesame/)
    return true
  })

const url = (server: PostgresServer, password: string, rest = '') =>
  `postgres://app:${password}@localhost:${server.port}/postgres${rest}`

/** A server that asks the user app for a password, over TLS or not. */
const guarded = async (t: TestContext, settings: readonly string[] = []): Promise<PostgresServer> => {
  const server = await startPostgres(t, settings)
  await askPostgres(server.url, `create role app login superuser password 'open sesame/#?@:%'`)
  const [{ hba_file: file } = {}] = await askPostgres(server.url, 'show hba_file')
  writeFileSync(String(file), 'host all app all scram-sha-256\nhost all all all trust\n')
  await askPostgres(server.url, 'select pg_reload_conf()')
  return server
}

const right = encodeURIComponent('open sesame/#?@:%')

suite('PostgreSQL: who we are, and who it is', { skip: postgresServerMissing() }, () => {
  test('a password with every special character in it opens; a wrong one is refused, and never repeated', async (t) => {
    const server = await guarded(t)
    await opens(url(server, right))
    await refused(url(server, 'hunter2'), /refused the user or the password: name the right ones\.$/)
    await refused(url(server, ''), /does not let us in \(.*password.*\)/)
  })

  test('a password that is changed while it runs is a broken store, and the right one in its place heals it', async (t) => {
    const server = await guarded(t)
    const storage = await openStorage(url(server, right))
    t.after(() => storage.close())
    await storage.ping()
    assert.doesNotMatch(shown(storage), /sesame/)
    await askPostgres(server.url, `alter role app password 'hunter2'`)
    await askPostgres(server.url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await assert.rejects(storage.ping(), (error: Error & { statusCode?: number }) => {
      assert.equal(error.statusCode, 503)
      assert.doesNotMatch(shown(error), /sesame/)
      return true
    })
    await askPostgres(server.url, `alter role app password 'open sesame/#?@:%'`)
    await storage.catchUp()
    await storage.ping()
  })

  test('TLS is what sslmode says', {
    skip: spawnSync('openssl', ['version']).status === 0 ? false : 'There is no openssl',
  }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-tls-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    )
    const server = await guarded(t)
    // It reads a key only that is its own user's.
    const [{ data_directory: data } = {}] = await askPostgres(server.url, 'show data_directory')
    const { uid, gid } = statSync(String(data))
    writeFileSync(join(String(data), 'server.crt'), readFileSync(certificate))
    writeFileSync(join(String(data), 'server.key'), readFileSync(key), { mode: 0o600 })
    for (const file of ['server.crt', 'server.key']) chownSync(join(String(data), file), uid, gid)

    await refused(url(server, right, '?sslmode=verify-full'), /does not let us in \(.*SSL.*\)/)
    await askPostgres(server.url, `alter system set ssl = on`)
    await askPostgres(server.url, 'select pg_reload_conf()')

    await opens(url(server, right, '?sslmode=disable'))
    await refused(
      url(server, right, '?sslmode=verify-full'),
      /shows a certificate of .+: name it by sslrootcert=FILE\.$/,
    )
    for (const sslmode of ['prefer', 'require', 'verify-ca'])
      await refused(url(server, right, `?sslmode=${sslmode}`), /shows a certificate of/)
    await opens(url(server, right, `?sslmode=verify-full&sslrootcert=${certificate}`))
    await opens(url(server, right, '?sslmode=no-verify'))
    const elsewhere = url(server, right, `?sslmode=verify-full&sslrootcert=${certificate}`).replace(
      'localhost',
      '127.0.0.1',
    )
    await refused(elsewhere, /shows the certificate of another host: name the host that stands in it\.$/)
  })
})
