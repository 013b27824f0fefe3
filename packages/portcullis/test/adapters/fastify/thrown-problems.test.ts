import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../../src/adapters/fastify/index.ts'
import { guarded } from './app.ts'

/** What a handler throws, as the documentation has it, and what must come with it. */
const THROWN: readonly (readonly [thrown: Error, field: string, value: string])[] = [
  [new Problem('unauthenticated'), 'www-authenticate', 'Bearer'],
  [new Problem('login-failed'), 'www-authenticate', 'Bearer'],
  [new Problem('refresh-refused'), 'www-authenticate', 'Bearer'],
  [new Problem('unavailable'), 'retry-after', '1'],
  [new Problem('quota-exceeded'), 'retry-after', '60'],
  [new Problem('quota-exceeded', {}, { 'Retry-After': '3600' }), 'retry-after', '3600'],
  [new Problem('unavailable', {}, { 'Retry-After': '30' }), 'retry-after', '30'],
  [
    new Problem('unauthenticated', {}, { 'WWW-Authenticate': 'Digest realm="a"' }),
    'www-authenticate',
    'Digest realm="a"',
  ],
  [Object.assign(new Error('no'), { statusCode: 401 }), 'www-authenticate', 'Bearer'],
]

test('a 401 that a handler throws says which scheme is asked for, and a 429 or a 503 when to come back', async () => {
  for (const [thrown, field, value] of THROWN) {
    const app = await guarded()
    app.get('/', { config: { access: 'public' } }, async () => {
      throw thrown
    })
    const answer = await app.inject('/')
    assert.equal(answer.headers[field], value, thrown.message)
  }
})

test('what the handler has set before it threw stays', async () => {
  const app = await guarded()
  app.get('/', { config: { access: 'public' } }, async (_request, reply) => {
    reply.header('WWW-Authenticate', 'Basic realm="files"')
    throw new Problem('unauthenticated')
  })
  assert.equal((await app.inject('/')).headers['www-authenticate'], 'Basic realm="files"')
})
