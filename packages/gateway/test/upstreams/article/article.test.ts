import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { call, session, startGateway } from '../../rig.ts'
import { noPython, noWebSockets, startArticle } from './start.ts'

const skip = noPython()
const secret = generateSecret()

/** The article's application behind a gateway, and somebody who is logged in. */
const open = async () => {
  const upstream = await startArticle({ after }, { IDENTITY_SECRET: secret })
  const document = (await (await fetch(`${upstream}/openapi.json`)).json()) as object
  const settings = {
    access: { 'GET /health': 'public', 'DELETE /users/{user_id}': 'role admin' },
    hide: ['POST /login'],
    websockets: ['/ws'],
  }
  const env = { IDENTITY_SECRET: secret, UPLOAD_LIMIT: '3000000' }
  const { address } = await startGateway({ after } as never, { upstream, document, settings, env })
  return { upstream, address, ...(await session(address)) }
}
const scene = skip === false ? await open() : undefined
const { upstream, address, token, id } = scene ?? { upstream: '', address: '', token: '', id: '' }

test('what was open to everybody is closed, and works for who is logged in', { skip }, async () => {
  for (const [method, path, json] of [
    ['GET', '/items'],
    ['GET', '/users'],
    ['POST', '/orders', { item_id: 1, quantity: 2 }],
  ] as const) {
    const options = json === undefined ? {} : { json }
    assert.ok((await call(upstream, method, path, options)).status < 300, 'by itself it asks nobody')
    assert.equal((await call(address, method, path, options)).status, 401)
    assert.ok((await call(address, method, path, { ...options, token })).status < 300)
  }
  assert.equal((await call(address, 'DELETE', '/users/2', { token })).status, 403)
  assert.equal((await call(address, 'POST', '/login', { token, json: { username: 'a', password: 'b' } })).status, 404)
  for (const path of ['/docs', '/redoc', '/openapi.json'])
    assert.deepEqual(
      [(await call(upstream, 'GET', path)).status, (await call(address, 'GET', path)).status],
      [200, 401],
    )
})

test('its forms and its uploads pass; a field more, and a file too long, do not', { skip }, async () => {
  const form = (fields: Readonly<Record<string, string>>) => ({ token, body: new URLSearchParams(fields) })
  const sent = await call(address, 'POST', '/contact', form({ name: 'Zoë & Co', message: 'a+b=c' }))
  assert.deepEqual(sent.body, { name: 'Zoë & Co', length: 5 })
  assert.equal((await call(address, 'POST', '/contact', form({ name: 'a', message: 'b', admin: '1' }))).status, 422)
  const file = (size: number): FormData => {
    const body = new FormData()
    body.set('file', new File([Buffer.alloc(size, 'x')], 'a.bin'))
    return body
  }
  const kept = await call(address, 'POST', '/files', { token, body: file(2_000_000) })
  assert.deepEqual(kept.body, { name: 'a.bin', size: 2_000_000 })
  assert.equal((await call(address, 'POST', '/files', { token, body: file(3_100_000) })).status, 413)
})

test('its events come one by one, as they are said', { skip }, async () => {
  const response = await fetch(`${address}/events?count=5`, { headers: { authorization: `Bearer ${token}` } })
  assert.match(String(response.headers.get('content-type')), /^text\/event-stream/)
  const pieces: string[] = []
  for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece).toString())
  assert.equal(pieces.join(''), [0, 1, 2, 3, 4].map((number) => `data: ${number}\n\n`).join(''))
  assert.ok(pieces.length >= 2, `${pieces.length}: they were held`)
})

test('a large download is not held in memory', { skip }, async () => {
  const response = await fetch(`${address}/export?megabytes=256`, { headers: { authorization: `Bearer ${token}` } })
  const before = process.memoryUsage().rss
  let size = 0
  let most = before
  for await (const piece of response.body ?? []) {
    size += piece.length
    most = Math.max(most, process.memoryUsage().rss)
  }
  assert.equal(size, 256 * 1024 * 1024)
  assert.ok(
    most - before < 192 * 1024 * 1024,
    `${Math.round((most - before) / 1024 / 1024)} MiB more for 256 that passed`,
  )
})

test('its tracebacks and its words on what was sent stay behind', { skip }, async () => {
  const bare = await call(upstream, 'GET', '/items/99')
  assert.match(bare.text, /Traceback/)
  const clean = await call(address, 'GET', '/items/99', { token })
  assert.equal(clean.status, 500)
  assert.equal(clean.headers.get('content-type'), 'application/problem+json')
  assert.doesNotMatch(clean.text, /Traceback|KeyError|app\.py/)
  const missing = await call(address, 'GET', '/users/99', { token })
  assert.deepEqual([missing.status, missing.body], [404, { detail: 'No such user' }])
})

test('it knows who is calling, by a token that it checks itself', { skip }, async () => {
  const me = await call(address, 'GET', '/me', { token })
  assert.deepEqual([me.status, me.body.id, me.body.roles], [200, id, []])
  const forged = { 'portcullis-token': 'x.y.z', 'portcullis-subject': 'ada' }
  assert.equal(
    (await call(upstream, 'GET', '/me', { headers: forged })).status,
    401,
    'past the gateway nobody is anybody',
  )
})

test('its WebSocket opens after admission, and frames pass both ways', { skip: skip || noWebSockets() }, async () => {
  const url = `${address.replace('http', 'ws')}/ws`
  const refused = new WebSocket(url)
  assert.equal(await new Promise((resolve) => refused.addEventListener('error', () => resolve('refused'))), 'refused')
  const { WebSocket: Undici } = await import('undici')
  const socket = new Undici(url, { headers: { authorization: `Bearer ${token}` } })
  const said: string[] = []
  const heard = new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('it was refused')))
    socket.addEventListener('message', ({ data }) => {
      said.push(String(data))
      if (said.length === 1) socket.send('one')
      if (said.length === 2) socket.send('x'.repeat(100_000))
      if (said.length === 3) resolve()
    })
  })
  await heard
  socket.close()
  assert.deepEqual([said[0], said[1], said[2]?.length], [`hello ${id}`, 'one', 100_000])
})
