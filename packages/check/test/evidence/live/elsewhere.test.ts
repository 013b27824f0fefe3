/** Servers that answer everything in one way: elsewhere, with one page, or in words. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import type { Observation } from '../../../src/items/index.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'

const asked = async (
  answer: RequestListener,
): Promise<{ seen: readonly Observation[]; url: string; requests: number }> => {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = judgeLive(await runLive(await planLive({ url, allowWrites: false, iOwnThisHost: false })))
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
