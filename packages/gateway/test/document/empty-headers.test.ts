import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, parameter, startGateway, startUpstream } from '../rig.ts'

test('a header that is required is not there when it is empty: an empty one goes on to nobody', async (t) => {
  const upstream = await startUpstream(t)
  const tenant = parameter('X-Tenant', 'header', { type: 'string', enum: ['', 'a'] }, { required: true })
  const other = parameter('X-Other', 'header', { type: 'string', minLength: 1, maxLength: 9 })
  const document = documentOf({ '/a': { get: operation({ parameters: [tenant, other] }) } })
  const settings = { access: { 'GET /a': 'public' } }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const ask = (headers: Record<string, string>) => call(address, 'GET', '/a', { headers })
  for (const headers of [{ 'x-tenant': '' }, { 'x-tenant': '  ' }, {}]) {
    const { status, body } = await ask(headers)
    assert.equal(status, 422)
    assert.deepEqual(body.errors, [{ in: 'header', field: '/X-Tenant', problem: 'is missing' }])
  }
  assert.equal(upstream.reached.length, 0)
  assert.equal((await ask({ 'x-tenant': 'a', 'x-other': '' })).status, 200)
  assert.equal(upstream.reached.at(-1)?.headers['x-other'], undefined)
})
