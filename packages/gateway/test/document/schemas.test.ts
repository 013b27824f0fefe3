import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth, LINEAR } from '../../../portcullis/test/growth.ts'
import { OutOfTime } from '../../src/document/patterns.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

/** Whether values pass a schema of this document. */
const judge = (schema: unknown, schemas: object = {}): ((value: unknown) => boolean) => {
  const document = { components: { schemas } } as Part
  const check = validator().compile(schemaCloser(document).close(schema))
  return (value) => check(value).length === 0
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string' }

const CASES: readonly {
  readonly what: string
  readonly schema: unknown
  readonly schemas?: object
  readonly passes: readonly unknown[]
  readonly refuses: readonly unknown[]
}[] = [
  {
    what: 'an object that lists keys takes no others, at any depth',
    schema: { type: 'object', properties: { a: text, in: { type: 'object', properties: { b: text } } } },
    passes: [{}, { a: 'x' }, { in: { b: 'x' } }],
    refuses: [{ c: 1 }, { in: { c: 1 } }, 'x', null],
  },
  {
    what: 'an object that the document leaves open by its word stays open',
    schema: { type: 'object', properties: { a: text }, additionalProperties: { type: 'integer' } },
    passes: [{ a: 'x', n: 1 }],
    refuses: [{ a: 'x', n: 'x' }],
  },
  {
    what: 'an object without a list of keys is a map of anything',
    schema: { type: 'object' },
    passes: [{}, { a: 1 }],
    refuses: [[], 'x'],
  },
  {
    what: 'the parts of an allOf are closed together, not each',
    schema: { allOf: [ref('Named'), { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] }] },
    schemas: { Named: { type: 'object', properties: { name: text }, required: ['name'] } },
    passes: [{ name: 'x', age: 1 }],
    refuses: [{ name: 'x' }, { age: 1 }, { name: 'x', age: 1, role: 'admin' }, { name: 'x', age: '1' }],
  },
  {
    what: 'an allOf of one reference, as FastAPI wrote for years',
    schema: { type: 'object', properties: { owner: { title: 'Owner', allOf: [ref('Named')] } } },
    schemas: { Named: { type: 'object', properties: { name: text } } },
    passes: [{ owner: { name: 'x' } }],
    refuses: [{ owner: { name: 'x', role: 'admin' } }],
  },
  {
    what: 'a reference with a description beside it, as OpenAPI 3.1 allows',
    schema: { ...ref('Named'), description: 'who', default: { name: 'x' } },
    schemas: { Named: { type: 'object', properties: { name: text } } },
    passes: [{ name: 'x' }],
    refuses: [{ name: 'x', role: 'admin' }],
  },
  {
    what: 'what is said beside a reference of those that have a key',
    schema: { ...ref('Named'), dependentSchemas: { name: { required: ['age'], properties: { age: { maximum: 9 } } } } },
    schemas: { Named: { type: 'object', properties: { name: text, age: { type: 'integer' } } } },
    passes: [{}, { age: 10 }, { name: 'x', age: 9 }],
    refuses: [{ name: 'x' }, { name: 'x', age: 10 }, { b: 1 }],
  },
  {
    what: 'what is said of those that have a key, and lists keys of its own',
    schema: {
      ...{ type: 'object', properties: { a: text, b: text } },
      dependentSchemas: { a: { properties: { c: text } }, b: { properties: { a: { maxLength: 1 } }, required: ['a'] } },
    },
    passes: [{}, { a: 'xy' }, { a: 'xy', c: 'x' }, { a: 'x', b: 'x', c: 'x' }],
    refuses: [{ c: 'x' }, { b: 'x' }, { a: 'xy', b: 'x' }, { a: 'x', d: 'x' }, { a: 'x', c: 1 }, 'x'],
  },
  {
    what: 'at most so many items of a kind, whatever other keys they have',
    schema: { type: 'array', contains: ref('Admin'), minContains: 0, maxContains: 1 },
    schemas: { Admin: { type: 'object', properties: { role: { const: 'admin' } }, required: ['role'] } },
    passes: [[], [{ role: 'admin', a: 1 }], [{ role: 'admin' }, { role: 'x' }, 1]],
    refuses: [
      [{ role: 'admin' }, { role: 'admin' }],
      [{ role: 'admin' }, { role: 'admin', a: 1 }],
    ],
  },
  {
    what: 'an item of a kind, whatever other keys it has',
    schema: { type: 'array', contains: { properties: { kind: { const: 'primary' } }, required: ['kind'] } },
    passes: [[{ kind: 'primary', other: 'x' }], [1, { kind: 'primary' }]],
    refuses: [[], [{ kind: 'x' }], [{ other: 'x' }]],
  },
  {
    what: 'anyOf with null: Optional of Pydantic 2',
    schema: { anyOf: [ref('Named'), { type: 'null' }] },
    schemas: {
      Named: { type: 'object', properties: { name: { anyOf: [{ ...text, maxLength: 3 }, { type: 'null' }] } } },
    },
    passes: [null, { name: null }, { name: 'abc' }],
    refuses: [{ name: 'abcd' }, { name: 1 }, { name: 'a', role: 'admin' }],
  },
  {
    what: 'each branch of a union is closed by itself',
    schema: { oneOf: [ref('Cat'), ref('Dog')] },
    schemas: {
      Cat: { type: 'object', properties: { lives: { type: 'integer' } }, required: ['lives'] },
      Dog: { type: 'object', properties: { tricks: { type: 'integer' } } },
    },
    passes: [{ lives: 9 }, { tricks: 1 }],
    refuses: [
      { lives: 9, tricks: 1 },
      { lives: 9, role: 'admin' },
    ],
  },
  {
    what: 'keys beside a union belong to every branch',
    schema: {
      type: 'object',
      properties: { id: text },
      oneOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: text }, required: ['b'] },
      ],
    },
    passes: [{ id: 'x', a: 'x' }, { b: 'x' }],
    refuses: [{ id: 'x' }, { id: 'x', a: 'x', role: 'admin' }],
  },
  {
    what: 'a discriminator picks the branch, with a mapping',
    schema: {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: {
        propertyName: 'kind',
        mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
      },
    },
    schemas: {
      Cat: { type: 'object', properties: { kind: text, lives: { type: 'integer' } }, required: ['kind'] },
      Dog: { type: 'object', properties: { kind: text, tricks: { type: 'integer' } }, required: ['kind'] },
    },
    passes: [
      { kind: 'cat', lives: 9 },
      { kind: 'dog', tricks: 1 },
    ],
    refuses: [{ kind: 'cat', tricks: 1 }, { kind: 'fox' }, { lives: 9 }],
  },
  {
    what: 'a discriminator without a mapping goes by the name of the schema',
    schema: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
    schemas: {
      Cat: { type: 'object', properties: { kind: text } },
      Dog: { type: 'object', properties: { kind: text } },
    },
    passes: [{ kind: 'Cat' }, { kind: 'Dog' }],
    refuses: [{ kind: 'cat' }, {}],
  },
  {
    what: 'nullable of OpenAPI 3.0, with a type, with an enum, and beside a reference',
    schema: {
      type: 'object',
      properties: {
        a: { ...text, nullable: true },
        b: { ...text, enum: ['x'], nullable: true },
        c: { allOf: [ref('Named')], nullable: true },
      },
    },
    schemas: { Named: { type: 'object', properties: { name: text } } },
    passes: [
      { a: null, b: null, c: null },
      { a: 'x', b: 'x', c: { name: 'x' } },
    ],
    refuses: [{ a: 1 }, { b: 'y' }, { c: { role: 'admin' } }],
  },
  {
    what: 'boolean bounds of OpenAPI 3.0',
    schema: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
    passes: [0.1, 5],
    refuses: [0, 5.1],
  },
  {
    what: 'a schema that refers to itself',
    schema: ref('Tree'),
    schemas: { Tree: { type: 'object', properties: { leaves: { type: 'array', items: ref('Tree') } } } },
    passes: [{ leaves: [{ leaves: [] }] }],
    refuses: [{ leaves: [{ leaves: [], role: 'admin' }] }],
  },
  {
    what: 'what is read-only can not be sent, and is not demanded',
    schema: {
      type: 'object',
      properties: { id: { ...text, readOnly: true }, name: text },
      required: ['id', 'name'],
    },
    passes: [{ name: 'x' }],
    refuses: [{ id: 'x', name: 'x' }],
  },
  {
    what: 'nothing is coerced',
    schema: { type: 'object', properties: { n: { type: 'integer' }, b: { type: 'boolean' } } },
    passes: [{ n: 1, b: true }],
    refuses: [{ n: '1' }, { n: 1.5 }, { b: 'true' }, { b: 1 }, { n: null }],
  },
  {
    what: 'formats are checked, and those that nobody knows are not',
    schema: {
      type: 'object',
      properties: {
        at: { ...text, format: 'date-time' },
        mail: { ...text, format: 'email' },
        p: { ...text, format: 'file-path' },
        b: { ...text, format: 'byte' },
      },
    },
    passes: [{ at: '2026-01-01T00:00:00Z', mail: 'a@example.com', p: '/x' }, { b: 'QUJD'.repeat(1_000) }],
    refuses: [{ at: 'yesterday' }, { mail: 'nobody' }, { at: `2026-01-01T00:00:00.${'0'.repeat(2000)}Z` }],
  },
  {
    what: 'properties may have the names of keywords',
    schema: {
      type: 'object',
      properties: {
        enum: ref('Named'),
        const: ref('Named'),
        properties: ref('Named'),
        required: text,
        $ref: ref('Named'),
      },
    },
    schemas: { Named: { type: 'object', properties: { name: text } } },
    passes: [{ enum: { name: 'x' }, const: {}, properties: {}, required: 'x', $ref: {} }],
    refuses: [{ enum: { role: 'admin' } }, { properties: { role: 'admin' } }, { $ref: { role: 'admin' } }],
  },
  { what: 'false takes nothing', schema: false, passes: [], refuses: [{}, null, 'x'] },
]

for (const { what, schema, schemas, passes, refuses } of CASES) {
  test(what, () => {
    const accepts = judge(schema, schemas)
    for (const value of passes) assert.ok(accepts(value), `refused ${JSON.stringify(value)}`)
    for (const value of refuses) assert.ok(!accepts(value), `let through ${JSON.stringify(value)}`)
  })
}

test('a text with a pattern has the length that any part says, and 1024 characters where none does', () => {
  const schemas = { Slug: { type: 'string', pattern: '^a*$' }, Mail: { allOf: [ref('Slug')] } }
  const long = { maxLength: 3_000 }
  for (const schema of [
    { ...ref('Slug'), ...long },
    { allOf: [{ type: 'string', pattern: '^a*$' }, long] },
    { allOf: [long, ref('Mail')] },
    { ...long, anyOf: [ref('Mail'), { type: 'null' }] },
    { allOf: [ref('Long'), { anyOf: [ref('Slug'), { const: 1 }] }] },
  ]) {
    const accepts = judge(schema, { ...schemas, Long: long })
    assert.deepEqual(
      [1_025, 3_000, 3_001].map((length) => accepts('a'.repeat(length))),
      [true, true, false],
    )
  }
  const accepts = judge({ prefixItems: [{ ...ref('Mail'), ...long }, ref('Mail'), { anyOf: [ref('Slug')] }] }, schemas)
  const [most, more] = ['a'.repeat(1_024), 'a'.repeat(1_025)]
  assert.deepEqual(
    [accepts([more, most, most]), accepts([most, more]), accepts([most, most, more])],
    [true, false, false],
  )
})

test('a property of a name that every object has is there where it was sent', () => {
  const taken = (schema: Part): ((value: unknown) => boolean) => {
    const check = validator(schema).compile(schemaCloser({}).close(schema))
    return (value) => check(value).length === 0
  }
  const optional = taken({
    type: 'object',
    properties: { constructor: text, toString: { ...text, readOnly: true }, a: text },
  })
  for (const value of [{}, { a: 'x' }, { constructor: 'x' }]) assert.ok(optional(value), JSON.stringify(value))
  for (const value of [{ toString: 'x' }, { constructor: 1 }, { valueOf: 'x' }])
    assert.ok(!optional(value), JSON.stringify(value))
  const required = taken({ type: 'object', properties: { valueOf: {} }, required: ['valueOf'] })
  assert.deepEqual([required({}), required({ valueOf: 'x' })], [false, true])
})

test('an object of a thousand keys takes no others', () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `p${at}`)
  const passes = judge({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])) })
  assert.ok(passes(Object.fromEntries(names.map((name) => [name, 'x']))))
  for (const value of [{ p1000: 'x' }, { p999: 1 }]) assert.ok(!passes(value), JSON.stringify(value))
})

test('contains beside unevaluatedItems is not served: nobody would judge the items that it has not found', () => {
  const found = { contains: { const: 1 } }
  for (const schema of [
    { ...found, unevaluatedItems: false },
    { allOf: [{ $ref: '#/components/schemas/Found' }], unevaluatedItems: text },
  ])
    assert.throws(() => judge({ items: schema }, { Found: found }), /uses contains beside unevaluatedItems/)
  assert.ok(judge({ allOf: [{ unevaluatedItems: false, prefixItems: [{}] }, found] })([1]))
})

test('what a schema refers to outside of its document is never looked up', () => {
  for (const $ref of ['http://127.0.0.1:1/schema.json', 'other.yaml#/X', '#/components/schemas/Absent', '#'])
    assert.throws(() => judge({ $ref }), /refers to/, $ref)
})

test('a pattern that runs away is stopped, and nothing is said of the value; a look-ahead still works', () => {
  const accepts = judge({ type: 'string', pattern: '^(a+)+$' })
  const began = process.hrtime.bigint()
  assert.throws(() => accepts(`${'a'.repeat(60)}!`), OutOfTime)
  // Without the bound this takes years: a second is far from both.
  assert.ok(process.hrtime.bigint() - began < 1_000_000_000n)
  assert.ok(accepts('aaa'))
  const ahead = judge({ type: 'string', pattern: '^(?!admin)(?:[a-z]+)$' })
  assert.ok(ahead('ada') && !ahead('admin'))
})

test('of two patterns that run under the clock, each judges its own values', () => {
  const pattern = (source: string) => ({ type: 'string', pattern: source })
  const accepts = judge({
    type: 'object',
    properties: { letters: pattern('^(?:[a-z]+)+$'), digits: pattern('^(?:[0-9]+)+$') },
  })
  assert.ok(accepts({ letters: 'abc', digits: '123' }))
  assert.ok(!accepts({ digits: 'abc' }))
  assert.ok(!accepts({ letters: '123' }))
})

test('a fault names the place and the rule, never the value nor a key that was sent', () => {
  const schema = {
    type: 'object',
    properties: {
      tags: { type: 'object', additionalProperties: { type: 'integer' } },
      name: { type: 'string', maxLength: 3 },
    },
  }
  const check = validator().compile(schemaCloser({}).close(schema))
  assert.deepEqual(check({ tags: { hunter2: 'x' } }), [{ field: '/tags/*', problem: 'must be integer' }])
  // One of digits is no index.
  assert.deepEqual(check({ tags: { 4111111111111111: 'x' } }), [{ field: '/tags/*', problem: 'must be integer' }])
  assert.deepEqual(check({ hunter2: 1 }), [{ field: '', problem: 'has keys that are not known' }])
  assert.deepEqual(check({ name: 'hunter2' }), [{ field: '/name', problem: 'must NOT have more than 3 characters' }])
})

test('the time to compile schemas that refer to each other grows with their number', () => {
  const compiled = (many: number): void => {
    const schemas = Object.fromEntries(
      Array.from({ length: many }, (_, at) => [
        `S${at}`,
        { type: 'object', properties: { next: ref(`S${(at + 1) % many}`), more: ref(`S${(at * 7) % many}`) } },
      ]),
    )
    const closer = schemaCloser({ components: { schemas } } as Part)
    const { compile } = validator()
    const checks = Array.from({ length: many }, (_, at) => compile(closer.close(ref(`S${at}`))))
    assert.ok(checks.every((check) => check({ next: { more: {} } }).length === 0 && check({ role: 1 }).length > 0))
  }
  // Compiled anew for each that refers to them it would be the square.
  const times = growth(compiled, 20)
  assert.ok(times < LINEAR, `${times} times as long`)
})

test('schemas that lead from one to the next may be many', () => {
  const many = 600
  const next = (at: number) => ({ anyOf: [{ type: 'array', items: ref(`S${(at + 1) % many}`) }, { type: 'null' }] })
  const schemas = Object.fromEntries(
    Array.from({ length: many }, (_, at) => [
      `S${at}`,
      {
        allOf: [
          { type: 'object', properties: { id: text } },
          { type: 'object', properties: { next: next(at) } },
        ],
      },
    ]),
  )
  const passes = judge(ref('S0'), schemas)
  assert.ok(passes({ id: 'x', next: [{ id: 'x', next: null }, { next: [{ id: 'x' }] }] }))
  for (const value of [{ next: [{ next: [{ role: 'x' }] }] }, { next: [{ id: 1 }] }])
    assert.ok(!passes(value), JSON.stringify(value))
})

test('a list of twenty thousand values is looked through once, however many schemas refer to it', () => {
  const country = { type: 'string', enum: Array.from({ length: 20_000 }, (_, at) => `country-${at}`) }
  const schemas = { Place: { type: 'object', properties: { from: country, to: country } } }
  const compiled = (many: number): void => {
    const closer = schemaCloser({ components: { schemas } } as Part)
    const { compile } = validator()
    for (let at = 0; at < many; at += 1)
      assert.deepEqual(compile(closer.close(ref('Place')))({ to: 'country-19999' }), [])
  }
  // With a look at each letter of them for each it would be fifty times as long.
  const times = growth(compiled, 1, 50)
  assert.ok(times < 25, `${times} times as long`)
})

test('what refers to a schema that is not served is not served, however often it is asked for', () => {
  const object = (properties: object) => ({ type: 'object', properties })
  const schemas = {
    A: object({ c: ref('C'), b: ref('B') }),
    B: { $id: 'urn:b', type: 'string' },
    C: object({ a: ref('A') }),
    D: object({ d: text }),
  }
  const closer = schemaCloser({ components: { schemas } })
  for (const name of ['D', 'A', 'A', 'C', 'B', 'A']) {
    if (name === 'D') closer.close(ref(name))
    else assert.throws(() => closer.close(ref(name)), { name: 'TypeError', message: /uses \$id/ }, name)
  }
  const check = validator().compile(closer.close({ type: 'array', items: ref('D') }))
  assert.deepEqual(check([{ d: 'x' }]), [])
  assert.equal(check([{ c: 'x' }]).length, 1)
})

test('a schema that asks for itself of the same value is not served, and one that does so of a value inside is', () => {
  const branch = { allOf: [ref('Base'), { properties: { a: text } }] }
  const schemas = {
    Base: { type: 'object', oneOf: [ref('One'), ref('Other')] },
    One: branch,
    Other: { ...branch },
    Circle: ref('Round'),
    Round: ref('Circle'),
    Not: { not: ref('Not') },
    Holds: { type: 'object', properties: { base: ref('Base') } },
    Tree: {
      type: 'object',
      properties: { left: { anyOf: [ref('Tree'), { type: 'null' }] }, more: { type: 'array', items: ref('Tree') } },
    },
  }
  const closer = schemaCloser({ components: { schemas } })
  for (const name of ['Base', 'One', 'Circle', 'Not', 'Holds', 'Holds'])
    assert.throws(() => closer.close(ref(name)), { name: 'TypeError', message: /asks for itself/ }, name)
  const passes = judge(ref('Tree'), schemas)
  assert.ok(passes({ left: { left: null }, more: [{}] }))
  assert.ok(!passes({ left: { left: 1 } }))
})

test('what is made behind a schema that is not served is judged by what it says', () => {
  const object = (properties: object) => ({ type: 'object', properties })
  const schemas = {
    Unserved: object({ made: ref('Made'), b: { $id: 'urn:b' } }),
    Made: object({ up: ref('Unserved'), x: text }),
    Plain: object({ p: text }),
    First: object({ f: text }),
    Second: object({ s: text }),
    Third: object({ t: text }),
  }
  const closer = schemaCloser({ components: { schemas } })
  const compiled = validator()
  assert.throws(() => closer.close(ref('Unserved')), /uses \$id/)
  // What was made on the way refers to what is not there.
  assert.equal(Object.keys((closer.close(ref('Plain')) as { $defs: object }).$defs).length, 1)
  for (const [name, key] of [
    ['Plain', 'p'],
    ['First', 'f'],
    ['Second', 's'],
    ['Third', 't'],
  ] as const) {
    const check = compiled.compile(closer.close({ type: 'array', items: ref(name) }))
    assert.deepEqual(check([{ [key]: 'x' }]), [], name)
    assert.equal(check([{ x: 'x' }]).length, 1, name)
  }
})
