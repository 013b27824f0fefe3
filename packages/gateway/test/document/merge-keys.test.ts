import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDocument } from '../../src/document/source.ts'
import { call, folder, session, startGateway, startUpstream } from '../rig.ts'

const YAML = `
openapi: 3.0.3
info: { title: test, version: "1" }
x-small: &small { type: integer, minimum: 1, maximum: 5 }
x-named: &named
  type: object
  required: [name]
  properties: &names
    name: { type: string, maxLength: 5 }
x-answers: &answers
  responses: { "200": { description: ok } }
paths:
  /a:
    get:
      <<: *answers
      parameters:
        - { name: page, in: query, schema: { <<: *small } }
        - { name: size, in: query, schema: { maximum: 9, <<: *small } }
    post:
      <<: *answers
      requestBody:
        content:
          application/json:
            schema:
              <<: [{ properties: { <<: *names, age: *small } }, *named]
              description: of its own
`

test('what a schema says by a merge key of YAML is asked for', async (t) => {
  const place = join(folder(t), 'openapi.yaml')
  writeFileSync(place, YAML)
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document: {}, env: { OPENAPI: place } })
  const { token } = await session(address)
  const get = async (query: string): Promise<number> => (await call(address, 'GET', `/a?${query}`, { token })).status
  const post = async (json: object): Promise<number> => (await call(address, 'POST', '/a', { token, json })).status

  assert.equal(await get('page=5&size=9'), 200)
  assert.equal(await post({ name: 'ada', age: 3 }), 200)
  assert.equal(upstream.reached.length, 2)
  for (const query of ['page=6', 'size=10', 'size=0', 'page=x']) assert.equal(await get(query), 422, query)
  for (const body of [{}, { name: 5 }, { name: 'ada', age: 6 }, { name: 'ada', admin: true }])
    assert.equal(await post(body), 422, JSON.stringify(body))
  assert.equal(upstream.reached.length, 2)
})

test('one that brings in no map is said to do so, one that comes back to itself ends, and in JSON it is a name', async (t) => {
  const place = folder(t)
  const reading = (name: string, text: string) => {
    writeFileSync(join(place, name), text)
    return readDocument(join(place, name))
  }
  await assert.rejects(reading('text.yaml', `${YAML}x-odd: { <<: small }\n`), /it has a << that brings in no map/)
  await assert.rejects(reading('list.yaml', `${YAML}x-odd: { <<: [*small, 5] }\n`), /it has a << that brings in no map/)
  const read = await reading('circle.yaml', `${YAML}x-odd: &odd { kept: { <<: *odd }, own: 1 }\n`)
  assert.ok(read)
  assert.equal((read.document['x-odd'] as { readonly kept: { readonly own: number } }).kept.own, 1)
  const json = await reading('openapi.json', JSON.stringify({ openapi: '3.0.0', paths: {}, 'x-odd': { '<<': 5 } }))
  assert.deepEqual(json?.document['x-odd'], { '<<': 5 })
})
