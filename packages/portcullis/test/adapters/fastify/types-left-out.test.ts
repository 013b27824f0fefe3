import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { guarded } from './app.ts'

const text = { type: 'string', maxLength: 3 }
const person = { properties: { name: text }, required: ['name'], additionalProperties: false }
const names = { items: text, maxItems: 2 }
const within = (o: object) => ({ type: 'object', properties: { o }, additionalProperties: false })
const ajv = { customOptions: { coerceTypes: false, removeAdditional: false, strictTypes: false } } as const
const open = { access: 'public' } as const

const said = async (add: (app: FastifyInstance) => unknown, waive: readonly string[] = []): Promise<string> => {
  const app = await guarded({ validation: { waive } }, { ajv })
  add(app)
  try {
    await app.ready()
    return ''
  } catch (error) {
    return (error as Error).message
  } finally {
    await app.close()
  }
}

test('a JSON Schema that says no type is told at the start: a list, a text and null have no properties, and pass', async (t) => {
  for (const [body, where] of [
    [person, "body: takes whatever is no object: write type: 'object' beside its properties"],
    [within(person), 'body/o: takes whatever is no object: write'],
    [within(names), "body/o: takes whatever is no array: write type: 'array' beside its items"],
    [{ $ref: '#/definitions/person', definitions: { person } }, 'body: takes whatever is no object'],
    [within({ anyOf: [{ type: 'null' }, person] }), 'body/o: takes whatever is no object'],
  ] as const)
    assert.ok(
      (await said((app) => app.post('/x', { schema: { body } }, async () => ({})))).includes(`POST /x ${where}`),
      where,
    )
  const query = { type: 'object', properties: { o: names }, additionalProperties: false }
  assert.match(
    await said((app) => app.get('/x', { schema: { querystring: query } }, async () => ({}))),
    /GET \/x query\/o: takes/,
  )

  // What it is about: by the letter all of these fit, and the handler runs.
  const app = await guarded({ validation: { waive: ['POST /x body'] } }, { ajv })
  t.after(() => app.close())
  app.post('/x', { config: open, schema: { body: person } }, async () => ({}))
  for (const payload of ['[]', '"a long text"', 'null']) {
    const answer = await app.inject({
      method: 'POST',
      url: '/x',
      payload,
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(answer.statusCode, 200, payload)
  }
})

test('one that says it somewhere is not, nor what is an object anyhow', async () => {
  const typed = { allOf: [{ type: 'object' }, person] }
  assert.equal(await said((app) => app.post('/x', { schema: { body: typed } }, async () => ({}))), '')
  assert.equal(
    await said((app) =>
      app.post('/x', { schema: { body: within({ type: 'object', anyOf: [person] }) } }, async () => ({})),
    ),
    '',
  )
  const one = { properties: { id: text }, additionalProperties: false }
  const schema = { params: one, querystring: one }
  assert.equal(await said((app) => app.get('/x/:id', { schema }, async () => ({}))), '')
})
