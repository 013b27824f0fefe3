import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { compileSchema, field, isJson, parseJson } from '../../src/layers/validation/index.ts'

const order = z.object({
  sku: field.slug,
  count: field.integer(1, 99),
  note: field.text(50).optional(),
  to: z.object({ name: field.line(20), email: field.email }),
  tags: z.array(field.slug).max(3).default([]),
  price: field.money.optional(),
  gift: z.boolean().optional(),
})
const check = compileSchema(order)
const good = { sku: 'red-mug', count: 2, to: { name: 'Ada', email: 'ada@example.com' } }
const text = JSON.stringify(good)

/** What becomes of a body: taken, refused as JSON (and why), or refused by the schema (and where). */
const outcome = (body: string | Buffer): string => {
  const parsed = parseJson(Buffer.from(body as string))
  if (!parsed.ok) return parsed.reason
  const checked = check(parsed.value)
  return checked.ok ? 'taken' : [...new Set(checked.faults.map(({ field: at }) => at))].toSorted().join(' ')
}
const having = (more: object): string => JSON.stringify({ ...good, ...more })

const rows: readonly (readonly [body: string | Buffer, expected: string])[] = [
  [text, 'taken'],
  [` \n\t${text}\r\n`, 'taken'],
  [having({ note: 'two\nlines', tags: ['a', 'b'], price: '12.34', gift: false }), 'taken'],
  [having({ note: 'ünïcödé 🎁' }), 'taken'],
  ['', 'syntax'],
  [' ', 'syntax'],
  ['{', 'syntax'],
  [`${text}}`, 'syntax'],
  [`${text}${text}`, 'syntax'],
  [`${text},`, 'syntax'],
  [`[${text}`, 'syntax'],
  [text.replace('}', ',}'), 'syntax'],
  [text.replaceAll('"', "'"), 'syntax'],
  [`/* c */${text}`, 'syntax'],
  [`${text}\u0000`, 'syntax'],
  ['NaN', 'syntax'],
  [text.replace('2', '02'), 'syntax'],
  [text.replace('2', '+2'), 'syntax'],
  [text.replace('2', '0x2'), 'syntax'],
  [text.replace('2', '1e999'), 'syntax'],
  [text.replace('2', '-1e999'), 'syntax'],
  [`\ufeff${text}`, 'encoding'],
  [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), 'encoding'],
  [Buffer.from(text, 'utf16le'), 'syntax'],
  [Buffer.concat([Buffer.from('"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"')]), 'encoding'],
  [Buffer.concat([Buffer.from('"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"')]), 'encoding'],
  [Buffer.concat([Buffer.from('"'), Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]), Buffer.from('"')]), 'encoding'],
  ['"\\ud800"', 'encoding'],
  ['{"\\udfff":1}', 'encoding'],
  ['{"a":1,"a":2}', 'duplicate-name'],
  ['{"a":1,"a":1}', 'duplicate-name'],
  ['{"a":1,"\\u0061":2}', 'duplicate-name'],
  ['{"x":{"a":1,"b":2,"a":3}}', 'duplicate-name'],
  ['[{"a":1},{"a":1,"a":1}]', 'duplicate-name'],
  ['{"":1,"":2}', 'duplicate-name'],
  ['{"1":1,"1":2}', 'duplicate-name'],
  ['{"a:":1,"a:":2}', 'duplicate-name'],
  [text.replace('{', '{"__proto__":{"gift":true},'), 'forbidden-name'],
  [text.replace('{', '{"\\u005f_proto__":{},'), 'forbidden-name'],
  [text.replace('{', '{"constructor":{"prototype":{}},'), 'forbidden-name'],
  ['{"a":{"b":{"prototype":1}}}', 'forbidden-name'],
  ['[[{"__proto__":1}]]', 'forbidden-name'],
  [`${'['.repeat(33)}${']'.repeat(33)}`, 'depth'],
  [`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 'depth'],
  ['['.repeat(50_000), 'depth'],
  ['{"a":'.repeat(10_000), 'depth'],
  [`${'['.repeat(32)}${']'.repeat(32)}`, ''],
  ['null', ''],
  ['[]', ''],
  ['"text"', ''],
  ['1', ''],
  ['true', ''],
  ['{}', '/count /sku /to'],
  [having({ role: 'admin' }), ''],
  [having({ to: { ...good.to, admin: true } }), '/to'],
  [having({ Sku: 'x' }), ''],
  [having({ count: '2' }), '/count'],
  [having({ count: 2.5 }), '/count'],
  [having({ count: 0 }), '/count'],
  [having({ count: 100 }), '/count'],
  [having({ count: -0 }), '/count'],
  [having({ count: 1e20 }), '/count'],
  [having({ count: null }), '/count'],
  [having({ count: [2] }), '/count'],
  [having({ count: true }), '/count'],
  [having({ sku: 'Red Mug' }), '/sku'],
  [having({ sku: '' }), '/sku'],
  [having({ sku: 'a'.repeat(101) }), '/sku'],
  [having({ sku: 'red-mug\n' }), '/sku'],
  [having({ sku: 'rеd-mug' }), '/sku'],
  [having({ note: 'a'.repeat(51) }), '/note'],
  [having({ note: 'nul \u0000' }), '/note'],
  [having({ note: 'bell \u0007' }), '/note'],
  [having({ note: 'bidi \u202e' }), '/note'],
  [having({ note: null }), '/note'],
  [having({ to: [] }), '/to'],
  [having({ to: { name: ' ', email: 'ada@example.com' } }), '/to/name'],
  [having({ to: { name: 'a\nb', email: 'ada@example.com' } }), '/to/name'],
  [having({ to: { name: 'Ada', email: 'ada@localhost' } }), '/to/email'],
  [having({ tags: ['a', 'b', 'c', 'd'] }), '/tags'],
  [having({ tags: ['a', 'B'] }), '/tags/1'],
  [having({ tags: { 0: 'a', length: 1 } }), '/tags'],
  [having({ price: 12.34 }), '/price'],
  [having({ price: '12.345' }), '/price'],
  [having({ price: '-1' }), '/price'],
  [having({ price: '1e3' }), '/price'],
  [having({ gift: 'true' }), '/gift'],
  [having({ gift: 1 }), '/gift'],
]

test(`${rows.length} bodies, each taken or refused where it should be`, () => {
  assert.ok(rows.length >= 60)
  for (const [body, expected] of rows) assert.equal(outcome(body), expected, String(body).slice(0, 80))
})

test('a Content-Type is JSON in UTF-8, or it is not', () => {
  for (const yes of [
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json \t; \tcharset="utf-8"',
  ])
    assert.equal(isJson(yes), true, yes)
  for (const no of [
    undefined,
    '',
    ' ',
    'json',
    'text/json',
    'application/jsonp',
    'application/json/x',
    'application/problem+json',
    'application/json+x',
    'application/json;',
    'application/json; ',
    'application/json;charset',
    'application/json;charset=',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; boundary=x',
    'application/json, text/plain',
    'application/json\ttext/plain',
    'application/json text/plain',
    ' application/json',
    'application/json ',
    'application/json\n',
    'application/json\u0000',
    'application/ json',
    'application /json',
    'text/plain; application/json',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'application/json; charset=“utf-8”',
    "application/json; charset='utf-8'",
    'application/json;;charset=utf-8',
  ]) {
    assert.equal(isJson(no), false, String(no))
  }
})

test('any JSON value comes back as it was, or is refused for a reason that has a name', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const sent = JSON.stringify(value)
      const parsed = parseJson(Buffer.from(sent))
      if (parsed.ok) assert.equal(JSON.stringify(parsed.value), sent)
      else assert.ok(['encoding', 'forbidden-name', 'depth'].includes(parsed.reason), parsed.reason)
    }),
  )
})

test('what somebody has added to every object is nothing that was sent', (t) => {
  Object.defineProperty(Object.prototype, 'added', { value: 1, enumerable: true, configurable: true })
  t.after(() => Reflect.deleteProperty(Object.prototype, 'added'))
  assert.deepEqual(parseJson(Buffer.from('{"a":{"b":[{}]}}')), { ok: true, value: { a: { b: [{}] } } })
  assert.deepEqual(parseJson(Buffer.from('{"added":1,"added":2}')), { ok: false, reason: 'duplicate-name' })
})

test('one line and several take what can be printed, to its borders', () => {
  const line = compileSchema(field.line(9))
  const text = compileSchema(field.text(9))
  for (let code = 0; code < 0x100; code += 1) {
    const sent = `a${String.fromCharCode(code)}`
    const printed = (code >= 0x20 && code < 0x7f) || code >= 0xa0
    assert.equal(line(sent).ok, printed, `line ${code}`)
    assert.equal(text(sent).ok, printed || ['\t', '\n', '\r'].includes(sent.slice(1)), `text ${code}`)
  }
  for (const [sent, taken] of [
    ['ä\ud800', false],
    ['ä\u202e', false],
    ['a\u2028', false],
    ['日本', true],
    [' ', false],
    ['\u00a0', false],
  ] as const)
    assert.equal(line(sent).ok, taken, JSON.stringify(sent))
})

test('no bytes make the parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(typeof parseJson(Buffer.from(bytes)).ok, 'boolean')
    }),
  )
})

test('no value makes a check throw, and no fault repeats what was refused', () => {
  const marked = fc.string({ maxLength: 20 }).map((end) => `marker-${end}-marker`)
  const anything = fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    values: [marked, fc.integer(), fc.double(), fc.constant(undefined)],
  })
  fc.assert(
    fc.property(
      fc.oneof(
        anything,
        fc.dictionary(fc.constantFrom('sku', 'count', 'note', 'to', 'tags', 'price', 'gift', 'marker-key'), anything),
      ),
      (value) => {
        const checked = check(value)
        if (checked.ok) return
        assert.ok(checked.faults.length > 0 && checked.faults.length <= 20)
        assert.doesNotMatch(JSON.stringify(checked.faults), /marker/)
      },
    ),
  )
})

test("a record's names, an unknown key's name and a long list of faults are not repeated", () => {
  const records = compileSchema(z.record(z.string().max(9), z.array(field.id).max(100)))
  const refused = records({ marker: ['not an id!'] })
  assert.deepEqual(refused, {
    ok: false,
    faults: [{ field: '/*/0', problem: 'must be 1 to 64 letters, digits, _ or -' }],
  })
  const many = compileSchema(z.array(field.id).max(100))(Array.from({ length: 50 }, () => '!'))
  assert.equal(many.ok ? 0 : many.faults.length, 20)
})

test('unknown keys are refused wherever an object stands, also where the author did not say strict', () => {
  const inner = z.object({ a: field.id })
  const lazy: z.ZodType = z.lazy(() => z.object({ next: lazy.optional() }))
  const cases: readonly (readonly [z.ZodType, (object: object) => unknown])[] = [
    [inner, (object) => object],
    [z.array(inner).max(3), (object) => [object]],
    [inner.optional(), (object) => object],
    [inner.nullable(), (object) => object],
    [inner.default({ a: 'x' }), (object) => object],
    [inner.readonly(), (object) => object],
    [z.union([z.boolean(), inner]), (object) => object],
    [z.tuple([inner]), (object) => [object]],
    [z.record(z.enum(['k']), inner), (object) => ({ k: object })],
    [z.object({ deep: z.object({ inner }) }), (object) => ({ deep: { inner: object } })],
    [inner.transform((value) => value), (object) => object],
    [inner.refine(() => true), (object) => object],
    [z.object({ a: field.id, lazy }).partial(), (object) => ({ ...object, lazy: { next: {} } })],
  ]
  for (const [schema, wrap] of cases) {
    const checked = compileSchema(schema)
    assert.equal(checked(wrap({ a: 'x' })).ok, true, 'the control is refused')
    assert.equal(checked(wrap({ a: 'x', role: 'admin' })).ok, false, 'an unknown key was let through')
  }
  assert.equal(compileSchema(lazy)({ next: { next: { x: 1 } } }).ok, false)
  assert.deepEqual(compileSchema(z.looseObject({ a: field.id }))({ a: 'x', b: 1 }), {
    ok: true,
    value: { a: 'x', b: 1 },
  })
})

test('a password is counted in characters, whatever they take', () => {
  const taken = (text: string): boolean => field.password.safeParse(text).success
  for (const yes of ['a'.repeat(10), 'a'.repeat(256), '🔑'.repeat(10), '🔑'.repeat(256), 'é'.repeat(256)])
    assert.ok(taken(yes), `${yes.length}`)
  for (const no of ['a'.repeat(9), 'a'.repeat(257), '🔑'.repeat(9), '🔑'.repeat(257), `${'a'.repeat(10)}\ud800`])
    assert.ok(!taken(no), `${no.length}`)
  assert.equal(field.password.parse('e\u0301'.repeat(10)), 'é'.repeat(10))
  // As it will be compared and hashed, however a keyboard composes it.
  assert.ok(taken('e\u0301'.repeat(256)))
  assert.ok(!taken('e\u0301'.repeat(257)))
  assert.ok(!taken(`a${'e\u0301'.repeat(5)}`))
  const short = compileSchema(z.object({ password: field.password }))({ password: 'short' })
  assert.equal(short.ok ? 0 : short.faults.length, 1)
})

test("an author's own sentence is kept, unless it repeats what was refused", () => {
  const own = compileSchema(
    z.object({
      a: z
        .string()
        .max(9)
        .refine(() => false, 'does not match the other'),
      b: z
        .string()
        .max(99)
        .refine(() => false, { error: (issue) => `${issue.input} is wrong` }),
      c: z.string().max(9).regex(/^x$/),
      d: z.string(),
    }),
  )
  assert.deepEqual(own({ a: 'x', b: 'marker', c: 'y', d: 1 }), {
    ok: false,
    faults: [
      { field: '/a', problem: 'does not match the other' },
      { field: '/b', problem: 'is not allowed' },
      { field: '/c', problem: 'is not of the form that is asked for' },
      { field: '/d', problem: 'must be text' },
    ],
  })
})
