/** What a login gave and got is in no report, whichever rule repeats the answer. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { check } from '../../src/checklist.ts'
import { toHtml, toJson, toJunit, toSarif, toTerminal } from '../../src/report/index.ts'
import { temporaryFolder } from '../evidence/repository.ts'

const PASSWORD = 'kurz7!'

test('a token that the login answers, and that a rule repeats as it came, is redacted in every format', async (t) => {
  const [token, refresh] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  const server = createServer((request, response) => {
    if (request.url !== '/auth/login') return void response.writeHead(404).end()
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (!body.includes(PASSWORD)) return void response.writeHead(401).end()
      // Their names are the tokens: cookie-flags says the name of a cookie.
      response.setHeader('set-cookie', [`session-${token}=1`, `refresh-${refresh}=1`, `of-${PASSWORD}=1`])
      response.end(JSON.stringify({ access_token: token, refresh_token: refresh }))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const { report, observations, secrets } = await check({
    folder: temporaryFolder(t),
    live: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      login: JSON.stringify({ email: 'ada@example.com', password: PASSWORD }),
      allowWrites: false,
      iOwnThisHost: false,
    },
  })
  const hidden = [token, refresh, PASSWORD]
  const raw = JSON.stringify(observations)
  for (const one of hidden) {
    assert.ok(raw.includes(one), 'a rule repeats it, or nothing is tested')
    assert.ok(secrets.has(one))
  }
  for (const page of [
    ...[toJson, toSarif, toJunit, toHtml].map((format) => format(report)),
    toTerminal(report, { colour: false }),
  ])
    for (const one of hidden) assert.ok(!page.includes(one), page)
})
