/** Logout and registration that a document leaves out: they are looked for where they usually are. And what a registration takes. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'
import { DOCUMENT, type Flaw, LOGIN, startBackend } from './backend.ts'

/** What is said of a backend whose document lists neither. */
const said = async (flaws: readonly Flaw[], others?: RequestListener): Promise<(id: string) => string> => {
  const { '/auth/logout': _, '/auth/register': __, ...paths } = DOCUMENT.paths
  const openapi = join(mkdtempSync(join(tmpdir(), 'unlisted-')), 'openapi.json')
  writeFileSync(openapi, JSON.stringify({ ...DOCUMENT, paths }))
  const backend = await startBackend(flaws)
  if (others !== undefined) {
    const [handle] = backend.server.listeners('request')
    backend.server.removeAllListeners('request')
    backend.server.on('request', (request, response) =>
      /^\/(?:me|auth\/login)/.test(request.url ?? '') ? handle?.(request, response) : others(request, response),
    )
  }
  const plan = await planLive({ url: backend.url, login: LOGIN, openapi, allowWrites: true, iOwnThisHost: false })
  const seen = judgeLive(await runLive(plan))
  await backend.close()
  return (id) => seen.flatMap((one) => (one.id === id ? [`${one.outcome}: ${one.summary}`] : [])).join('\n')
}

test('a logout and a registration that are not listed are found', async () => {
  const right = await said([])
  assert.equal(right('logout-revocation'), 'pass: the token is refused after the logout')
  // What it takes, no document says: more than this one allows is sent, with the role and without.
  assert.equal(right('mass-assignment'), 'not-proven: no registration was accepted, with or without an extra role')
  const wrong = await said(['no-revocation', 'takes-role'])
  assert.equal(wrong('logout-revocation'), 'fail: the token is still good after the logout')
  assert.equal(wrong('mass-assignment'), 'fail: whoever registers as an administrator is one')
})

test('what every path answers is neither', async () => {
  const page = await said([], (_, response) => response.end('{"page":"home"}'))
  assert.equal(page('logout-revocation'), 'not-proven: no logout was found')
  assert.equal(page('mass-assignment'), 'not-proven: no registration was found')
})

test('a logout that is not answered is one that was not answered', async () => {
  const silent = await said([], ({ url, socket }, response) =>
    url === '/auth/logout' ? socket.destroy() : response.writeHead(401).end(),
  )
  assert.match(silent('logout-revocation'), /^not-proven: the logout was not answered: /)
})

test('a role alone is tried where a name that nobody knows was refused', async () => {
  const backend = await startBackend(['takes-role-alone', 'docs'])
  const plan = await planLive({ url: backend.url, login: LOGIN, allowWrites: true, iOwnThisHost: false })
  const seen = judgeLive(await runLive(plan))
  await backend.close()
  assert.equal(seen.find(({ id }) => id === 'mass-assignment')?.summary, 'whoever registers as an administrator is one')
})

test('routes that end in a slash are found where the path without it leads there', async () => {
  const backend = await startBackend(['no-document', 'no-revocation'])
  const [handle] = backend.server.listeners('request')
  backend.server.removeAllListeners('request')
  backend.server.on('request', (request, response) => {
    const { url = '' } = request
    if (!/^\/(?:me|auth\/login|auth\/logout)\/?$/.test(url)) return handle?.(request, response)
    if (!url.endsWith('/')) return response.writeHead(307, { location: `${backend.url}${url}/` }).end()
    request.url = url.slice(0, -1)
    return handle?.(request, response)
  })
  const plan = await planLive({ url: backend.url, login: LOGIN, allowWrites: false, iOwnThisHost: false })
  const seen = judgeLive(await runLive(plan))
  await backend.close()
  const of = (id: string) => seen.find((one) => one.id === id)?.outcome
  assert.deepEqual(['auth-rate-limit', 'jwt-verification', 'logout-revocation'].map(of), ['pass', 'pass', 'fail'])
})
