import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multipartJudge } from '../../src/document/multipart-judge.ts'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { validator } from '../../src/document/validator.ts'
import { documentOf, operation } from '../rig.ts'

const text = { type: 'string', maxLength: 9 }
const listed = { type: 'object', properties: { a: text, b: text } }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const schemas = { Listed: listed, Counted: { ...listed, minProperties: 1 } }

const read = (media: object) =>
  readOperations(
    documentOf(
      { '/f': { post: operation({ requestBody: { required: true, content: { 'multipart/form-data': media } } }) } },
      { components: { schemas } },
    ) as Part,
  )

/** As their parts come, nobody sees the whole of them: nothing would be judged, and the start would not say so. */
const NOT_JUDGED: readonly (readonly [what: string, schema: object])[] = [
  ['anyOf', { ...listed, anyOf: [{ required: ['a'] }, { required: ['b'] }] }],
  ['oneOf', { oneOf: [ref('Listed'), ref('Counted')] }],
  ['oneOf', { ...ref('Listed'), oneOf: [{ required: ['a'] }, { required: ['b'] }] }],
  ['not', { ...listed, not: { required: ['a', 'b'] } }],
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  ['if', { ...listed, if: { required: ['a'] }, then: { required: ['b'] } }],
  ['dependentRequired', { ...listed, dependentRequired: { a: ['b'] } }],
  ['dependentSchemas', { ...listed, dependentSchemas: { a: { required: ['b'] } } }],
  ['minProperties', ref('Counted')],
  ['minProperties', { allOf: [ref('Counted')] }],
  ['maxProperties', { anyOf: [{ ...listed, maxProperties: 1 }, { type: 'null' }] }],
  ['patternProperties', { ...listed, patternProperties: { '^c': text } }],
]
for (const [keyword, schema] of NOT_JUDGED)
  test(`a multipart form that says more than its parts is not served: ${JSON.stringify(schema)}`, () => {
    const { served, refused } = read({ schema })
    assert.deepEqual(served, [])
    assert.deepEqual(refused, [`POST /f takes a multipart form with ${keyword} at its top, which is not served`])
  })

test('nor is one that lists no parts', () => {
  for (const media of [
    {},
    { schema: true },
    { schema: { type: 'object' } },
    { schema: { additionalProperties: text } },
  ]) {
    const { served, refused } = read(media)
    assert.deepEqual(served, [])
    assert.deepEqual(refused, ['POST /f takes a multipart form whose parts it does not list, which is not served'])
  }
})

test('one whose parts are listed is, in the shapes that tools write', () => {
  for (const schema of [
    ref('Listed'),
    { allOf: [ref('Listed')], title: 'Body' },
    { anyOf: [ref('Listed'), { type: 'null' }], title: 'Body' },
    { ...listed, additionalProperties: true, properties: { a: { oneOf: [text, { type: 'null' }] } } },
  ]) {
    const { served, refused } = read({ schema })
    assert.deepEqual([served.length, refused], [1, []], JSON.stringify(schema))
  }
})

test('a file is one as OpenAPI 2.0 wrote it, too', () => {
  const file = { type: 'file' }
  const { served, refused } = read({
    schema: { type: 'object', properties: { a: file, b: { type: 'array', items: file }, c: text } },
  })
  assert.deepEqual(refused, [])
  const parts = [...(served[0]?.body?.multipart?.parts ?? [])]
  assert.deepEqual(
    parts.map(([name, part]) => [name, part.kind, part.kind === 'file' && part.many !== undefined]),
    [
      ['a', 'file', false],
      ['b', 'file', true],
      ['c', 'text', false],
    ],
  )
})

test('a list of files has as many as its schema says: no validator sees it', () => {
  const file = { type: 'string', format: 'binary' }
  const bounds = { minItems: 2, maxItems: 3 }
  const files = { type: 'array', items: file, ...bounds }
  const faults = (property: object, count: number): readonly object[] => {
    const form = read({ schema: { type: 'object', properties: { a: property } } }).served[0]?.body?.multipart
    const judge = multipartJudge(form as NonNullable<typeof form>, validator())()
    const begun = Array.from({ length: count }, () => judge.begins('a', true)).flat()
    return begun.length > 0 ? begun : judge.ends()
  }
  const few = [{ field: '/a', problem: 'must NOT have fewer than 2 items' }]
  const many = [{ field: '/a', problem: 'must NOT have more than 3 items' }]
  for (const property of [
    files,
    { anyOf: [files, { type: 'null' }] },
    { allOf: [{ type: 'array', items: file }, bounds] },
  ])
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((count) => faults(property, count)),
      [[], few, [], [], many],
      JSON.stringify(property),
    )
  assert.deepEqual(
    [1, 4].map((count) => faults({ anyOf: [file, files] }, count)),
    [[], many],
  )
})
