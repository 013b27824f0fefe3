import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const text = { type: 'string', maxLength: 9 }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const kind = (name: string, more: object = {}) => object({ kind: { const: name } }, { required: ['kind'], ...more })
const ranks = [object({ role: text }), object({ rank: text })]
const list = (most: number, prefixItems: readonly object[] = []) => ({
  type: 'array',
  maxItems: most,
  ...(prefixItems.length > 0 ? { anyOf: [{ prefixItems }] } : {}),
})

/** Each value names what only an alternative describes that does not hold of it: JSON Schema 2020-12, Core §7.7.1.2. */
const CASES: readonly {
  readonly what: string
  readonly schema: unknown
  readonly passes: readonly unknown[]
  readonly refuses: readonly unknown[]
}[] = [
  {
    what: 'that has alternatives itself',
    schema: object({ id: text }, { oneOf: [kind('admin', { anyOf: ranks }), kind('user')] }),
    passes: [
      { kind: 'admin', role: 'x' },
      { kind: 'user', id: 'x' },
    ],
    refuses: [
      { kind: 'user', role: 'x' },
      { kind: 'user', rank: 'x', id: 'x' },
    ],
  },
  {
    what: 'of several that may hold together',
    schema: object({ id: text }, { anyOf: [kind('admin', { oneOf: ranks.slice(0, 1) }), kind('user')] }),
    passes: [
      { kind: 'admin', role: 'x' },
      { kind: 'user', id: 'x' },
    ],
    refuses: [{ kind: 'user', role: 'x' }],
  },
  {
    what: 'behind a reference',
    schema: {
      anyOf: [
        { type: 'object', maxProperties: 1 },
        { ...ref('Ranked'), required: ['kind'] },
      ],
      allOf: [ref('Named')],
    },
    passes: [{ name: 'x' }, { kind: 'x', role: 'x', name: 'y' }],
    refuses: [{ role: 'x' }],
  },
  {
    what: 'of which the first alone does not hold',
    schema: { ...ref('Named'), oneOf: [kind('admin', { anyOf: ranks }), kind('user')] },
    passes: [
      { kind: 'user', name: 'x' },
      { kind: 'admin', name: 'x', rank: 'y' },
    ],
    refuses: [{ kind: 'user', name: 'x', rank: 'y' }],
  },
  {
    what: 'of items',
    schema: { type: 'array', anyOf: [list(2), list(1, [text, text])], unevaluatedItems: false },
    passes: [[], ['x']],
    refuses: [['x', 'y']],
  },
  {
    what: 'that is asked for',
    schema: object(
      { id: text },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      { if: object({ role: { const: 'user' } }, { required: ['role'] }), then: object({ b: text }) },
    ),
    passes: [{ role: 'user', b: 'x' }, { id: 'x' }, { role: 'user' }],
    refuses: [{ role: 'admin' }, { id: 'x', b: 'x' }],
  },
  {
    what: 'that is asked for, and nothing follows',
    schema: object({ id: text }, { if: object({ role: { const: 'user' } }) }),
    passes: [{ role: 'user' }, { id: 'x' }],
    refuses: [{ role: 'admin' }],
  },
]

for (const { what, schema, passes, refuses } of CASES)
  test(`what an alternative describes is taken where it holds, and nowhere else: one ${what}`, () => {
    const document = {
      components: { schemas: { Named: object({ name: text }), Ranked: object({ kind: text }, { anyOf: ranks }) } },
    } as Part
    const check = validator(document).compile(schemaCloser(document).close(schema))
    for (const value of passes) assert.deepEqual(check(value), [], `refused ${JSON.stringify(value)}`)
    for (const value of refuses) assert.notDeepEqual(check(value), [], `let through ${JSON.stringify(value)}`)
  })
