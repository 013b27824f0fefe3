import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { auditSchema, field, jsonSchemaOf } from '../../../src/layers/validation/index.ts'

const findings = (schema: z.ZodType): readonly string[] =>
  auditSchema(jsonSchemaOf(schema), 'body').map(({ where, problem }) => `${where} ${problem}`)
const plain = (schema: unknown): readonly string[] =>
  auditSchema(schema, 'body').map(({ where, problem }) => `${where} ${problem}`)

test('every ready field is bounded', () => {
  for (const [name, schema] of Object.entries(field)) {
    const made = typeof schema === 'function' ? (schema as (a: number, b: number) => z.ZodType)(1, 5) : schema
    assert.deepEqual(findings(z.object({ [name]: made })), [], name)
  }
})

test('a bound that is none, or that nothing keeps, is told where it is written', () => {
  const { integer, text, line } = field as unknown as Record<string, (...bounds: readonly unknown[]) => unknown>
  for (const bounds of [[], [1], [undefined, 5], ['1', '5'], [1, Number.NaN], [5, 1], [null, 5], [1, Infinity]])
    assert.throws(() => integer?.(...bounds), {
      name: 'TypeError',
      message: /^field\.integer takes the least and the most/,
    })
  for (const bounds of [[], ['5'], [Number.NaN], [-1], [Infinity]]) {
    assert.throws(() => text?.(...bounds), { name: 'TypeError', message: /^field\.text takes the most characters/ })
    assert.throws(() => line?.(...bounds), { name: 'TypeError', message: /^field\.line takes the most characters/ })
  }
  assert.throws(() => line?.(0), TypeError)
  for (const made of [field.text(0), field.line(1), field.integer(5, 5)]) assert.deepEqual(findings(made), [])
})

test('what .meta says of a schema is no bound: nothing checks it', () => {
  assert.deepEqual(findings(z.string().meta({ maxLength: 3, pattern: '^a$' })), ['body is a string without maxLength'])
  assert.deepEqual(findings(z.number().meta({ minimum: 0, maximum: 9, enum: [1] })), [
    'body is a number without a minimum',
    'body is a number without a maximum',
  ])
  const open = z.object({
    a: z.any().meta({ type: 'boolean' }),
    b: z.looseObject({}).meta({ additionalProperties: false }),
  })
  assert.deepEqual(findings(open), ['body/a takes anything', 'body/b is an object that takes unknown keys'])
  const said = { title: 'A name', description: 'Of a person', examples: ['Ada'], deprecated: true }
  assert.deepEqual(
    jsonSchemaOf(
      z
        .string()
        .max(3)
        .meta({ ...said, maxLength: 500 }),
    ),
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'string',
      maxLength: 3,
      ...said,
    },
  )
  // An id puts a schema where others refer to it.
  const named = z.string().meta({ id: 'name of the test' })
  assert.deepEqual(findings(z.strictObject({ a: named, b: named })), ['body/a is a string without maxLength'])
})

test('what zod leaves open is found, with its place', () => {
  const cases: readonly (readonly [z.ZodType, readonly string[]])[] = [
    [z.string(), ['body is a string without maxLength']],
    [z.string().regex(/^a+$/), ['body is a string without maxLength']],
    [z.email(), ['body is a string without maxLength']],
    [z.number(), ['body is a number without a minimum', 'body is a number without a maximum']],
    [z.number().min(0), ['body is a number without a maximum']],
    [z.array(field.id), ['body is an array without maxItems']],
    [z.array(z.string()).max(3), ['body/* is a string without maxLength']],
    [z.looseObject({ a: field.id }), ['body is an object that takes unknown keys']],
    [
      z.object({ a: field.id }).catchall(z.string().max(3)),
      ['body is a record whose names have no bounds', 'body is a record without maxProperties'],
    ],
    [
      z.record(z.string(), field.id),
      ['body is a record whose names have no bounds', 'body is a record without maxProperties'],
    ],
    [z.any(), ['body takes anything']],
    [z.unknown(), ['body takes anything']],
    [
      z.object({ a: z.object({ b: z.array(z.object({ c: z.string() })).max(2) }) }),
      ['body/a/b/*/c is a string without maxLength'],
    ],
    [z.union([field.id, z.string()]), ['body is a string without maxLength']],
    [z.object({ a: z.string().optional() }), ['body/a is a string without maxLength']],
    [z.object({ a: z.string().nullable() }), ['body/a is a string without maxLength']],
    [z.object({ a: z.string().default('x') }), ['body/a is a string without maxLength']],
    [z.string().transform(Number), ['body is a string without maxLength']],
    [z.tuple([z.string(), field.id]), ['body/0 is a string without maxLength']],
    [z.iso.datetime(), ['body is a string without maxLength']],
    [
      z.object({ cars: z.array(z.object({ constructor: field.id, prototype: z.boolean() })).max(2) }),
      [
        'body/cars/*/constructor has a name that no body may have',
        'body/cars/*/prototype has a name that no body may have',
      ],
    ],
  ]
  for (const [schema, expected] of cases)
    assert.deepEqual(findings(schema), expected, JSON.stringify(jsonSchemaOf(schema)))
})

test('a path and a query may have a name that no body may have', () => {
  assert.deepEqual(auditSchema(jsonSchemaOf(z.object({ constructor: field.id })), 'query'), [])
})

test('what is bounded passes', () => {
  for (const schema of [
    z.object({ a: field.id }),
    z.strictObject({ a: field.id }),
    z.enum(['a', 'b']),
    z.literal('a'),
    z.boolean(),
    z.null(),
    z.undefined(),
    z.uuid(),
    z.int(),
    z.int().min(0).max(9),
    z.number().gt(0).lt(1),
    z.array(field.id).max(5),
    z.record(z.enum(['a', 'b']), field.id),
    z.union([field.id, z.boolean()]),
    z.object({ a: field.id }).optional(),
    z.iso.date(),
  ]) {
    assert.deepEqual(findings(schema), [], JSON.stringify(jsonSchemaOf(schema)))
  }
})

test('JSON Schema as people write it by hand is audited alike', () => {
  const closed = { type: 'object', additionalProperties: false }
  const pets = { $defs: { pet: { ...closed, properties: { name: { type: 'string' } } } } }
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [{}, ['body takes anything']],
    [true, ['body takes anything']],
    [{ description: 'x' }, ['body takes anything']],
    [{ type: 'object' }, ['body is an object that takes unknown keys']],
    [
      { properties: { a: { type: 'string' } } },
      ['body/a is a string without maxLength', 'body is an object that takes unknown keys'],
    ],
    [{ ...closed, properties: { a: { type: ['string', 'null'] } } }, ['body/a is a string without maxLength']],
    [
      { ...closed, properties: { a: { $ref: '#/definitions/a' } }, definitions: { a: { type: 'string' } } },
      ['body/a is a string without maxLength'],
    ],
    [{ ...closed, properties: { a: { $ref: '#/$defs/none' } } }, ['body/a refers to a schema that is not there']],
    [
      { ...closed, properties: { a: { $ref: 'https://other.test/x' } } },
      ['body/a refers to a schema that is not there'],
    ],
    [
      { anyOf: [{ type: 'string', maxLength: 5 }, { type: 'number' }] },
      ['body is a number without a minimum', 'body is a number without a maximum'],
    ],
    [{ type: 'array', maxItems: 2 }, ['body/* takes anything']],
    [{ type: 'array', items: [{ type: 'string' }], additionalItems: false }, ['body/0 is a string without maxLength']],
    [{ type: 'array', items: [{ type: 'boolean' }], maxItems: 2 }, ['body/* takes anything']],
    [{ type: 'array', prefixItems: [{ type: 'boolean' }], maxItems: 2 }, ['body/* takes anything']],
    [{ type: 'array', prefixItems: [{ type: 'boolean' }], maxItems: 1 }, []],
    [
      { ...closed, patternProperties: { '^x': { type: 'string' } } },
      ['body is a record without maxProperties', 'body/* is a string without maxLength'],
    ],
    [{ ...closed, properties: { self: { $ref: '#' } } }, []],
    [{ type: 'string', const: 'a' }, []],
    [{ allOf: [{ type: 'string' }, { maxLength: 5 }] }, []],
    [false, []],
    [{ allOf: [{ type: 'string' }, false] }, []],
    [
      {
        allOf: [{ $ref: '#/$defs/pet' }, { properties: { lives: { type: 'integer', minimum: 0, maximum: 9 } } }],
        ...pets,
      },
      ['body/name is a string without maxLength'],
    ],
    [
      {
        allOf: [{ $ref: '#/$defs/pet' }, { properties: { name: { maxLength: 9 } } }],
        unevaluatedProperties: false,
        ...pets,
      },
      [],
    ],
    [
      { $ref: '#/$defs/pet', properties: { note: {} }, ...pets },
      ['body/name is a string without maxLength', 'body/note takes anything'],
    ],
    [
      {
        allOf: [
          { ...closed, properties: { a: { type: 'boolean' } } },
          { type: 'object', additionalProperties: true },
        ],
      },
      [],
    ],
    [
      {
        ...closed,
        properties: { a: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { properties: { b: { type: 'string' } } }],
      },
      ['body/a is a string without maxLength', 'body/b is a string without maxLength'],
    ],
    [{ maxLength: 5, oneOf: [{ type: 'string', pattern: 'a' }, { type: 'string' }, false] }, []],
    [
      { allOf: [{ anyOf: [{ type: 'string' }] }, { anyOf: [{ type: 'string', maxLength: 3 }] }] },
      ['body is a string without maxLength'],
    ],
    [
      { $defs: { a: { allOf: [{ $ref: '#/$defs/a' }, { type: 'string' }] } }, $ref: '#/$defs/a' },
      ['body is a string without maxLength'],
    ],
    [
      {
        ...closed,
        allOf: [
          { properties: { child: { $ref: '#' } } },
          { properties: { child: { type: 'object' }, name: { type: 'string' } } },
        ],
      },
      ['body/child/name is a string without maxLength'],
    ],
  ]
  for (const [schema, expected] of cases) assert.deepEqual(plain(schema), expected, JSON.stringify(schema))
})
