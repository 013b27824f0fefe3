import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

test('a range that can not be had is refused with the length of the whole, and no other refusal speaks of a range', async (t) => {
  let status = 416
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', 'content-range': 'bytes */1234' }).end('none')
  })
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/a': { get: operation() } }),
    settings: { access: { 'GET /a': 'public' } },
  })
  const ask = () => call(address, 'GET', '/a', { headers: { range: 'bytes=9999-' } })
  const refused = await ask()
  assert.equal(refused.status, 416)
  assert.equal(refused.headers.get('content-range'), 'bytes */1234')
  assert.equal(refused.body.status, 416)
  assert.equal(upstream.reached[0]?.headers.range, 'bytes=9999-')
  status = 404
  assert.equal((await ask()).headers.get('content-range'), null)
})
