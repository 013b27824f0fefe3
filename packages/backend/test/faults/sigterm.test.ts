import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { backend, person, UNLIMITED } from '../backend.ts'

const LOGINS = 24

/** The status; what went wrong where there was none, and whether anything of an answer had come by then. */
const ask = (agent: Agent, url: string, token: string, body?: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    }
    const asked = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
      })
      response.on('end', () => resolve(`${response.statusCode}${length > 0 ? '' : ' empty'}`))
      response.on('error', () => resolve('half an answer'))
      response.on('aborted', () => resolve('half an answer'))
    })
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve(`${error.code ?? error.message}${asked.reusedSocket ? ' on a connection that was in use' : ''}`),
    )
    asked.end(body)
  })

test('SIGTERM under load: what was accepted is answered, and it ends in under 10 s', { timeout: 60_000 }, async (t) => {
  const running = await backend(t, UNLIMITED)
  const { token, email, password } = await person(running.address)
  // In turn, so that no connection lies idle longer than it is told to end: a request on one that is just being closed was never accepted.
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' })
  t.after(() => agent.destroy())
  const reads: Promise<string>[] = []
  let loading = true
  const load = (async () => {
    while (loading) {
      for (let burst = 0; burst < 5; burst += 1) reads.push(ask(agent, `${running.address}/users/me`, token))
      await sleep(5)
    }
  })()
  await sleep(300)
  // Hashes take turns: most of these wait when the signal comes.
  const body = JSON.stringify({ email, password })
  const logins = Array.from({ length: LOGINS }, () => ask(new Agent(), `${running.address}/auth/login`, token, body))
  // One that came after them was answered: they all have been accepted.
  await sleep(100)
  assert.equal(await ask(new Agent(), `${running.address}/users/me`, token), '200')

  const signalled = performance.now()
  const code = await running.stop('SIGTERM')
  const seconds = (performance.now() - signalled) / 1000
  loading = false
  await load
  assert.equal(code, 0, running.output().slice(-500))
  assert.ok(seconds < 10, `${seconds} s`)
  assert.deepEqual(
    await Promise.all(logins),
    Array.from({ length: LOGINS }, () => '200'),
  )
  const outcomes = Object.groupBy(await Promise.all(reads), (one) => one)
  const unanswered = Object.keys(outcomes).filter(
    (one) => !['200', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(one),
  )
  assert.deepEqual(unanswered, [])
  t.diagnostic(
    `ended after ${seconds.toFixed(2)} s; reads: ${Object.entries(outcomes)
      .map(([outcome, all]) => `${all?.length} ${outcome}`)
      .join(', ')}`,
  )
})
