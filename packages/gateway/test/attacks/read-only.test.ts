import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const text = { type: 'string', maxLength: 9 }
const fixed = { ...text, readOnly: true }
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const about = (role: object, more: object = {}) => object({ role, name: text }, { required: ['role', 'name'], ...more })

/** Each has a `role` that only the server sets, and a `name`. */
const schemas = {
  Role: fixed,
  Node: object({ role: { allOf: [ref('Loop')] }, name: text }, { required: ['name'] }),
  Loop: { anyOf: [ref('Loop'), fixed] },
  Plain: about(fixed),
  Open: about(fixed, { additionalProperties: true }),
  OpenToTexts: about(fixed, { additionalProperties: text }),
  Referred: about(ref('Role')),
  Described: about({ ...ref('Role'), description: 'what it may' }),
  Wrapped: about({ allOf: [ref('Role')], description: 'what it may' }),
  Optional: about({ anyOf: [fixed, { type: 'null' }] }),
  OneOf: about({ oneOf: [{ allOf: [ref('Role')] }, { type: 'null' }] }),
  Base: object({ role: fixed }, { required: ['role'] }),
  Derived: { allOf: [ref('Base'), object({ name: text }, { required: ['role', 'name'], additionalProperties: true })] },
  Again: { allOf: [ref('Base'), about(text)], required: ['role'] },
  Patterns: object({ name: text }, { patternProperties: { '^role$': fixed }, additionalProperties: text }),
  Rest: object({ name: text }, { additionalProperties: fixed }),
}
const names = Object.keys(schemas).filter((name) => !['Role', 'Loop', 'Base'].includes(name))
const TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded', parts: 'multipart/form-data' }
const paths = Object.fromEntries(
  Object.entries(TYPES).flatMap(([kind, type]) =>
    names
      // What a multipart form may hold is listed name by name.
      .filter((name) => kind !== 'parts' || name !== 'Patterns')
      .map((name) => [
        `/${kind}/${name}`,
        { post: operation({ requestBody: { required: true, content: { [type]: { schema: ref(name) } } } }) },
      ]),
  ),
)
const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf(paths, { components: { schemas } }),
  settings: { access: Object.fromEntries(Object.keys(paths).map((path) => [`POST ${path}`, 'public'])) },
})

/** The same members in each kind of body. */
const send = (path: string, members: Readonly<Record<string, string>>) => {
  if (path.startsWith('/json')) return call(address, 'POST', path, { json: members })
  const body = path.startsWith('/form') ? new URLSearchParams(members) : new FormData()
  if (body instanceof FormData) for (const [name, value] of Object.entries(members)) body.set(name, value)
  return call(address, 'POST', path, { body })
}

for (const path of Object.keys(paths))
  test(`what is read-only is not sent, and not demanded: ${path}`, async () => {
    const refused = await send(path, { role: 'admin', name: 'Ada' })
    assert.equal(refused.status, 422, refused.text)
    assert.ok(!refused.text.includes('admin'))
    assert.deepEqual(upstream.requests, [])
    const honest = await send(path, { name: 'Ada' })
    assert.equal(honest.status, 200, honest.text)
    assert.equal(upstream.requests.length, 1)
  })

test('what an open object takes beside them, it still takes', async () => {
  for (const path of ['/json/Open', '/json/Derived', '/json/OpenToTexts', '/json/Patterns'])
    assert.equal((await send(path, { name: 'Ada', town: 'London' })).status, 200, path)
})
