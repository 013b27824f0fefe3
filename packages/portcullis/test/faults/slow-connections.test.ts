import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { drain } from '../../src/adapters/fastify/index.ts'
import { guarded } from '../adapters/fastify/app.ts'

/** The process that is slow is this one too: in the short form a tenth is enough to see that none is forgotten. */
const SLOW = process.env['FAULT_ROUNDS'] === undefined ? 100 : 1_000

/** Sends a beginning, then a byte now and then; answers what came back when the server had enough, and after how long. */
const dribble = (port: number, beginning: string): Promise<{ readonly text: string; readonly seconds: number }> =>
  new Promise((resolve) => {
    const started = performance.now()
    let text = ''
    let more: NodeJS.Timeout | undefined
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(beginning)
      more = setInterval(() => socket.write('a'), 700)
    })
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(more)
      resolve({ text, seconds: (performance.now() - started) / 1000 })
    })
  })

test('slow headers are cut after 5 s, a slow body after 10, with a problem; others are served meanwhile', async (t) => {
  const app = await guarded()
  app.post('/x', { config: { access: 'public' }, schema: { body: z.object({}) } }, async () => ({}))
  app.get('/y', { config: { access: 'public' } }, async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const headers = Array.from({ length: SLOW }, () => dribble(port, 'GET /y HTTP/1.1\r\nHost: a\r\nX: '))
  const body = dribble(
    port,
    'POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  )
  assert.equal((await fetch(`http://127.0.0.1:${port}/y`)).status, 200)
  const cut = await Promise.all(headers)
  t.diagnostic(
    `${SLOW} connections with slow headers; the last was closed after ${Math.max(...cut.map(({ seconds }) => seconds)).toFixed(1)} s`,
  )
  for (const { text, seconds } of cut) {
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.match(text, /content-type: application\/problem\+json/)
    // The deadline is 5 s and it is looked after each second; the rest is for a machine that is busy.
    assert.ok(seconds > 4 && seconds < 12, `${seconds} s`)
  }
  const { text, seconds } = await body
  assert.match(text, /^HTTP\/1\.1 408 /)
  assert.ok(seconds > 8 && seconds < 20, `${seconds} s`)
})

test('a stop answers what was accepted, and cuts what hangs at its deadline', async () => {
  const app = await guarded()
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  app.get('/slow', { config: { access: 'public' } }, async () => {
    await held
    return { answered: true }
  })
  app.get('/hangs', { config: { access: 'public' } }, () => new Promise(() => {}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const slow = fetch(`http://127.0.0.1:${port}/slow`)
  const hanging = fetch(`http://127.0.0.1:${port}/hangs`).then(
    () => 'answered',
    () => 'cut',
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  const stopped = drain(app, 1_500)
  setTimeout(release, 300)
  assert.deepEqual(await (await slow).json(), { answered: true })
  assert.equal(await hanging, 'cut')
  await stopped
  await assert.rejects(fetch(`http://127.0.0.1:${port}/slow`))
})

test('half an answer to HTTP/1.0 that is cut there does not look whole', async () => {
  const app = await guarded()
  app.get('/half', { config: { access: 'public' } }, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200).write('half')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let heard = ''
  const over = new Promise<string>((resolve) => {
    socket.on('data', (piece: string) => {
      heard += piece
    })
    socket.on('end', () => resolve('ended')).on('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)))
  })
  socket.write('GET /half HTTP/1.0\r\nHost: a\r\n\r\n')
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.match(heard, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhalf$/)
  await drain(app, 700)
  assert.equal(await over, 'ECONNRESET')
})

test('connections on which nothing more comes do not keep it up to the deadline', async () => {
  const app = await guarded()
  let release: () => void = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  app.get('/slow', { config: { access: 'public' } }, async () => {
    await released
    return {}
  })
  app.get('/begun', { config: { access: 'public' } }, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-length': '2' }).write('{')
    void released.then(() => reply.raw.end('}'))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const ask = (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let heard = ''
    socket.on('data', (piece: string) => {
      heard += piece
    })
    socket.on('error', () => {})
    if (text !== '') socket.write(`GET ${text} HTTP/1.1\r\nHost: a\r\n\r\n`)
    return new Promise((resolve) => socket.on('close', () => resolve(heard)))
  }
  const [slow, begun, silent, idle] = [ask('/slow'), ask('/begun'), ask(''), ask('/none')]
  await new Promise((resolve) => setTimeout(resolve, 200))
  const started = performance.now()
  const stopped = drain(app)
  setTimeout(release, 800)
  // It had not begun, and so it could say that it is the last.
  assert.match(await slow, /^HTTP\/1\.1 200 [\s\S]*\r\nconnection: close\r\n\r\n\{\}$/i)
  assert.match(await begun, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{\}$/)
  assert.equal(await silent, '')
  assert.match(await idle, /^HTTP\/1\.1 401 /)
  await stopped
  const took = performance.now() - started
  assert.ok(took < 4_000, `${took} ms`)
})
