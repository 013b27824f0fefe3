import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, session, startGateway } from '../rig.ts'
import { newestShapes } from './newest-shapes.ts'
import type { Recording } from './recording.ts'
import { recordingUpstream } from './recording.ts'

const upstream = await recordingUpstream({ after })
const { address } = await startGateway({ after } as never, { upstream: upstream.origin, document: newestShapes })
const { token } = await session(address)
beforeEach(() => upstream.clear())

const adoption = {
  pet: { kind: 'cat', lives: 9 },
  owner: { name: 'Ada', email: null, born: '1815-12-10' },
  price: 12.5,
  at: '2026-01-01T10:00:00Z',
}
const thing = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

const adopt = (other: object): [string, string, unknown] => ['POST', '/adoptions', { ...adoption, ...other }]

const PASS: readonly [string, string, string, unknown?][] = [
  ['a cat', ...adopt({})],
  ['a dog, its breed null', ...adopt({ pet: { kind: 'dog', breed: null } })],
  ['a dog without a breed', ...adopt({ pet: { kind: 'dog' } })],
  ['a price as text', ...adopt({ price: '12.50' })],
  ['a colour', ...adopt({ color: 'red' })],
  ['null as a colour', ...adopt({ color: null })],
  ['a map', ...adopt({ scores: { any: 1, other: 2 } })],
  ['a tuple', ...adopt({ pair: [1, 'a'] })],
  ['a set', ...adopt({ notes: ['a', 'b'] })],
  ['no query', 'GET', '/search'],
  ['every query', 'GET', '/search?q=lamp&tag=a&tag=b&size=100&strict=true&color=blue'],
  ['values of a path', 'GET', `/things/${thing}/parts/1`],
  ['a map of texts', 'PATCH', `/things/${thing}`, { a: 'b' }],
]
for (const [name, method, path, json] of PASS)
  test(`passes as it came: ${name}`, async () => {
    const answer = await call(address, method, path, { token, ...(json === undefined ? {} : { json }) })
    assert.equal(answer.status, 200, answer.text)
    const [request] = upstream.requests
    assert.equal(upstream.requests.length, 1)
    assert.equal(`${request?.method} ${request?.target}`, `${method} ${path}`)
    assert.equal(request?.body.toString(), json === undefined ? '' : JSON.stringify(json))
  })

const REFUSED: readonly [string, string, string, unknown?][] = [
  ['a cat with a breed', ...adopt({ pet: { kind: 'cat', lives: 9, breed: 'x' } })],
  ['a kind that there is not', ...adopt({ pet: { kind: 'fish' } })],
  ['a pet of no kind', ...adopt({ pet: { lives: 9 } })],
  ['a cat whose kind is a dog', ...adopt({ pet: { kind: 'dog', lives: 9 } })],
  ['ten lives', ...adopt({ pet: { kind: 'cat', lives: 10 } })],
  ['lives as text', ...adopt({ pet: { kind: 'cat', lives: '9' } })],
  ['a key more, where the model says nothing of it', ...adopt({ is_admin: true })],
  ['a key more, where it forbids them', ...adopt({ owner: { name: 'Ada', role: 'admin' } })],
  ['a free pet', ...adopt({ price: 0 })],
  // Pydantic's pattern for decimals has no end: 'free' would pass, and is for the upstream to refuse.
  ['a price that is neither number nor text', ...adopt({ price: true })],
  ['a price of 10,000 digits', ...adopt({ price: '1'.repeat(10_000) })],
  ['null as an owner', ...adopt({ owner: null })],
  ['a colour that there is not', ...adopt({ color: 'green' })],
  ['no time', ...adopt({ at: undefined })],
  ['a day that there is not', ...adopt({ owner: { name: 'Ada', born: '2026-02-30' } })],
  ['six tags', ...adopt({ tags: ['a', 'b', 'c', 'd', 'e', 'f'] })],
  ['a map of texts where numbers are', ...adopt({ scores: { a: '1' } })],
  ['a tuple of three', ...adopt({ pair: [1, 'a', 'b'] })],
  ['a set with two of one', ...adopt({ notes: ['a', 'a'] })],
  ['a list as the body', 'POST', '/adoptions', [adoption]],
  ['a query of 51 characters', 'GET', `/search?q=${'x'.repeat(51)}`],
  ['a query that is not known', 'GET', '/search?admin=true'],
  ['two values where one is', 'GET', '/search?size=1&size=2'],
  ['a number in another spelling', 'GET', '/search?size=010'],
  ['a number with a fraction', 'GET', '/search?size=1.0'],
  ['a number beyond its bounds', 'GET', '/search?size=101'],
  ['a truth in another spelling', 'GET', '/search?strict=yes'],
  ['a colour of the query that there is not', 'GET', '/search?color=green'],
  ['what is no uuid', 'GET', '/things/1/parts/1'],
  ['part 0', 'GET', `/things/${thing}/parts/0`],
  ['a map with a number in it', 'PATCH', `/things/${thing}`, { a: 1 }],
]
for (const [name, method, path, json] of REFUSED)
  test(`refused, and nothing reaches the upstream: ${name}`, async () => {
    const answer = await call(address, method, path, { token, ...(json === undefined ? {} : { json }) })
    assert.equal(answer.status, 422, answer.text)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.equal(answer.body.status, 422)
    assert.ok(answer.body.errors.length > 0)
    assert.deepEqual(upstream.requests, [])
  })

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

const FORMS: readonly [string, number, string][] = [
  ['a model as a form', 200, 'username=ada&password=p%40ss+word'],
  ['its truth and its list', 200, 'username=ada&password=p&remember=true&scopes=a&scopes=b'],
  ['a field that is missing', 422, 'username=ada'],
  ['a field that is not known', 422, 'username=ada&password=p&is_admin=true'],
  ['a name twice', 422, 'username=ada&username=root&password=p'],
  ['a truth in another spelling', 422, 'username=ada&password=p&remember=1'],
]
for (const [name, status, body] of FORMS)
  test(`a form: ${name}: ${status}`, async () => {
    const answer = await call(address, 'POST', '/login/access-token', { token, body, headers: formType })
    assert.equal(answer.status, status, answer.text)
    const reached = upstream.requests.map((request) => new URLSearchParams(request.body.toString()).toString())
    assert.deepEqual(reached, status === 200 ? [new URLSearchParams(body).toString()] : [])
  })

test('JSON where a form is taken, and a form where JSON is, reach nothing', async () => {
  const json = await call(address, 'POST', '/login/access-token', { token, json: { username: 'a', password: 'b' } })
  const form = await call(address, 'POST', '/adoptions', { token, body: 'a=b', headers: formType })
  const type = { 'content-type': 'text/plain' }
  const plain = await call(address, 'POST', '/adoptions', { token, body: JSON.stringify(adoption), headers: type })
  assert.deepEqual([json.status, form.status, plain.status], [415, 415, 415])
  assert.deepEqual(upstream.requests, [])
})

test('an upload passes letter by letter, its boundary with it', async () => {
  const form = new FormData()
  form.set('file', new File([Buffer.alloc(200_000, 'x')], 'a.bin'))
  form.set('note', 'n')
  const answer = await call(address, 'POST', '/upload', { token, body: form })
  assert.equal(answer.status, 200, answer.text)
  const [request] = upstream.requests
  const sent = await new Response(request?.body ?? null, {
    headers: { 'content-type': contentType(request) },
  }).formData()
  assert.equal((sent.get('file') as File).size, 200_000)
  assert.equal(sent.get('note'), 'n')
})

const contentType = (request: Recording['requests'][number] | undefined): string => {
  const at = request?.rawHeaders.findIndex((name) => name.toLowerCase() === 'content-type') ?? -1
  return request?.rawHeaders[at + 1] ?? ''
}

test('without a session none of it reaches the upstream', async () => {
  for (const [, method, path, json] of PASS) {
    const answer = await call(address, method, path, json === undefined ? {} : { json })
    assert.equal(answer.status, 401)
  }
  assert.deepEqual(upstream.requests, [])
})
