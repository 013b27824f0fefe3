import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileSchema } from 'portcullis/validation'
import { z } from 'zod'
import { onlyChecks } from '../../../src/layers/validation/only-checks.ts'

const text = z.string().max(9)

suite('zod compiles what only looks at values', () => {
  const looks: Readonly<Record<string, z.ZodType>> = {
    'an object': z.object({ text, list: z.array(text).max(3), more: z.object({ text }).optional() }),
    'trimmed text': z.object({ text: text.trim().normalize() }),
    'a refinement': text.refine((value) => value !== 'x'),
    'a union': z.union([text, z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), text })])]),
    'a default': z.object({ text: text.default('x') }),
  }
  const changes: Readonly<Record<string, z.ZodType>> = {
    'a transform': z.object({ list: z.array(text.transform((value) => value.length)).max(3) }),
    'what is done before': z.object({ text: z.preprocess((value) => value, text) }),
    'a codec': z.object({ day: z.codec(text, z.number(), { decode: Number, encode: String }) }),
    'an object that is written over': z.object({ text }).overwrite((value) => value),
    'what refers to itself': z.object({ text, more: z.lazy(() => text) }),
  }
  for (const [name, schema] of Object.entries(looks)) test(name, () => assert.equal(onlyChecks(schema), true))
  for (const [name, schema] of Object.entries(changes))
    test(`not ${name}`, () => assert.equal(onlyChecks(schema), false))
  test('not a schema of another zod', () => {
    const other = Object.create(text, {
      _zod: { value: { ...text._zod, def: text._zod.def, version: { major: 4, minor: 1, patch: 12 } } },
    }) as z.ZodType
    assert.equal(onlyChecks(other), false)
  })
})

test('a function that changes what it is given sees it once: what was refused is not accepted at a second look', () => {
  const decoded = z.preprocess(
    (value) => Object.assign(value as object, { path: decodeURIComponent((value as { path: string }).path) }),
    z.object({
      path: z
        .string()
        .max(50)
        .regex(/^[^%]+$/),
    }),
  )
  const checked = compileSchema(z.object({ file: decoded }))({ file: { path: '%252e%252e%252fetc' } })
  assert.equal(checked.ok, false)
  const seen: string[] = []
  const counted = text.transform((value) => seen.push(value)).refine(() => false)
  assert.equal(compileSchema(z.object({ text: counted }))({ text: 'a' }).ok, false)
  assert.deepEqual(seen, ['a'])
})

test('a transform may take its context apart, and refuses as it does', () => {
  const schema = z.object({
    text: text.transform((value, { addIssue }) => {
      if (value === 'bad') addIssue({ code: 'custom', message: 'is bad' })
      return value
    }),
  })
  const faults = [{ field: '/text', problem: 'is bad' }]
  assert.deepEqual(compileSchema(schema)({ text: 'bad' }), { ok: false, faults })
})

test('a schema that is part of itself is checked, and closed, all the way down', () => {
  const comment = z.object({
    text,
    get answers() {
      return z.array(comment).max(3)
    },
  })
  const check = compileSchema(comment)
  const deep = (leaf: object): object => ({ text: 'a', answers: [{ text: 'b', answers: [leaf] }] })
  assert.equal(check(deep({ text: 'c', answers: [] })).ok, true)
  for (const [leaf, field] of [
    [{ text: 'c', answers: [], role: 'admin' }, '/answers/0/answers/0'],
    [{ text: 'far too long', answers: [] }, '/answers/0/answers/0/text'],
  ] as const) {
    const checked = check(deep(leaf))
    assert.deepEqual(checked.ok ? [] : checked.faults.map((fault) => fault.field), [field])
  }
})

test('what was not sent is missing, whatever it should have been', () => {
  const check = compileSchema(
    z.object({
      text: z.string().max(5),
      kind: z.enum(['a', 'b']),
      either: z.union([z.int(), z.boolean()]),
      may: z.int().optional(),
    }),
  )
  assert.deepEqual(check({}), {
    ok: false,
    faults: ['/text', '/kind', '/either'].map((field) => ({ field, problem: 'is missing' })),
  })
  // null was sent.
  assert.deepEqual(check({ text: null, kind: 'a', either: 1 }), {
    ok: false,
    faults: [{ field: '/text', problem: 'must be text' }],
  })
})

test('a check that answers a promise says what to do, and takes nothing', () => {
  const check = compileSchema(z.object({ text: text.refine(() => Promise.resolve(true)) }))
  assert.throws(() => check({ text: 'a' }), { name: 'TypeError', message: /ask a database in the handler\.$/ })
})
