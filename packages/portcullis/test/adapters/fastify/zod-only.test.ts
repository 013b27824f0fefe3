import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { zodOnly } from '../../../src/adapters/fastify/index.ts'
import { field } from '../../../src/layers/validation/index.ts'
import { guarded, secret } from './app.ts'

const open = { access: 'public' } as const
const inJsonSchema = {
  type: 'object',
  properties: { a: { type: 'string', maxLength: 9 } },
  additionalProperties: false,
}

test('an application with zodOnly checks and answers by schemas in zod', async (t) => {
  const app = await guarded({}, { schemaController: zodOnly })
  t.after(() => app.close())
  const schema = {
    body: z.strictObject({ a: field.line(9) }),
    response: { 200: z.object({ a: z.string() }) },
  }
  app.post('/:id', { config: open, schema }, async () => ({ a: 'x', secret: 'y' }))
  assert.deepEqual((await app.inject({ method: 'POST', url: '/1', payload: { a: 'x' } })).json(), { a: 'x' })
  assert.equal((await app.inject({ method: 'POST', url: '/1', payload: { a: 1 } })).statusCode, 422)
  assert.equal((await app.inject({ method: 'POST', url: '/1?b=1', payload: { a: 'x' } })).statusCode, 422)
})

for (const [what, where, schema] of [
  ['an input', 'body', { body: inJsonSchema }],
  ['an answer', 'response 200', { body: z.undefined(), response: { 200: inJsonSchema } }],
] as const)
  test(`a JSON Schema for ${what} stops its start, and is named`, async (t) => {
    const app = await guarded({}, { schemaController: zodOnly })
    t.after(() => app.close())
    app.post('/orders', { config: open, schema }, async () => ({}))
    await assert.rejects(async () => await app.ready(), new RegExp(`POST /orders, ${where}: write it in zod`))
  })

/** The modules of these packages that an application has loaded. */
const loaded = (options: string): readonly string[] => {
  const source = join(import.meta.dirname, '../../../src/adapters/fastify/index.ts')
  const program = `
    import { createRequire } from 'node:module'
    import { portcullis, zodOnly } from ${JSON.stringify(source)}
    import Fastify from 'fastify'
    const app = Fastify(${options})
    await app.register(portcullis, { mode: 'development', sessions: { secret: process.env.SECRET }, identify: () => null })
    app.get('/:id', async () => 'x')
    await app.ready()
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)))`
  const args = ['--input-type=module', '--conditions=source', '--eval', program]
  const printed = execFileSync(process.execPath, args, {
    cwd: import.meta.dirname,
    env: { ...process.env, SECRET: secret },
    encoding: 'utf8',
  })
  const files = JSON.parse(printed) as readonly string[]
  return files.filter((file) => /node_modules\/(ajv\/|fast-json-stringify\/index)/.test(file))
}

test('neither validator nor serializer of Fastify is loaded', () => {
  assert.deepEqual(loaded('{ schemaController: zodOnly }'), [])
  assert.notDeepEqual(loaded(''), [])
})
