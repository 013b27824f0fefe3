import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { connectPostgres } from '../../src/storage/move/postgres-connect.ts'
import { boundedPool } from '../../src/storage/postgres/pool.ts'
import { temporaryFolder } from '../storage/temporary.ts'

/** A message of the server's: its type, its length, its body (postgresql.org, §55.7). */
const message = (type: string, body: readonly number[], length = body.length + 4): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(length, 1)
  return Buffer.concat([head, Buffer.from(body)])
}

const WELCOME = Buffer.concat([message('R', [0, 0, 0, 0]), message('Z', [0x49])])

const GARBAGE: Readonly<Record<string, Buffer>> = {
  'a row of a negative number of fields': message('D', [0xff, 0xff, 0, 0, 0, 5]),
  'a row for no statement, of more fields than it has': message('D', [0x7f, 0xff]),
  'a description of more fields than it has': message('T', [0x7f, 0xff]),
  'the answer of another protocol': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'an unknown way to log in': message('R', [0, 0, 0, 99]),
  'an error without a code': message('E', [...Buffer.from('SERROR\0Mno\0\0')]),
}

/** Whoever speaks for PostgreSQL: lets everybody in, and answers each statement with what stands in `answers`. */
const startServer = async (t: TestContext, secure?: (socket: Socket) => Socket) => {
  const server: { answers: Buffer; url: string; closed: number } = { answers: WELCOME, url: '', closed: 0 }
  const speak = (socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(WELCOME)
      socket.on('data', () => socket.write(server.answers))
    })
  }
  const listening = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('close', () => {
      server.closed += 1
    })
    if (secure === undefined) return speak(socket)
    socket.once('data', () => {
      socket.write('S')
      speak(secure(socket))
    })
  }).listen(0, '127.0.0.1')
  t.after(() => listening.close())
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  server.url = `postgres://somebody@127.0.0.1:${port}/some${secure === undefined ? '' : '?sslmode=no-verify'}`
  return server
}

const bounds = { size: 1, connectMs: 1_000, statementMs: 400, inTransactionMs: 1_000, idleMs: 1_000 }

const statementRejects = async (t: TestContext, bytes: Buffer, secure?: (socket: Socket) => Socket) => {
  const server = await startServer(t, secure)
  const pool = boundedPool(server.url, bounds, false)
  t.after(() => pool.end())
  server.answers = bytes
  const client = await pool.connect()
  const rejected = assert.rejects(client.query('select 1', []), { statusCode: 503 })
  await rejected.finally(() => client.release())
  // A connection of its own, for which the server is in order again.
  server.answers = Buffer.concat([message('C', [...Buffer.from('SELECT 0\0')]), message('Z', [0x49])])
  const next = await pool.connect()
  await next.query('select 1', [])
  next.release()
}

for (const [name, bytes] of Object.entries(GARBAGE))
  test(`PostgreSQL answers ${name}: the statement rejects with 503, and the process lives`, (t) =>
    statementRejects(t, bytes))

test('so it is over TLS, where pg reads from another stream', {
  skip: spawnSync('openssl', ['version']).status === 0 ? false : 'There is no openssl to make a certificate.',
}, async (t) => {
  const folder = temporaryFolder(t)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const files = { key: readFileSync(key), cert: readFileSync(cert) }
  for (const [name, bytes] of Object.entries(GARBAGE))
    await t.test(name, (each) =>
      statementRejects(each, bytes, (socket) => new TLSSocket(socket, { isServer: true, ...files })),
    )
})

test('a move that meets such an answer says that the database was lost', async (t) => {
  const server = await startServer(t)
  server.answers = message('D', [0x7f, 0xff])
  await assert.rejects(connectPostgres(server.url, 'some'), { message: /^The database some was lost/ })
})

test('a move that is refused at its first statement leaves no connection, which would keep the process', async (t) => {
  const server = await startServer(t)
  server.answers = Buffer.concat([message('E', [...Buffer.from('SERROR\0C42501\0Mno\0\0')]), message('Z', [0x49])])
  await assert.rejects(connectPostgres(server.url, 'some'), { message: /^The database some may not be changed/ })
  for (const end = Date.now() + 2_000; server.closed === 0 && Date.now() < end; ) await delay(10)
  assert.equal(server.closed, 1)
})
