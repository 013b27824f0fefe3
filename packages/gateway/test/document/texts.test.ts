import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formCheck, readBody } from '../../src/document/bodies.ts'
import { parsePairs } from '../../src/document/pairs.ts'
import { parameterCheck, readParameter } from '../../src/document/parameters.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { kindsOf } from '../../src/document/texts.ts'
import { validator } from '../../src/document/validator.ts'

const document: Part = { components: { schemas: { Short: { maxLength: 3 }, Any: { description: 'any' } } } }
const parameter = (schema: object, more: object = {}) => {
  const check = parameterCheck(
    readParameter(document, { name: 'q', in: 'query', schema, ...more }, schemaCloser(document)),
    validator(),
  )
  return (sent: Parameters<typeof check>[0]) => check(sent).length === 0
}
const formFaults = (schema: object) => {
  const content = { 'application/x-www-form-urlencoded': { schema } }
  const { form: read } = readBody(document, { content }, schemaCloser(document))
  assert.ok(read)
  const check = formCheck(read, validator())
  return (text: string) => check(parsePairs(text) ?? assert.fail('no pairs'))
}
const form = (schema: object) => {
  const faults = formFaults(schema)
  return (text: string) => faults(text).length === 0
}

test('what is said of texts or of numbers holds of whatever is sent, where no type is named', () => {
  for (const schema of [
    { maxLength: 3 },
    { pattern: '^[a-z1]{1,3}$' },
    { maxLength: 3, nullable: true },
    { $ref: '#/components/schemas/Short' },
  ]) {
    const passes = parameter(schema)
    assert.ok(passes(['a1']), JSON.stringify(schema))
    assert.ok(passes(['1']), JSON.stringify(schema))
    assert.ok(!passes(['123456']), JSON.stringify(schema))
    const items = parameter({ type: 'array', maxItems: 2, items: schema })
    assert.ok(items(['1', 'a']), JSON.stringify(schema))
    assert.ok(!items(['1', '123456']), JSON.stringify(schema))
    const member = parameter({ type: 'object', properties: { a: schema } }, { style: 'deepObject' })
    assert.ok(member(new Map([['a', ['1']]])), JSON.stringify(schema))
    assert.ok(!member(new Map([['a', ['123456']]])), JSON.stringify(schema))
    const field = form({ type: 'object', properties: { a: schema } })
    assert.ok(field('a=1'), JSON.stringify(schema))
    assert.ok(!field('a=123456'), JSON.stringify(schema))
  }
  assert.ok(parameter({ minimum: 5 })(['7']))
  assert.ok(!parameter({ minimum: 5 })(['3']))
  assert.ok(!parameter({ maximum: 5 })(['abc']))
  assert.ok(parameter({ format: 'int32' })(['7']))
  assert.ok(!parameter({ format: 'int32' })(['9999999999']))
  for (const values of [
    [1, 2],
    ['1', '2'],
  ])
    assert.ok(parameter({ enum: values })(['1']))
})

test('it holds in the parts and in the alternatives of a schema too, and beside what it refers to', () => {
  const short = { $ref: '#/components/schemas/Short' }
  const list = { type: 'array', maxItems: 2, items: { maxLength: 3 } }
  for (const schema of [
    { allOf: [{ maxLength: 3 }] },
    { allOf: [short], description: 'short' },
    { allOf: [{ allOf: [short] }, { description: 'short' }] },
    { anyOf: [short, { type: 'null' }] },
    { anyOf: [{ pattern: '^[a-z1]+$' }, { type: 'null' }], maxLength: 3 },
    { anyOf: [{ maxLength: 3 }, short] },
    { anyOf: [{ type: 'integer', maximum: 5 }, { pattern: '^[a-z]+1?$' }] },
    { $ref: '#/components/schemas/Any', maxLength: 3 },
    list,
    { anyOf: [list, { type: 'null' }] },
    { allOf: [list] },
  ]) {
    const passes = parameter(schema)
    assert.ok(!passes(['123456']), JSON.stringify(schema))
    const field = form({ type: 'object', properties: { a: schema } })
    assert.ok(!field('a=123456'), JSON.stringify(schema))
    for (const text of ['a1', '1']) assert.ok(passes([text]), `${JSON.stringify(schema)} ${text}`)
    for (const text of ['a1', '1']) assert.ok(field(`a=${text}`), `${JSON.stringify(schema)} ${text}`)
  }
  const merged = form({
    allOf: [{ properties: { a: { maxLength: 3 } } }, { properties: { a: { description: 'short' } } }],
  })
  assert.ok(merged('a=1'))
  assert.ok(!merged('a=123456'))
  for (const schema of [
    { anyOf: [{ type: 'integer' }, { maxLength: 3 }] },
    { allOf: [{ type: 'integer' }, { maxLength: 3 }] },
    { allOf: [{ minimum: 5 }, { multipleOf: 2 }] },
    { anyOf: [{ minimum: 5 }, { enum: ['all'] }] },
  ])
    assert.ok(parameter(schema)(['123456']), JSON.stringify(schema))
  assert.ok(parameter({ anyOf: [{ minimum: 5 }, { enum: ['all'] }] })(['all']))
  assert.ok(!parameter({ allOf: [{ minimum: 5 }, { multipleOf: 2 }] })(['x']))
})

test('a list of lists of itself can be described', () => {
  const list = { type: 'array', maxItems: 3, items: { $ref: '#/components/schemas/List' } }
  const own: Part = { components: { schemas: { List: list } } }
  readParameter(own, { name: 'q', in: 'query', schema: list }, schemaCloser(own))
})

test('a base and variants that build on it can be described, however many they are', () => {
  // By the levels and not by what was seen, thirty variants took seconds and a hundred would have taken minutes.
  const described = (variants: number): number => {
    const names = Array.from({ length: variants }, (_, at) => `V${at}`)
    const base = { type: 'object', oneOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })) }
    const variant = () => ({
      allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { a: { type: 'string' } } }],
    })
    const own: Part = {
      components: { schemas: { Base: base, ...Object.fromEntries(names.map((name) => [name, variant()])) } },
    }
    const once = (): number => {
      const { user, system } = process.cpuUsage()
      assert.deepEqual([...kindsOf(own, { $ref: '#/components/schemas/Base' })], ['object'])
      const after = process.cpuUsage()
      return after.user + after.system - user - system
    }
    return Math.min(once(), once(), once())
  }
  const few = Math.max(described(8), 1_000)
  const many = described(24)
  assert.ok(many < few * 30, `${many} µs, ${few} µs of a third of them`)
})

test('of an object in brackets each member is a number or a text by what is said of it', () => {
  const properties = {
    age: { type: 'integer', maximum: 99 },
    zip: { type: 'string', maxLength: 5 },
    on: { type: 'boolean' },
  }
  const passes = parameter({ type: 'object', properties }, { style: 'deepObject' })
  const sent = (members: Readonly<Record<string, string>>) =>
    passes(new Map(Object.entries(members).map(([name, text]) => [name, [text]])))
  assert.ok(sent({ age: '30', zip: '12345' }))
  assert.ok(sent({ age: '30', zip: 'true', on: 'true' }))
  assert.ok(sent({ zip: '12345' }))
  assert.ok(!sent({ age: '100', zip: '12345' }))
  assert.ok(!sent({ age: '30', zip: '123456' }))
  assert.ok(!sent({ age: '30', more: '1' }))
})

const text = { type: 'string', maxLength: 5 }

test('a form of alternatives, and one that is a map, take texts, numbers and lists for what they are', () => {
  const either = form({
    type: 'object',
    properties: { kind: text },
    oneOf: [
      { properties: { a: text, n: { type: 'integer', maximum: 9 } }, required: ['a'] },
      { properties: { b: { type: 'array', maxItems: 2, items: text } }, required: ['b'] },
    ],
  })
  for (const one of ['a=1', 'a=x&n=3&kind=k', 'b=1&b=2', 'b=x']) assert.ok(either(one), one)
  for (const one of ['a=123456', 'a=x&n=10', 'a=x&a=y', 'b=1&b=2&b=3', 'c=1', 'a=x&b=y', ''])
    assert.ok(!either(one), one)
  for (const map of [
    form({ type: 'object', additionalProperties: text }),
    form({ type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: text }),
    form({ type: 'object', patternProperties: { '^[a-z]$': text }, additionalProperties: false }),
    form({ allOf: [{ type: 'object', properties: { n: { type: 'integer' } } }], unevaluatedProperties: text }),
  ]) {
    for (const one of ['x=a', 'x=1&y=b']) assert.ok(map(one), one)
    for (const one of ['x=123456', 'x=a&x=b', 'x=a&y=abcdef']) assert.ok(!map(one), one)
  }
  const lists = form({ type: 'object', additionalProperties: { type: 'array', maxItems: 2, items: text } })
  assert.ok(lists('x=a&y=1&y=2'))
  assert.ok(!lists('y=1&y=2&y=3'))
  assert.ok(form({ type: 'object', additionalProperties: true })('x=a&x=b'))
})

test('a field that only an alternative describes, without a type, is not taken as a list', () => {
  // No keyword of texts says anything of a list.
  const passes = form({ type: 'object', properties: { k: text }, anyOf: [{ properties: { a: { maxLength: 3 } } }] })
  assert.ok(passes('k=1&a=abc'))
  for (const one of ['a=abcdef', 'a=123456', 'a=abcd&a=abcd']) assert.ok(!passes(one), one)
  const map = form({ type: 'object', additionalProperties: { pattern: '^[a-z]$' } })
  assert.ok(map('x=a'))
  for (const one of ['x=<', 'x=a&x=<', 'x=123456']) assert.ok(!map(one), one)
})

test('a field that is a number or a list in one alternative is a text in the one that calls it so', () => {
  const either = (v: object) =>
    form({
      oneOf: [
        { properties: { kind: { enum: ['text'] }, v: text }, required: ['kind'] },
        { properties: { kind: { enum: ['other'] }, v }, required: ['kind'] },
      ],
    })
  const number = either({ type: 'number', maximum: 9 })
  for (const one of ['kind=text&v=12', 'kind=text&v=a', 'kind=other&v=9']) assert.ok(number(one), one)
  for (const one of ['kind=other&v=12', 'kind=other&v=a', 'kind=text&v=123456', 'kind=text&v=1&v=2'])
    assert.ok(!number(one), one)
  const list = either({ type: 'array', maxItems: 2, items: text })
  for (const one of ['kind=text&v=12', 'kind=text&v=a', 'kind=other&v=a', 'kind=other&v=1&v=2'])
    assert.ok(list(one), one)
  for (const one of ['kind=text&v=1&v=2', 'kind=text&v=123456', 'kind=other&v=1&v=2&v=3']) assert.ok(!list(one), one)
  const map = form({
    type: 'object',
    patternProperties: { '^n_': { type: 'integer' } },
    additionalProperties: text,
  })
  for (const one of ['x=12', 'x=a', 'n_x=12', 'x=a&n_x=12']) assert.ok(map(one), one)
  for (const one of ['n_x=a', 'x=123456']) assert.ok(!map(one), one)
})

test('a number that may be a text of its digits, as .NET writes them, is within its bounds', () => {
  const page = {
    type: ['integer', 'string'],
    pattern: '^-?(?:0|[1-9]\\d*)$',
    format: 'int32',
    minimum: 1,
    maximum: 100,
  }
  const list = { type: 'array', items: page }
  for (const schema of [page, { ...page, type: ['null', 'string', 'integer'] }, { anyOf: [page] }, list]) {
    const passes = parameter(schema)
    assert.ok(passes(['100']), JSON.stringify(schema))
    for (const text of ['101', '5000', '0', '-1', 'a', '1e3'])
      assert.ok(!passes([text]), `${JSON.stringify(schema)} ${text}`)
    assert.ok(form({ type: 'object', properties: { page: schema } })('page=100'))
    assert.ok(!form({ type: 'object', properties: { page: schema } })('page=101'))
  }
  // Of a text that is no number alone nothing is taken away.
  assert.ok(parameter({ type: ['integer', 'string'], minimum: 0 })(['2026-01-01']))
  assert.ok(parameter({ type: ['integer', 'string'], pattern: '^auto$|^\\d+$' })(['auto']))
})

test('what is a list in one alternative is a text in the one that calls it so, whatever the items of the list must be', () => {
  const list = { type: 'array', items: { type: 'integer', maximum: 5 } }
  const variant = (kind: string, value: object) => ({
    type: 'object',
    properties: { kind: { const: kind }, value },
    required: ['kind', 'value'],
  })
  const either = form({ oneOf: [variant('list', list), variant('text', { type: 'string', maxLength: 3 })] })
  for (const text of ['kind=text&value=abc', 'kind=text&value=6', 'kind=list&value=5&value=1', 'kind=list&value=5'])
    assert.ok(either(text), text)
  for (const text of [
    ...['kind=list&value=6', 'kind=list&value=abc', 'kind=list&value=5&value=abc'],
    ...['kind=text&value=abcd', 'kind=text&value=abc&value=abc'],
  ])
    assert.ok(!either(text), text)
  for (const passes of [
    parameter({ anyOf: [list, { type: 'string', maxLength: 3 }] }),
    (sent: readonly string[]) =>
      form({ type: 'object', properties: { value: { anyOf: [list, { type: 'string', maxLength: 3 }] } } })(
        sent.map((text) => `value=${text}`).join('&'),
      ),
  ]) {
    for (const sent of [['abc'], ['6'], ['1', '2']]) assert.ok(passes(sent), String(sent))
    for (const sent of [['abcd'], ['abc', '1'], ['1', '6']]) assert.ok(!passes(sent), String(sent))
  }
})

test('the name of a field that is not listed is not repeated', () => {
  const faults = formFaults({
    type: 'object',
    properties: { n: { maximum: 5 } },
    additionalProperties: { maxLength: 3 },
  })
  assert.ok(faults('hunter2=12345').every(({ field }) => field === '/*'))
  assert.ok(faults('n=6').every(({ field }) => field === '/n'))
  assert.deepEqual([faults('hunter2=12345').length > 0, faults('n=6').length > 0], [true, true])
})
