import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 20 },
    age: { anyOf: [{ type: 'integer', maximum: 150 }, { type: 'null' }] },
    born: { type: 'string', format: 'date' },
    note: { type: 'string', maxLength: 20 },
    sizes: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
  },
}
const takes = (type: string) => ({ post: operation({ requestBody: { content: { [type]: { schema } } } }) })
const upstream = await startUpstream({ after } as never)
const { address } = await startGateway({ after } as never, {
  upstream: upstream.address,
  document: documentOf({
    '/form': takes('application/x-www-form-urlencoded'),
    '/parts': takes('multipart/form-data'),
  }),
  settings: { access: { 'POST /form': 'public', 'POST /parts': 'public' } },
})
beforeEach(() => upstream.reached.splice(0))

const post = async (fields: string): Promise<readonly number[]> => {
  const form = new FormData()
  for (const [name, value] of new URLSearchParams(fields)) form.append(name, value)
  const sent = [
    await call(address, 'POST', '/form', { body: new URLSearchParams(fields) }),
    await call(address, 'POST', '/parts', { body: form }),
  ]
  return sent.map(({ status }) => status)
}

test('a field that nobody filled in is none, as a browser sends it, and the upstream does not hear of it', async () => {
  assert.deepEqual(await post('name=x&age=&born=&note=&sizes='), [200, 200])
  const [form, parts] = upstream.reached.map(({ body }) => body.toString())
  assert.equal(form, 'name=x&note=')
  assert.deepEqual(parts?.match(/name="\w+"/g), ['name="name"', 'name="note"'])
})

test('one that must be there is missing then, and what is filled in is judged as ever', async () => {
  for (const fields of [
    ...['name=', 'name=&age=5', 'age=5'],
    ...['name=x&age=151', 'name=x&age=%20', 'name=x&born=1', 'name=x&other=', 'name=x&note=&note='],
  ])
    assert.deepEqual(await post(fields), [422, 422], fields)
  assert.deepEqual(upstream.reached, [])
})
