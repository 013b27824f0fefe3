import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
})
const mapping = { cat: '#/components/schemas/Cat', lion: 'Lion' }

/** As NSwag and Swashbuckle write classes that inherit: each closed by itself, and a base that names its heirs. */
const schemas = {
  Animal: object(
    { type: { type: 'string' }, name: { type: 'string', maxLength: 5 }, id: { type: 'integer', readOnly: true } },
    { required: ['type'], discriminator: { propertyName: 'type', mapping } },
  ),
  Cat: { allOf: [ref('Animal'), object({ lives: { type: 'integer', maximum: 9 } })] },
  Lion: { allOf: [ref('Cat'), { type: 'object', additionalProperties: false }] },
  Zoo: object({ all: { type: 'array', items: ref('Animal') } }),
  Open: { allOf: [ref('Animal'), { type: 'object', additionalProperties: true }] },
  Either: { allOf: [ref('Animal')], anyOf: [{ additionalProperties: { type: 'integer' } }, { required: ['name'] }] },
  Vehicle: { type: 'object', properties: { type: { type: 'string' } }, required: ['type'] },
  Car: {
    allOf: [ref('Vehicle'), { properties: { doors: { type: 'integer' } } }],
    discriminator: { propertyName: 'type', mapping: { racer: 'Racer' } },
  },
  Racer: { allOf: [ref('Car'), { properties: { laps: { type: 'integer' } } }] },
  Empty: { allOf: [{ type: 'object', additionalProperties: false }] },
}

const judge = (name: keyof typeof schemas): ((value: unknown) => boolean) => {
  const check = validator().compile(schemaCloser({ components: { schemas } }).close(ref(name)))
  return (value) => check(value).length === 0
}

const CASES: readonly [name: keyof typeof schemas, passes: readonly object[], refuses: readonly object[]][] = [
  [
    'Cat',
    [{ type: 'cat' }, { type: 'cat', name: 'Tom', lives: 9 }],
    [{ lives: 1 }, { type: 'cat', lives: 10 }, { type: 'cat', role: 1 }, { type: 'cat', id: 1 }],
  ],
  [
    'Lion',
    [{ type: 'lion', name: 'Leo', lives: 1 }],
    [
      { type: 'lion', role: 1 },
      { type: 'lion', name: 'Simba!' },
    ],
  ],
  [
    'Animal',
    [
      { type: 'dog', name: 'Rex' },
      { type: 'cat', lives: 9 },
      { type: 'lion', lives: 1, name: 'Leo' },
    ],
    [
      ...[
        { type: 'dog', lives: 1 },
        { type: 'cat', lives: 10 },
        { type: 'cat', name: 'Tomcat' },
        { type: 'cat', id: 1 },
      ],
      ...[{ type: 'cat', role: 1 }, { lives: 1 }, { type: 'lion', id: 1 }],
    ],
  ],
  [
    'Zoo',
    [{ all: [{ type: 'cat', lives: 9 }, { type: 'dog' }] }],
    [{ all: [{ type: 'dog', lives: 1 }] }, { lives: 1 }],
  ],
  // Where a part or an alternative takes any name, what another one closes stays closed.
  ['Open', [{ type: 'dog' }], [{ type: 'dog', role: 1 }]],
  ['Either', [{ type: 'dog', name: 'Rex' }], [{ type: 'dog', name: 'Rex', role: 1 }]],
  // What names its heirs may be an heir itself: no tag is that of the class it builds on.
  [
    'Car',
    [
      { type: 'car', doors: 4 },
      { type: 'racer', doors: 2, laps: 9 },
    ],
    [{ doors: 4 }, { type: 'car', laps: 9 }, { type: 'racer', role: 1 }],
  ],
  ['Racer', [{ type: 'racer', laps: 9 }], [{ type: 'racer', role: 1 }]],
  ['Empty', [{}], [{ role: 1 }]],
]
for (const [name, passes, refuses] of CASES)
  test(`a class that inherits is closed as one, and its base takes each heir by its tag: ${name}`, () => {
    const taken = judge(name)
    for (const value of passes) assert.ok(taken(value), JSON.stringify(value))
    for (const value of refuses) assert.ok(!taken(value), JSON.stringify(value))
  })

test('an heir that is not there keeps its base from being served, as a reference that leads nowhere does', () => {
  const base = object(
    { type: { type: 'string' } },
    { discriminator: { propertyName: 'type', mapping: { cat: 'Cat' } } },
  )
  assert.throws(() => schemaCloser({ components: { schemas: { base } } }).close(ref('base')), /which is not there/)
})
