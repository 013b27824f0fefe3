import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import * as mini from 'zod/mini'
import type { ZodTypeProvider } from '../../../src/adapters/fastify/index.ts'
import {
  asynchronousFault,
  auditSchema,
  compileSchema,
  jsonSchemaOf,
  lenientMembers,
  membersWithoutText,
} from '../../../src/layers/validation/index.ts'
import { guarded } from '../../adapters/fastify/app.ts'

const text = mini.string().check(mini.maxLength(9))
/** To the compiler they are another kind, as in an application that has both. */
const asZod = (schema: unknown): z.ZodType => schema as z.ZodType

test('an object of zod/mini is closed wherever it stands, and no finding of the audit', () => {
  const line = mini.object({ a: text })
  const order = asZod(
    mini.object({
      one: mini.optional(line),
      more: mini.array(mini.nullable(line)).check(mini.maxLength(3)),
    }),
  )
  assert.deepEqual(auditSchema(jsonSchemaOf(order), 'body'), [])
  const check = compileSchema(order)
  assert.ok(check({ one: { a: 'x' }, more: [{ a: 'y' }, null] }).ok)
  assert.ok(!check({ one: { a: 'x', role: 'admin' }, more: [] }).ok)
  assert.ok(!check({ more: [{ a: 'x', role: 'admin' }] }).ok)
})

test('what is told of a schema of zod at the start is told of one of zod/mini', () => {
  const coerced = mini.optional(mini.coerce.number().check(mini.minimum(0), mini.maximum(4)))
  assert.deepEqual(
    lenientMembers(asZod(mini.object({ a: coerced, b: mini.array(mini.catch(text, '')) })), 'body').map(
      ({ where }) => where,
    ),
    ['body/a', 'body/b/*'],
  )
  assert.deepEqual(
    membersWithoutText(asZod(mini.object({ n: mini.optional(mini.int()) })), 'query').map(({ where }) => where),
    ['query/n'],
  )
  const slow = mini.object({ a: mini.optional(text.check(mini.refine(async () => true))) })
  assert.match(asynchronousFault(asZod(slow)) ?? '', /answers a promise/)
})

test('a route whose schemas are of zod/mini has their types, and refuses what they do', async () => {
  const app = (await guarded()).withTypeProvider<ZodTypeProvider>()
  const body = mini.object({ lines: mini.array(mini.object({ sku: text })).check(mini.maxLength(3)) })
  let ran = 0
  app.post('/orders', { config: { access: 'public' }, schema: { body } }, async (request) => {
    ran += 1
    return { first: request.body.lines[0]?.sku.toUpperCase() }
  })
  const send = (payload: object) => app.inject({ method: 'POST', url: '/orders', payload })
  assert.deepEqual((await send({ lines: [{ sku: 'a' }] })).json(), { first: 'A' })
  const refused = await send({ lines: [{ sku: 'a', price: 0 }] })
  assert.equal(refused.statusCode, 422)
  assert.deepEqual(refused.json().errors, [{ in: 'body', field: '/lines/0', problem: 'has keys that are not known' }])
  assert.equal(ran, 1)
})
