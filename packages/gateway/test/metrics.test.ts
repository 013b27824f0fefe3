import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { call, documentOf, operation, session, startGateway, startUpstream } from './rig.ts'

const document = documentOf({ '/items': { get: operation() } })

test('the metrics bearer opens the counters and nothing else, and they go on over a new document', async (t) => {
  const upstream = await startUpstream(t)
  const token = generateSecret()
  const env = { METRICS_TOKEN: token }
  const { address, gateway, documentPath } = await startGateway(t, { upstream: upstream.address, document, env })
  for (const given of [undefined, `${token}x`]) {
    const refused = await call(address, 'GET', '/-/metrics', given === undefined ? {} : { token: given })
    assert.deepEqual([refused.status, refused.body.type], [401, 'urn:portcullis:problem:unauthenticated'])
  }
  const { token: nobodys } = await session(address)
  assert.equal((await call(address, 'GET', '/-/metrics', { token: nobodys })).status, 403)
  assert.equal((await call(address, 'GET', '/items', { token })).status, 401)
  assert.equal(upstream.reached.length, 0)
  assert.equal((await call(address, 'GET', '/items', { token: nobodys })).status, 200)

  const { status, headers, text } = await call(address, 'GET', '/-/metrics', { token })
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8'])
  for (const line of [
    'portcullis_events_total{event="logged-in"} 1',
    'portcullis_events_total{event="refused"} 4',
    'portcullis_answers_total{status="4xx"} 4',
    'portcullis_documents_total{outcome="taken"} 1',
    'portcullis_documents_total{outcome="kept"} 0',
    '# TYPE portcullis_limited_keys gauge',
  ])
    assert.ok(text.includes(`${line}\n`), `${line} in ${text}`)
  // What was forwarded is counted as well: register, log in, and the item.
  assert.match(text, /^portcullis_answers_total\{status="2xx"\} 3$/m)
  assert.match(text, /^portcullis_key_info\{kid="[\w-]+",alg="HS256",signs="1"\} 1$/m)

  writeFileSync(documentPath, JSON.stringify(documentOf({ '/others': { get: operation() } })))
  await gateway.refresh()
  writeFileSync(documentPath, '{')
  await gateway.refresh()
  const after = await call(address, 'GET', '/-/metrics', { token })
  assert.match(after.text, /^portcullis_answers_total\{status="4xx"\} 4$/m)
  assert.match(after.text, /^portcullis_documents_total\{outcome="taken"\} 2$/m)
  assert.match(after.text, /^portcullis_documents_total\{outcome="kept"\} 1$/m)
})

test('without a bearer they are for an admin alone', async (t) => {
  const upstream = await startUpstream(t)
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document })
  assert.equal(gateway.table().find(({ path }) => path === '/-/metrics')?.access, 'role admin')
  assert.equal((await call(address, 'GET', '/-/metrics')).status, 401)
})
