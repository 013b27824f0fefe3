import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { z } from 'zod'
import { field } from '../../../src/layers/validation/index.ts'
import { guarded } from './app.ts'

const answer = async () => ({})
const query = { querystring: z.strictObject({ q: field.line(5).optional() }) }

/** Starts an application whose own onRoute hook, which comes after the door's, does something to a route. */
const started = async (hook: (route: RouteOptions) => void, routes?: (app: FastifyInstance) => unknown) => {
  const app = await guarded()
  app.addHook('onRoute', hook)
  if (routes === undefined) app.get('/a', { schema: query }, answer)
  else await routes(app)
  return await app.ready()
}

/** What would stand in a route and count for nothing, or take a check away. */
const CHANGES: readonly (readonly [name: string, hook: (route: RouteOptions) => void])[] = [
  ['config.limit', (route) => Object.assign(Object(route.config), { limit: '2/minute' })],
  ['config.limit', (route) => Object.assign(route, { config: { ...route.config, limit: '2/minute' } })],
  ['config.contentTypes', (route) => Object.assign(Object(route.config), { contentTypes: ['text/csv'] })],
  ['schema.querystring', (route) => Object.assign(Object(route.schema), { querystring: undefined })],
  ['schema.querystring', (route) => Object.assign(route, { schema: {} })],
  ['schema.body', (route) => Object.assign(Object(route.schema), { body: z.any() })],
  ['bodyLimit', (route) => Object.assign(route, { bodyLimit: 5_000_000 })],
  ['validatorCompiler', (route) => Object.assign(route, { validatorCompiler: () => () => true })],
  ['attachValidation', (route) => Object.assign(route, { attachValidation: true })],
  ['url', (route) => Object.assign(route, { url: `/v1${route.url}` })],
  ['method', (route) => Object.assign(route, { method: ['GET', 'POST'] })],
]
for (const [name, hook] of CHANGES)
  test(`an onRoute hook that changes ${name} after the door has read it stops the start`, async () => {
    await assert.rejects(
      started((route) => {
        if (route.method === 'GET') hook(route)
      }),
      new RegExp(`GET /a: an onRoute hook changed its (?:.*, )?${name.replace('.', '\\.')}`),
    )
  })

test('one that adds what the door does not read does not', async () => {
  await started((route) => {
    route.schema = { ...route.schema, tags: ['a'], summary: 'b' } as object
    route.config = Object.assign(route.config ?? {}, { swagger: {} })
    route.preHandler = (_request, _reply, done) => done()
  })
  await started(
    () => {},
    async (app) => {
      await app.register(
        async (group) => {
          group.get('/', answer)
          group.post('/x/', { schema: { body: z.strictObject({}) } }, answer)
        },
        { prefix: '/group' },
      )
      app.get('/', answer)
    },
  )
})
