import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { documentOf, operation, startGateway } from '../rig.ts'
import { rawUpstream } from '../upstreams/raw.ts'

const document = documentOf({ '/half': { get: operation() }, '/whole': { get: operation() } })
const settings = { access: { 'GET /half': 'public', 'GET /whole': 'public' } }
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'

for (const version of ['1.0', '1.1'])
  test(`half an answer never looks whole: HTTP/${version}`, { timeout: 10_000 }, async (t) => {
    const upstream = await rawUpstream(t, (socket, asked) => {
      socket.write(head)
      // By then it is on its way to the client.
      setTimeout(() => (asked.startsWith('GET /half') ? socket.destroy() : socket.write('0\r\n\r\n')), 50)
    })
    const { address } = await startGateway(t, { upstream: upstream.origin, document, settings })
    const ask = async (path: string): Promise<{ readonly body: string; readonly ended: string }> => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1')
      let [heard, ended] = ['', 'by a reset']
      socket.setEncoding('latin1')
      socket.on('error', () => {})
      socket.on('data', (piece: string) => {
        heard += piece
      })
      socket.on('end', () => {
        ended = 'in order'
      })
      socket.write(`GET ${path} HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`)
      await new Promise((resolve) => socket.on('close', resolve))
      return { body: heard.slice(heard.indexOf('\r\n\r\n') + 4), ended }
    }
    const chunked = version === '1.1'
    assert.deepEqual(await ask('/whole'), { body: chunked ? '4\r\nhalf\r\n0\r\n\r\n' : 'half', ended: 'in order' })
    // With chunks it is the last one that is missing; without them the connection must tell.
    const half = chunked ? { body: '4\r\nhalf\r\n', ended: 'in order' } : { body: 'half', ended: 'by a reset' }
    assert.deepEqual(await ask('/half'), half)
  })

test('the idle time of an answer is not that of the next one on its connection', { timeout: 10_000 }, async (t) => {
  const upstream = await rawUpstream(t, (socket, asked) => {
    if (asked.startsWith('GET /half')) {
      socket.write(head)
      setTimeout(() => socket.write('0\r\n\r\n'), 50)
    } else setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate'), 1_700)
  })
  const env = { UPSTREAM_IDLE_SECONDS: '1', UPSTREAM_TIMEOUT_SECONDS: '5' }
  const { address } = await startGateway(t, { upstream: upstream.origin, document, settings, env })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  let heard = ''
  socket.setEncoding('latin1').on('data', (piece: string) => {
    heard += piece
  })
  const asked = (path: string, connection: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`
  socket.write(asked('/half', 'keep-alive') + asked('/whole', 'close'))
  await new Promise((resolve) => socket.on('close', resolve))
  assert.deepEqual(heard.match(/^HTTP\/1\.1 \d+/gm), ['HTTP/1.1 200', 'HTTP/1.1 200'])
  assert.match(heard, /\r\n\r\nlate$/)
})

test('half an answer behind another one ends the connection after that one', { timeout: 10_000 }, async (t) => {
  const upstream = await rawUpstream(t, (socket, asked) => {
    socket.write(head)
    if (asked.startsWith('GET /half')) setTimeout(() => socket.destroy(), 50)
    else setTimeout(() => socket.write('0\r\n\r\n'), 500)
  })
  const { address } = await startGateway(t, { upstream: upstream.origin, document, settings })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  let heard = ''
  socket.setEncoding('latin1').on('data', (piece: string) => {
    heard += piece
  })
  socket.write('GET /whole HTTP/1.1\r\nHost: x\r\n\r\nGET /half HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((resolve) => socket.on('close', resolve))
  assert.match(heard, /^HTTP\/1\.1 200[\s\S]*\r\n\r\n4\r\nhalf\r\n0\r\n\r\n$/)
  assert.equal(heard.match(/^HTTP\/1\.1 \d+/gm)?.length, 1)
})
