import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, parameter, session, startGateway, startUpstream } from '../rig.ts'

const query = (name: string, schema: object, more: object = {}): object => parameter(name, 'query', schema, more)
const allowEmptyValue = true

test('a query parameter may be empty where the document says so, and nowhere else', async (t) => {
  const parameters = [
    query('verbose', { type: 'boolean' }, { allowEmptyValue }),
    query('page', { type: 'integer', minimum: 1 }, { allowEmptyValue, required: true }),
    query('tags', { type: 'array', items: { type: 'integer' } }, { allowEmptyValue }),
    query('ids', { type: 'array', items: { type: 'integer' } }, { allowEmptyValue, explode: false }),
    query('piped', { type: 'array', items: { type: 'integer' } }, { allowEmptyValue, style: 'pipeDelimited' }),
    query('size', { type: 'integer' }, { allowEmptyValue: false }),
    parameter('x-count', 'header', { type: 'integer' }, { allowEmptyValue }),
  ]
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/a': { get: operation({ parameters }) } }),
  })
  const { token } = await session(address)
  const ask = (sent: string, headers = {}) => call(address, 'GET', `/a?${sent}`, { token, headers })

  for (const sent of ['page', 'page=', 'page=2&verbose', 'page=&verbose=&tags=&ids='])
    assert.equal((await ask(sent)).status, 200, sent)
  assert.deepEqual(
    upstream.reached.map(({ url }) => url),
    ['/a?page=', '/a?page=', '/a?page=2&verbose=', '/a?page=&verbose=&tags=&ids='],
  )
  for (const sent of ['', 'page=0', 'page=&page=', 'page=%20', 'page=&verbose=x', 'page=&tags=&tags=', 'page=1&size='])
    assert.equal((await ask(sent)).status, 422, sent)
  assert.equal((await ask('page=&piped=')).status, 422, 'a style that has no way to write nothing')
  assert.equal(upstream.reached.length, 4)
})
