/** Servers that answer everything in one way: elsewhere, with one page, or in words. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import type { Observation } from '../../../src/items/index.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'

const asked = async (
  answer: RequestListener,
  login?: string,
): Promise<{ seen: readonly Observation[]; url: string; requests: number }> => {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = judgeLive(
    await runLive(
      await planLive({ url, allowWrites: false, iOwnThisHost: false, ...(login === undefined ? {} : { login }) }),
    ),
  )
  server.closeAllConnections()
  server.close()
  return { seen, url, requests }
}

const of = (seen: readonly Observation[], id: string): string =>
  seen.flatMap((one) => (one.id === id ? [`${one.outcome}: ${one.summary}`] : [])).join('\n')

test('a server that redirects everything to https proves nothing, and says where to ask', async () => {
  const { seen, url, requests } = await asked((request, response) =>
    response.writeHead(308, { location: `https://${request.headers.host}${request.url}` }).end(),
  )
  assert.deepEqual(
    [...new Set(seen.map(({ outcome, summary }) => `${outcome}: ${summary}`))],
    [`not-proven: everything is redirected to ${url.replace('http:', 'https:')}: give that as --url`],
  )
  assert.ok(requests < 20, `${requests} requests`)
})

test('a redirect to a login of its own is an answer', async () => {
  const { seen } = await asked((_, response) => response.writeHead(302, { location: '/login' }).end())
  assert.match(of(seen, 'docs-exposed'), /^pass/)
})

test('one page for every path says nothing of what takes bad input', async () => {
  const { seen } = await asked((_, response) => response.end('<div id="root"></div>'))
  assert.equal(of(seen, 'error-disclosure'), 'not-proven: too few of the bad requests were answered to tell')
})

test('a server that has nothing at any path proves nothing, and says where to look', async () => {
  const nowhere = await asked((_, response) => response.writeHead(404).end('Not Found'))
  assert.deepEqual(
    nowhere.seen.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail'),
    [],
  )
  assert.equal(
    of(nowhere.seen, 'docs-exposed'),
    'not-proven: every path was answered 404, like one that nobody has: is the path of --url right?',
  )
  // Behind a guard before everything nobody reads the documentation.
  assert.match(of((await asked((_, response) => response.writeHead(401).end())).seen, 'docs-exposed'), /^pass/)
  const { seen } = await asked(({ url }, response) => response.writeHead(url === '/me' ? 401 : 404).end())
  assert.match(of(seen, 'docs-exposed'), /^pass/)
})

test('a limit that is told by a number in the answer alone is no failure', async () => {
  let tries = 0
  const { seen } = await asked((request, response) => {
    const isLogin = request.method === 'POST' && request.url === '/login'
    if (isLogin) tries += 1
    response.writeHead(isLogin ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ code: isLogin ? (tries > 20 ? 429 : 401) : 404, message: 'error' }))
  })
  assert.equal(
    of(seen, 'auth-rate-limit'),
    'not-proven: the answer says that there were too many tries, and its status, 200, does not: answer 429',
  )
})

test('a limit that counts each browser by itself is one that anybody walks round', async () => {
  const tries = new Map<string, number>()
  const { seen } = await asked((request, response) => {
    const isLogin = request.method === 'POST' && request.url === '/login'
    const client = `${request.socket.remoteAddress} ${request.headers['user-agent']}`
    if (isLogin) tries.set(client, (tries.get(client) ?? 0) + 1)
    response.writeHead(!isLogin ? 404 : (tries.get(client) ?? 0) > 10 ? 429 : 401).end('{}')
  })
  assert.match(of(seen, 'auth-rate-limit'), /^pass: bad login number/)
  assert.equal(of(seen, 'forwarded-for'), 'fail: a forged User-Agent gives a fresh quota')
})

test('a limit that is told in words alone is no failure, and no pass', async () => {
  let tries = 0
  const { seen } = await asked((request, response) => {
    const isLogin = request.method === 'POST' && request.url === '/login'
    if (isLogin) tries += 1
    const words = tries > 20 ? 'Too many login attempts. Try again later.' : 'Wrong e-mail or password'
    response.writeHead(isLogin ? 400 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: isLogin ? words : 'Not Found' }))
  })
  assert.equal(
    of(seen, 'auth-rate-limit'),
    'not-proven: the answer says that there were too many tries, and its status, 400, does not: answer 429',
  )
  assert.equal(of(seen, 'forwarded-for'), 'not-proven: no limit was reached')
})

test('a proxy that does not reach the backend proves nothing', async () => {
  const { seen, requests } = await asked((_, response) => response.writeHead(502).end('<h1>502 Bad Gateway</h1>'))
  assert.deepEqual(
    [...new Set(seen.map(({ outcome, summary }) => `${outcome}: ${summary}`))],
    ['not-proven: everything is answered 502: what stands in front does not reach the backend'],
  )
  assert.ok(requests < 20, `${requests} requests`)
})

test('a server that wants TLS, or another name, says so', async () => {
  const said = async (page: string) =>
    of((await asked((_, response) => response.writeHead(400).end(page))).seen, 'cors')
  assert.equal(
    await said('<center>The plain HTTP request was sent to HTTPS port</center>'),
    'not-proven: it speaks TLS and was asked without: give --url with https',
  )
  assert.equal(
    await said('Invalid host header'),
    'not-proven: it refuses the host of --url: give the name that it serves',
  )
})

test('something that begins to refuse whoever asks so much takes the passes away, and is no missing limit', async () => {
  let asks = 0
  const { seen } = await asked((_, response) => {
    asks += 1
    response.writeHead(asks > 30 ? 403 : 404).end()
  })
  for (const id of ['cors', 'debug', 'error-disclosure', 'docs-exposed'])
    assert.equal(
      of(seen, id),
      'not-proven: a path that nobody has was answered 404, and 403 later: something in front began to refuse',
    )
  assert.deepEqual(
    seen.filter(({ outcome }) => outcome === 'fail'),
    [],
  )
})

test('an answer to a failure tells nothing of origins', async () => {
  const { seen } = await asked((_, response) => response.writeHead(500).end())
  assert.equal(of(seen, 'cors'), 'not-proven: the server did not answer as usual')
})

test('a login that does not work is told with what it was answered', async () => {
  const { seen } = await asked(
    (request, response) => response.writeHead(request.url === '/login' ? 429 : 404).end(),
    '{"email":"me@example.com","password":"correct horse battery"}',
  )
  assert.equal(of(seen, 'jwt-expiry'), 'not-proven: the login that was given did not work: POST /login answered 429')
})

test("nginx's limit, which answers 503, is told from a login that does not look", async () => {
  let tries = 0
  const { seen } = await asked((request, response) => {
    const isLogin = request.method === 'POST' && request.url === '/login'
    if (isLogin) tries += 1
    response.writeHead(isLogin ? (tries > 10 ? 503 : 401) : 404).end()
  })
  assert.equal(
    of(seen, 'auth-rate-limit'),
    'not-proven: bad logins are answered 503 without Retry-After, which may be a limit or a failure: answer 429',
  )
})

const certificate = () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-check-'))
  const [keyout, out] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '2']
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    keyout,
    '-out',
    out,
    ...subject,
  ])
  return made.status === 0 ? { key: readFileSync(keyout), cert: readFileSync(out) } : undefined
}

test('a server of HTTP/2 alone proves nothing: to what comes without it, it answers 403', async (t) => {
  const pair = certificate()
  if (pair === undefined)
    return t.skip('There is no openssl to make a certificate: install it (apt-get install openssl).')
  const server = createSecureServer({ ...pair, allowHTTP1: false }, (_, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = judgeLive(await runLive(await planLive({ url, allowWrites: false, iOwnThisHost: false })))
  assert.equal(of(seen, 'default-deny'), 'not-proven: the server speaks HTTP/2 alone, and was asked in HTTP/1.1')
})

test('https where http is spoken is told', async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = judgeLive(await runLive(await planLive({ url, allowWrites: false, iOwnThisHost: false })))
  assert.equal(of(seen, 'cors'), 'not-proven: the server does not speak TLS: give --url with http')
})
