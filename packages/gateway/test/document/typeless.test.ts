/** Schemas that say properties and no type: JSON Schema asks these of objects alone, so that whatever is none passes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, session, startGateway, startUpstream } from '../rig.ts'

const described = { properties: { title: { type: 'string', maxLength: 5 } }, required: ['title'] }

test('what says no type is told at the start, since it is served as it is written', async (t) => {
  const upstream = await startUpstream(t)
  const document = documentOf({
    '/typeless': { post: operation(jsonBody(described)) },
    '/typed': { post: operation(jsonBody({ type: 'object', ...described })) },
  })
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document })
  assert.deepEqual(gateway.document().unbounded, [
    { name: 'POST /typeless body', problem: 'takes whatever is no object' },
  ])
  const { token } = await session(address)
  const ask = async (path: string, sent: unknown): Promise<number> =>
    (await call(address, 'POST', path, { token, json: sent })).status
  assert.equal(await ask('/typeless', []), 200)
  assert.equal(await ask('/typeless', {}), 422)
  assert.equal(await ask('/typed', []), 422)
})
