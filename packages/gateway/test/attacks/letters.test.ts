import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'
import { call, documentOf, jsonBody, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const text = { type: 'string', maxLength: 9 }
const listed = {
  type: 'object',
  properties: { role: { ...text, readOnly: true }, ask: { type: 'integer', maximum: 5 }, ID: text },
}
const open = { ...listed, additionalProperties: true }
const bodies: Readonly<Record<string, object>> = {
  '/open': open,
  '/map': { ...listed, additionalProperties: {} },
  '/part': { allOf: [listed, { type: 'object', additionalProperties: true }] },
  '/either': { anyOf: [listed, { type: 'object' }] },
  '/empty': { anyOf: [listed, { type: 'object', properties: {} }] },
  '/referred': { $ref: '#/components/schemas/Open' },
  '/inside': { type: 'object', properties: { o: open } },
  '/inside/anything': { type: 'object', properties: { o: { anyOf: [listed, true] } } },
}
const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: {
    ...documentOf(
      Object.fromEntries(Object.entries(bodies).map(([path, schema]) => [path, { post: operation(jsonBody(schema)) }])),
    ),
    components: { schemas: { Open: open } },
  },
  settings: { access: Object.fromEntries(Object.keys(bodies).map((path) => [`POST ${path}`, 'public'])) },
})
const send = (path: string, value: object) =>
  call(address, 'POST', path, {
    body: JSON.stringify(path.startsWith('/inside') ? { o: value } : value),
    headers: { 'content-type': 'application/json' },
  })

for (const path of Object.keys(bodies))
  test(`an open object takes no name that is a described one in other letters, as Go and ASP.NET read it: ${path}`, async () => {
    for (const name of ['ROLE', 'Role', 'rOle', 'ASK', 'a\u017fk', 'as\u212a', 'id', 'Id'])
      for (const value of [{ [name]: 99 }, { ask: 1, [name]: 99 }]) {
        const answer = await send(path, value)
        assert.equal(answer.status, 422, name)
        assert.ok(!answer.text.includes(`"${name}"`), answer.text)
      }
    assert.deepEqual(upstream.requests, [])
    for (const value of [{ ask: 1, roles: 1, asks: 2, ID: 'x' }, { more: 1 }])
      assert.equal((await send(path, value)).status, 200, JSON.stringify(value))
  })

test('every letter that Unicode folds into another one is another letter of the same name', () => {
  const letters = Array.from({ length: 0x1_10_00 }, (_, at) => String.fromCodePoint(at)).filter((one) =>
    /\p{L}/u.test(one),
  )
  const pairs = letters.flatMap((one) =>
    [one.toLowerCase(), one.toUpperCase(), one.toUpperCase().toLowerCase()]
      .filter((other) => other !== one && new RegExp(`^${one}$`, 'iu').test(other))
      .map((other) => [one, other] as const),
  )
  assert.ok(pairs.length > 2_000)
  // As many as one object holds without a long time to compile.
  for (let from = 0; from < pairs.length; from += 200) {
    const some = pairs.slice(from, from + 200)
    const properties = Object.fromEntries(some.map(([one], at) => [`${at}${one}`, text]))
    const check = validator().compile(
      schemaCloser({}).close({ type: 'object', properties, additionalProperties: true }),
    )
    for (const [at, [, other]] of some.entries()) assert.equal(check({ [`${at}${other}`]: 99 }).length, 1, other)
  }
})
