import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { z } from 'zod'
import { errorHandler, Problem, portcullis } from '../../../src/adapters/fastify/index.ts'
import { field } from '../../../src/layers/validation/index.ts'
import { secret } from './app.ts'

/** What an application says at its start. */
const warningsOf = async (
  routes: (app: FastifyInstance) => unknown,
  before: (app: FastifyInstance) => unknown = () => {},
): Promise<string> => {
  const lines: string[] = []
  const stream = { write: (line: string) => lines.push(line) }
  const app = Fastify({ logger: { level: 'warn', stream } })
  before(app)
  await app.register(portcullis, { sessions: { secret }, identify: () => null })
  routes(app)
  await app.ready()
  return lines.join('')
}

const answer = async () => ({})
const own = (_error: unknown, _request: FastifyRequest, reply: FastifyReply) => reply.code(400).send({})

test('an error handler of the application is named at the start, wherever it stands', async () => {
  const said = /has an error handler of its own.*let it end with errorHandler\(error, request, reply\)/
  assert.match(await warningsOf((app) => app.setErrorHandler(own)), said)
  const inGroup = await warningsOf((app) =>
    app.register(async (group) => {
      group.get('/a', answer)
      group.setErrorHandler(own)
    }),
  )
  assert.match(inGroup, said)
  assert.doesNotMatch(await warningsOf((app) => app.get('/a', answer)), said)
})

test('one that was set before the plugin is said to be replaced', async () => {
  const said = /was set before portcullis was registered is not used: set it after/
  const early = (app: FastifyInstance) => app.setErrorHandler(own)
  assert.match(await warningsOf(() => {}, early), said)
  assert.doesNotMatch(await warningsOf(() => {}), said)
  assert.doesNotMatch(await warningsOf((app) => app.setErrorHandler(own)), said)
})

test('one that hands over what it does not know answers nothing of it', async () => {
  const app = Fastify()
  await app.register(portcullis, { sessions: { secret }, identify: () => null })
  app.setErrorHandler((error: Error, request, reply) =>
    error.message === 'known' ? reply.code(409).send({ error: 'known' }) : errorHandler(error, request, reply),
  )
  for (const word of ['known', 'secret words'])
    app.get(`/${word.length}`, { config: { access: 'public' } }, async () => {
      throw new Error(word)
    })
  assert.deepEqual((await app.inject('/5')).json(), { error: 'known' })
  const other = await app.inject('/12')
  assert.deepEqual([other.statusCode, other.json().type], [500, 'urn:portcullis:problem:internal'])
  assert.doesNotMatch(other.body, /secret words/)
})

test('one that reads statusCode, as Fastify’s errors have it, answers the status of a problem', async () => {
  const app = Fastify()
  await app.register(portcullis, { sessions: { secret }, identify: () => null })
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: true }),
  )
  const route = { config: { access: 'public' }, schema: { body: z.strictObject({ a: field.line(9) }) } } as const
  app.post('/orders', route, async () => {
    throw new Problem('conflict')
  })
  const status = async (payload: string): Promise<number> =>
    (await app.inject({ method: 'POST', url: '/orders', headers: { 'content-type': 'application/json' }, payload }))
      .statusCode
  assert.equal(await status('{'), 400)
  assert.equal(await status('{"a":1}'), 422)
  assert.equal(await status('{"a":"b"}'), 409)
})
