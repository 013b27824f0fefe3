import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type LiveOptions, planLive, runLive, UsageError } from '../../../src/evidence/live/index.ts'
import { targetOf } from '../../../src/evidence/live/target.ts'
import { openWire } from '../../../src/evidence/live/wire.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'
import { LOGIN, startBackend } from './backend.ts'

const options = (url: string, more: Partial<LiveOptions> = {}): LiveOptions => ({
  url,
  allowWrites: false,
  iOwnThisHost: false,
  ...more,
})

test('what cannot be asked is refused before anything is sent', async () => {
  const refused = (more: Partial<LiveOptions>, says: RegExp) =>
    assert.rejects(
      planLive(options('http://127.0.0.1:9', more)),
      (error) => error instanceof UsageError && says.test(error.message),
    )
  await refused({ url: 'http://192.0.2.1/' }, /--i-own-this-host/)
  await refused({ url: 'http://0.0.0.0:3000' }, /--i-own-this-host/)
  await refused({ url: 'http://[::ffff:192.0.2.1]/' }, /--i-own-this-host/)
  await refused({ url: 'ftp://127.0.0.1' }, /must be a URL/)
  await refused({ url: 'http://a:b@127.0.0.1' }, /no user name or password/)
  await refused({ login: '[]' }, /must be a JSON object/)
  await refused({ login: '{"email":"a"}' }, /password/)
  await refused({ openapi: 'nowhere.json' }, /neither a file nor a path/)
})

test('a port where nothing listens proves nothing, and every row says why', async () => {
  const seen = judgeLive(await runLive(await planLive(options('http://127.0.0.1:9', { login: LOGIN }))))
  assert.deepEqual([...new Set(seen.map(({ outcome }) => outcome))], ['not-proven'])
  assert.deepEqual(
    [...new Set(seen.map(({ summary }) => summary))],
    ['nothing listens at http://127.0.0.1:9: start the backend, or check the port'],
  )
  assert.equal(new Set(seen.map(({ id }) => id)).size, 18)
})

test('a server that never answers proves nothing, and does not take the whole day', async () => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const begun = performance.now()
  const plan = await planLive(options(`http://127.0.0.1:${port}`, { login: LOGIN, timeoutMs: 100 }))
  const seen = judgeLive(await runLive(plan))
  server.closeAllConnections()
  server.close()
  assert.deepEqual(
    [...new Set(seen.map(({ outcome, summary }) => `${outcome}: ${summary}`))],
    ['not-proven: the server did not answer (timeout)'],
  )
  assert.ok(performance.now() - begun < 5_000)
})

test('what a server that dies half-way did not answer is neither pass nor fail', async () => {
  for (const after of [3, 12, 30, 45, 60, 70, 80]) {
    const backend = await startBackend(['no-limit'])
    let count = 0
    backend.server.prependListener('request', (request) => {
      count += 1
      if (count > after) request.socket.destroy()
    })
    const plan = await planLive(options(backend.url, { login: LOGIN }))
    const facts = await runLive(plan)
    const limit = judgeLive(facts).filter(({ id }) => id === 'auth-rate-limit' || id === 'forwarded-for')
    await backend.close()
    assert.deepEqual([...new Set(limit.map(({ outcome }) => outcome))], ['not-proven'], `after ${after}`)
    assert.ok(!judgeLive(facts).some(({ outcome }) => outcome === 'fail'), `after ${after}`)
  }
})

test('the plan names what is sent, the limit last; the run keeps to it, and to the most tries', async () => {
  const backend = await startBackend(['no-limit', 'docs'])
  const plan = await planLive(options(backend.url, { login: LOGIN }))
  assert.match(plan.steps.at(-2)?.title ?? '', /^Bad logins/)
  assert.ok(plan.steps.every(({ title, requests }) => title !== '' && requests.length > 0))
  assert.doesNotMatch(JSON.stringify(plan.steps), /correct-Horse/)
  const titles: string[] = []
  const begun = performance.now()
  const facts = await runLive(plan, { onProgress: (title) => titles.push(title) })
  await backend.close()
  assert.ok(performance.now() - begun < 20_000)
  assert.ok(titles.length > 4)
  assert.ok(
    backend.seen.filter(({ method, path }) => method === 'POST' && path.startsWith('/auth/login')).length <= 120,
  )
  assert.equal(backend.seen.at(-1)?.path, '/auth/login')
  assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts)
  assert.ok(new Set(backend.seen.map(({ from }) => from)).size > 3)
})

test('IPv6 loopback has one address: forged headers are still tried', async (t) => {
  const backend = await startBackend([], '::1').catch(() => undefined)
  if (backend === undefined) return t.skip('no IPv6 here')
  const seen = judgeLive(await runLive(await planLive(options(backend.url, { login: LOGIN }))))
  await backend.close()
  assert.equal(seen.find(({ id }) => id === 'auth-rate-limit')?.outcome, 'pass')
  assert.equal(seen.find(({ id }) => id === 'forwarded-for')?.outcome, 'pass')
})

test('a page that is the same for every path is no documentation', async () => {
  const server = createServer((_, response) => response.end('<html>swagger-ui redoc</html>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const seen = judgeLive(await runLive(await planLive(options(`http://127.0.0.1:${port}`))))
  server.close()
  assert.equal(seen.find(({ id }) => id === 'docs-exposed')?.outcome, 'pass')
  assert.ok(!seen.some(({ outcome }) => outcome === 'fail'))
})

test('a body without end is read to 256 KiB, a redirect is not followed, the host is what was asked', async () => {
  const hosts = new Set<string | undefined>()
  const server = createServer((request, response) => {
    hosts.add(request.headers.host)
    if (request.url === '/away') return void response.writeHead(302, { location: '/endless' }).end()
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', write)
    write()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const wire = openWire(await targetOf(`http://localhost:${port}`, false), 2_000, 5_000)
  const endless = await wire.ask({ path: '/endless', whole: true })
  assert.equal(endless.status, 200)
  assert.equal(endless.text.length, 256 * 1024)
  assert.equal((await wire.ask({ path: '/away' })).status, 302)
  assert.deepEqual([...hosts], [`localhost:${port}`])
  server.closeAllConnections()
  server.close()
})

test('a login that takes its time is tried often enough, and the run still ends', async () => {
  const backend = await startBackend(['no-limit'])
  // A hash that blocks for 150 ms.
  backend.server.prependListener('request', (request) => {
    if (request.url === '/auth/login') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
  })
  const begun = performance.now()
  const facts = await runLive(await planLive(options(backend.url, { login: LOGIN })))
  await backend.close()
  assert.ok(performance.now() - begun < 20_000)
  assert.ok((facts.limit?.tries ?? 0) >= 30)
  assert.equal(judgeLive(facts).find(({ id }) => id === 'auth-rate-limit')?.outcome, 'fail')
})
