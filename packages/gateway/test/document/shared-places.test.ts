import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const text = { type: 'string', maxLength: 9 }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const list = (items: unknown) => ({ type: 'array', items })
const at = (schema: unknown, more: object = {}) => object({ at: schema }, more)

const schemas = {
  Street: object({ street: text }),
  City: object({ city: text }),
  Placed: at(ref('Street')),
  Named: { allOf: [ref('Placed'), object({ name: text })] },
  Tree: { allOf: [ref('Leafed'), object({ child: ref('Tree'), size: { type: 'integer' } })] },
  Leafed: object({ child: ref('Leafed'), leaf: object({ green: text }) }),
  Cat: object({ kind: text, at: object({ bed: text }) }, { required: ['kind'] }),
  Dog: object({ kind: text, at: object({ yard: text }) }, { required: ['kind'] }),
}
const judge = (schema: unknown, more: object = {}): ((value: unknown) => boolean) => {
  const document = { components: { schemas: { ...schemas, ...more } } } as Part
  const check = validator(document).compile(schemaCloser(document).close(schema))
  return (value) => check(value).length === 0
}

const CASES: readonly {
  readonly what: string
  readonly schema: unknown
  readonly passes: readonly unknown[]
  readonly refuses: readonly unknown[]
}[] = [
  {
    what: 'an object that two parts describe',
    schema: { allOf: [at(object({ street: text })), at(object({ city: text }))] },
    passes: [{}, { at: {} }, { at: { street: 'x', city: 'y' } }, { at: { city: 'y' } }],
    refuses: [{ at: { street: 'x', city: 'y', role: 'z' } }, { at: { street: 1 } }, { at: { city: 1 } }, { role: 'x' }],
  },
  {
    what: 'at every depth',
    schema: { allOf: [at(at(at(ref('Street')))), at(at(at(ref('City')))), at(at(object({ more: text })))] },
    passes: [{ at: { at: { at: { street: 'x', city: 'y' }, more: 'z' } } }],
    refuses: [
      ...[{ at: { at: { at: { street: 'x', more: 'z' } } } }, { at: { at: { street: 'x' } } }],
      ...[{ at: { at: { at: { street: 'x', city: 1 } } } }, { at: { more: 'z' } }],
    ],
  },
  {
    what: 'behind references, and beside one',
    schema: { ...ref('Named'), properties: { at: ref('City') } },
    passes: [{ name: 'x', at: { street: 'x', city: 'y' } }],
    refuses: [{ at: { name: 'x' } }, { at: { street: 'x', role: 'y' } }, { at: { street: 'x' }, role: 'y' }],
  },
  {
    what: 'in items',
    schema: { allOf: [at(list(ref('Street'))), at(list(ref('City')))] },
    passes: [{ at: [{ street: 'x', city: 'y' }, {}] }],
    refuses: [{ at: [{ street: 'x' }, { role: 'y' }] }, { at: [{ city: 1 }] }, { at: [1] }],
  },
  {
    what: 'in a list by itself, and in those of a list',
    schema: { allOf: [list(list(ref('Street'))), list(list(ref('City')))] },
    passes: [[[{ street: 'x', city: 'y' }]], [[]]],
    refuses: [[[{ street: 'x', role: 'y' }]], [{ street: 'x' }], [[{ city: 1 }]]],
  },
  {
    what: 'in items that are described one by one, and in the others',
    schema: {
      allOf: [
        { type: 'array', prefixItems: [ref('Street')], items: ref('City') },
        { type: 'array', prefixItems: [ref('City'), ref('Street')] },
      ],
    },
    passes: [[{ street: 'x', city: 'y' }, { street: 'x', city: 'y' }, { city: 'y' }]],
    refuses: [[{ role: 'x' }], [{}, { role: 'x' }], [{}, {}, { street: 'x' }], [{}, {}, { role: 'x' }]],
  },
  {
    what: 'under names that are not listed',
    schema: { allOf: [{ additionalProperties: ref('Street') }, { additionalProperties: ref('City') }] },
    passes: [{ a: { street: 'x', city: 'y' }, b: {} }],
    refuses: [{ a: { street: 'x', role: 'y' } }, { a: { city: 1 } }, { a: 1 }],
  },
  {
    what: 'under a name that one part lists and another does not',
    schema: {
      allOf: [at(ref('Street'), { properties: { at: ref('Street'), n: text } }), { additionalProperties: ref('City') }],
    },
    passes: [{ at: { street: 'x', city: 'y' }, b: { city: 'y' } }],
    refuses: [{ b: { street: 'x' } }, { at: { role: 'x' } }, { at: { city: 1 } }, { n: 'x' }],
  },
  {
    what: 'under a pattern that both have',
    schema: {
      allOf: [
        { patternProperties: { '^x-': ref('Street') } },
        { patternProperties: { '^x-': ref('City'), '^y-': text } },
      ],
    },
    passes: [{ 'x-a': { street: 'x', city: 'y' }, 'y-a': 'z' }],
    refuses: [{ 'x-a': { street: 'x', role: 'y' } }, { 'x-a': { city: 1 } }, { a: {} }, { 'y-a': {} }],
  },
  {
    what: 'of which one part takes any name of a kind',
    schema: { allOf: [at(ref('Street')), at({ type: 'object', additionalProperties: { type: 'integer' } })] },
    passes: [{ at: { n: 1 } }],
    refuses: [{ at: { n: 'x' } }, { at: { STREET: 1 } }],
  },
  {
    what: 'with one alternative, and never with two',
    schema: {
      allOf: [
        at(ref('Street')),
        {
          oneOf: [
            at(ref('City'), { required: ['a'], properties: { a: text, at: ref('City') } }),
            object({ b: text }, { required: ['b'] }),
          ],
        },
      ],
    },
    passes: [
      { a: 'x', at: { street: 'x', city: 'y' } },
      { b: 'x', at: { street: 'x' } },
    ],
    refuses: [
      ...[
        { b: 'x', at: { street: 'x', city: 'y' } },
        { a: 'x', at: { street: 'x', role: 'y' } },
      ],
      ...[
        { b: 'x', at: { role: 'y' } },
        { a: 'x', at: { street: 1 } },
        { b: 'x', at: { street: 1 } },
      ],
    ],
  },
  {
    what: 'with the alternative that a discriminator names',
    schema: {
      allOf: [at(ref('Street')), { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } }],
    },
    passes: [
      { kind: 'Cat', at: { street: 'x', bed: 'y' } },
      { kind: 'Dog', at: { street: 'x', yard: 'y' } },
    ],
    refuses: [
      ...[
        { kind: 'Cat', at: { yard: 'y' } },
        { kind: 'Dog', at: { bed: 'y' } },
        { kind: 'cat', at: {} },
      ],
      ...[
        { kind: 'Cat', at: { bed: 'y', yard: 'y' } },
        { kind: 'Cat', at: { street: 'x', role: 'y' } },
      ],
    ],
  },
  {
    what: 'in the parts of an alternative',
    schema: object({ id: text }, { anyOf: [{ allOf: [ref('Placed'), at(ref('City'))] }, object({ b: text })] }),
    passes: [
      { id: 'x', at: { street: 'x', city: 'y' } },
      { id: 'x', b: 'x' },
    ],
    refuses: [{ at: { street: 'x', role: 'y' } }, { id: 'x', c: 'x' }],
  },
  {
    what: 'under a condition, and where that does not hold',
    schema: at(ref('Street'), {
      if: { required: ['a'] },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: object({ a: text, at: ref('City') }),
    }),
    passes: [{ at: { street: 'x' } }, { a: 'x', at: { street: 'x', city: 'y' } }],
    refuses: [
      { at: { street: 'x', city: 'y' } },
      { a: 'x', at: { role: 'y' } },
      { at: { role: 'y' } },
      { at: { street: 1 } },
    ],
  },
  {
    what: 'with what is said of those that have a key',
    schema: at(ref('Street'), { dependentSchemas: { a: object({ a: text, at: ref('City') }) } }),
    passes: [{ at: { street: 'x' } }, { a: 'x', at: { street: 'x', city: 'y' } }],
    refuses: [{ at: { street: 'x', city: 'y' } }, { a: 'x', at: { role: 'y' } }, { at: { role: 'y' } }],
  },
  {
    what: 'that comes back to itself',
    schema: ref('Tree'),
    passes: [{ size: 1, child: { size: 1, leaf: { green: 'x' }, child: { child: { size: 2, leaf: {} } } } }],
    refuses: [
      ...[{ child: { child: { role: 'x' } } }, { child: { child: { leaf: { role: 'x' } } } }],
      ...[{ child: { child: { size: 'x' } } }, { child: { leaf: { green: 1 } } }],
    ],
  },
  {
    what: 'that may be null',
    schema: { allOf: [at({ ...ref('Street'), nullable: true }), at({ anyOf: [ref('City'), { type: 'null' }] })] },
    passes: [{ at: null }, { at: { street: 'x', city: 'y' } }],
    refuses: [{ at: { street: 'x', role: 'y' } }, { at: 1 }],
  },
  {
    what: 'in classes that inherit, each closed by its own word',
    schema: {
      allOf: [
        at(ref('Street'), {
          additionalProperties: false,
          properties: { at: object({ street: text }, { additionalProperties: false }) },
        }),
        at(object({ city: text }, { additionalProperties: false }), { additionalProperties: false }),
      ],
    },
    passes: [{ at: { street: 'x', city: 'y' } }],
    refuses: [{ at: { street: 'x', role: 'y' } }, { at: {}, role: 'y' }],
  },
  {
    what: 'of which one part calls a name read-only',
    schema: {
      allOf: [at(object({ street: text, id: { ...text, readOnly: true } })), at(object({ city: text, id: text }))],
    },
    passes: [{ at: { street: 'x', city: 'y' } }],
    refuses: [{ at: { street: 'x', id: 'y' } }],
  },
  {
    what: 'that one part calls read-only',
    schema: { allOf: [at({ ...ref('Street'), readOnly: true }), at(ref('City')), at(object({ zip: text }))] },
    passes: [{}],
    refuses: [{ at: {} }, { at: { city: 'y' } }],
  },
  {
    what: 'that refers to the same in both parts, an alternative with a closure of its own',
    schema: { allOf: [at({ description: 'x' }), at({ oneOf: [ref('Street'), ref('City')] })] },
    passes: [{ at: { street: 'x' } }, { at: { city: 'y' } }],
    refuses: [{ at: { street: 'x', city: 'y' } }, { at: { role: 'y' } }],
  },
]

for (const { what, schema, passes, refuses } of CASES)
  test(`an object that several parts describe is closed by all of them: ${what}`, () => {
    const taken = judge(schema)
    for (const value of passes) assert.ok(taken(value), `refused ${JSON.stringify(value)}`)
    for (const value of refuses) assert.ok(!taken(value), `let through ${JSON.stringify(value)}`)
  })
