import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { boundedPool } from '../../src/storage/postgres/pool.ts'

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
}

for (const [name, bytes] of Object.entries(GARBAGE))
  test(`PostgreSQL answers ${name}: the statement rejects with 503, and the process lives`, async (t) => {
    let answers = bytes
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write(WELCOME)
        socket.on('data', () => socket.write(answers))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const bounds = { size: 1, connectMs: 1_000, statementMs: 400, inTransactionMs: 1_000, idleMs: 1_000 }
    const pool = boundedPool(`postgres://somebody@127.0.0.1:${port}/some`, bounds, false)
    t.after(async () => {
      await pool.end()
      server.close()
    })
    const client = await pool.connect()
    await assert.rejects(client.query('select 1', []), { statusCode: 503 })
    client.release()
    // A connection of its own, for which the server is in order again.
    answers = Buffer.concat([message('C', [...Buffer.from('SELECT 0\0')]), message('Z', [0x49])])
    const next = await pool.connect()
    await next.query('select 1', [])
    next.release()
  })
