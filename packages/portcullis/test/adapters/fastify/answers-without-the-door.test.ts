import assert from 'node:assert/strict'
import { test } from 'node:test'
import { securityHeaders } from '../../../src/response/index.ts'
import { bearer, guarded } from './app.ts'

test('a time that is over while the door waits is answered with the fields of every answer', async (t) => {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const app = await guarded({ identify: () => late }, { handlerTimeout: 20 })
  t.after(() => app.close())
  // With an error handler of the application's own, too.
  app.get('/x', { errorHandler: (_error, _request, reply) => void reply.code(503).send('own') }, async () => ({}))
  app.get('/y', async () => ({}))
  const headers = await bearer(app, 'ada')
  for (const url of ['/x', '/y']) {
    const answer = await app.inject({ url, headers })
    assert.equal(answer.statusCode, 503, url)
    for (const [name, value] of Object.entries(securityHeaders)) assert.equal(answer.headers[name], value, url)
  }
  resolve(null)
})
