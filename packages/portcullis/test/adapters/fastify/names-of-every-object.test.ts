import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { guarded } from './app.ts'

const open = { access: 'public' } as const
const member = z.string().max(9).optional()

for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty'])
  test(`a member that is called ${name} may be left out where its schema says so: nobody has sent what every object has`, async (t) => {
    const app = await guarded()
    t.after(() => app.close())
    const one = z.strictObject({ [name]: member })
    const many = z.strictObject({ [name]: member, tags: z.array(z.string().max(3)).max(3).optional() })
    app.get('/one', { config: open, schema: { querystring: one } }, async ({ query }) => ({ took: query }))
    app.get('/many', { config: open, schema: { querystring: many } }, async ({ query }) => ({ took: query }))
    app.get(
      '/field',
      { config: open, schema: { headers: z.strictObject({ [name.toLowerCase()]: member }) } },
      async () => ({
        took: {},
      }),
    )
    for (const url of ['/one', '/many', '/field']) assert.deepEqual((await app.inject(url)).json(), { took: {} }, url)
    assert.deepEqual((await app.inject(`/one?${name}=a`)).json(), { took: { [name]: 'a' } })
    assert.deepEqual((await app.inject('/many?tags=a')).json(), { took: { tags: ['a'] } })
    for (const url of [`/one?${name}=${'a'.repeat(10)}`, `/many?${name}=a&${name}=b`, `/one?${name}=a&x=b`])
      assert.equal((await app.inject(url)).statusCode, 422, url)
  })

test('so may one of a body, in whatever is within it', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  const one = z.strictObject({ toString: member })
  const body = z.strictObject({ valueOf: member, list: z.array(one).max(2).optional() })
  app.post('/', { config: open, schema: { body } }, async (request) => ({ took: request.body }))
  const send = async (payload: object) => app.inject({ method: 'POST', url: '/', payload })
  for (const payload of [{}, { list: [{}, { toString: 'a' }] }, { valueOf: 'a', list: [] }])
    assert.deepEqual((await send(payload)).json(), { took: payload })
  for (const payload of [{ list: [{ toString: 5 }] }, { valueOf: {} }, { list: [{ x: 'a' }] }])
    assert.equal((await send(payload)).statusCode, 422)
})
