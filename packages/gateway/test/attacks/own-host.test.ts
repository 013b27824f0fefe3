import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

test('no answer tells the address of the upstream in a Host of its own', async (t) => {
  for (const status of [200, 302, 404, 500]) {
    const upstream = await startUpstream(t, ({ headers: { host } }, response) => {
      response.writeHead(status, { host, 'content-type': 'application/json' }).end('{}')
    })
    const { address } = await startGateway(t, {
      upstream: upstream.address,
      document: documentOf({ '/a': { get: operation() } }),
      settings: { access: { 'GET /a': 'public' } },
    })
    const answer = await call(address, 'GET', '/a')
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('host'), null, String(status))
  }
})
