import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { schemaProblems } from '../../../../src/evidence/backend/schemas/index.ts'
import type { Node } from '../../../../src/evidence/source/index.ts'
import { readingOf } from '../../sources.ts'

const HEADER = "import { field } from 'portcullis/validation'\nimport { z } from 'zod'\n"

/** What is wrong with the schema that `subject` of a.ts is. */
const shown = (text: string, header = HEADER, more: Readonly<Record<string, string>> = {}): readonly string[] => {
  const setup = text.includes('const subject') ? text : `const subject = ${text}`
  const reading = readingOf({ 'a.ts': `${header}${setup}`, ...more })
  const module = reading.program.modules.get('a.ts')
  assert.ok(module && !module.broken)
  const node: Node = { kind: 'name', name: 'subject', at: { file: 'a.ts', line: 1, start: 0, end: 0 } }
  const { problems, unread } = schemaProblems(reading, node, reading.program.scopes(module).top, 'body')
  return [...problems.map(({ what }) => what), ...(unread === undefined ? [] : [`unread: ${unread}`])]
}

const LONG = 'body: a string without a maximum length'
const LARGE = 'body: a number without a maximum'
const unreadOf = (name: string) => [`unread: portcullis/validation field ${name} could not be read`]

describe('every member of field is read as the bounded type that it is', () => {
  for (const one of ['email', 'username', 'password', 'id', 'slug', 'url', 'money', 'pageQuery'])
    test(`field.${one}`, () => assert.deepEqual(shown(`field.${one}`), []))
  for (const one of ['text(500)', 'line(64)', 'integer(1, 100)', 'line(MAX)', 'integer(...RANGE)'])
    test(`field.${one}`, () =>
      assert.deepEqual(shown(`const MAX = 5; const RANGE = [1, 9]; const subject = field.${one}`), []))

  test('and no member is left out', async () => {
    const { field } = await import('portcullis/validation')
    for (const [name, one] of Object.entries(field))
      assert.deepEqual(shown(typeof one === 'function' ? `field.${name}(1, 9)` : `field.${name}`), [], name)
  })
})

describe('what a member is, and not only that it is there', () => {
  const cases: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
    ['in an object', 'z.object({ a: field.slug, b: field.integer(1, 9), c: field.text(9).optional() })', []],
    ['a string stays one', 'field.slug.optional().or(field.line(5).min(2))', []],
    [
      'a page has its two fields',
      'z.object({ limit: field.pageQuery.shape.limit, after: field.pageQuery.shape.after })',
      [],
    ],
    ['a list of them has no bound of its own', 'z.array(field.id)', ['body: an array without a maximum of items']],
    ['nor has one made by the chain', 'field.id.array()', ['body: an array without a maximum of items']],
    [
      'what stands beside it counts',
      'z.object({ a: field.slug, b: z.string() })',
      ['body.b: a string without a maximum length'],
    ],
    ['what it is joined with counts', 'field.slug.or(z.string())', [LONG]],
    [
      'what is added to a page counts',
      'field.pageQuery.extend({ q: z.string() })',
      ['body.q: a string without a maximum length'],
    ],
    ['a page that is opened is open', 'field.pageQuery.loose()', ['body: unknown keys pass']],
    [
      'compiled gives what it is given',
      "import { compiled } from 'portcullis/validation'; const subject = compiled(z.object({ a: field.id, b: z.string() }))",
      ['body.b: a string without a maximum length'],
    ],
    [
      'and what is done to that counts',
      "import { compiled } from 'portcullis/validation'; const subject = compiled(z.object({ a: field.id })).loose()",
      ['body: unknown keys pass'],
    ],
  ]
  for (const [title, text, expected] of cases) test(title, () => assert.deepEqual(shown(text), expected))
})

describe('a maximum that is none', () => {
  for (const one of [
    'text()',
    'line()',
    'text(Infinity)',
    'text(1 / 0)',
    'line(Number.POSITIVE_INFINITY)',
    'text(null)',
    'text(long ? Infinity : 5)',
  ])
    test(`field.${one}`, () => assert.deepEqual(shown(`field.${one}`), [LONG]))
  for (const one of ['integer()', 'integer(1)', 'integer(1, Infinity)', 'integer(1, undefined)'])
    test(`field.${one}`, () => assert.deepEqual(shown(`field.${one}`), [LARGE]))
  test('arguments that are spread from somewhere are not read', () =>
    assert.deepEqual(shown('field.integer(...range())'), ['unread: the arguments of field.integer could not be read']))
})

describe('what is no member of field could not be read', () => {
  for (const one of ['anything', 'constructor', 'toString', 'text', 'integer'])
    test(`field.${one}`, () => assert.deepEqual(shown(`field.${one}`), unreadOf(one)))
  test('nor one that is called and is no function', () => assert.deepEqual(shown('field.slug()'), unreadOf('slug')))
  test('nor the whole of it', () =>
    assert.deepEqual(shown('field'), ['unread: portcullis/validation field could not be read']))
  test('nor what only another export is called', () =>
    assert.deepEqual(shown('field.slug', "import { field } from 'portcullis'\n"), [
      'unread: portcullis field slug could not be read',
    ]))
})

describe('under every name', () => {
  const imports: readonly (readonly [header: string, text: string])[] = [
    ["import { field as f } from 'portcullis/validation'\n", 'f.line(64)'],
    ["import * as validation from 'portcullis/validation'\n", 'validation.field.slug'],
    ["const { field } = require('portcullis/validation')\n", 'field.slug'],
    ["const validation = require('portcullis/validation')\n", 'validation.field.line(3)'],
    ["const { field } = await import('portcullis/validation')\n", 'field.pageQuery'],
    ["import { field } from 'portcullis/validation'\n", 'const { slug: word } = field; const subject = word'],
    ["import { field } from 'portcullis/validation'\n", 'const f = field; const subject = f.integer(1, 2)'],
    ["import { field } from 'portcullis/validation'\n", "const subject = field['slug']"],
    ["import { noBody } from 'portcullis/fastify'\n", 'noBody'],
    ["import { noBody as nothing } from 'portcullis'\n", 'nothing.optional()'],
    ["import * as portcullis from 'portcullis'\n", 'portcullis.noBody'],
  ]
  for (const [header, text] of imports)
    test(`${header.trim()} ${text}`, () => assert.deepEqual(shown(text, header), []))

  test('through a file of the project', () =>
    assert.deepEqual(
      shown('word', "import { word } from './fields'\n", {
        'fields.ts': "import { field } from 'portcullis/validation'\nexport const word = field.slug",
      }),
      [],
    ))
  test('handed on by one', () =>
    assert.deepEqual(
      shown('field.slug', "import { field } from './fields'\n", {
        'fields.ts': "import { field } from 'portcullis/validation'\nexport { field }",
      }),
      [],
    ))
})

describe('what is only called so', () => {
  const own = "import { z } from 'zod'\n"
  test('an object of the project', () =>
    assert.deepEqual(shown('const field = { slug: z.string() }; const subject = field.slug', own), [LONG]))
  test('one that stands before the import, in a function', () =>
    assert.deepEqual(
      shown('const make = () => { const field = { slug: z.string() }; return field.slug }; const subject = make()'),
      [LONG],
    ))
  test('a parameter', () =>
    assert.deepEqual(shown('const make = (field) => field.slug; const subject = make({ slug: z.string() })'), [LONG]))
  test('a file of the project under the name of the package', () =>
    assert.deepEqual(
      shown('field.slug', "import { field } from './portcullis/validation'\n", {
        'portcullis/validation.ts': "import { z } from 'zod'\nexport const field = { slug: z.string() }",
      }),
      [LONG],
    ))
  test('another package', () =>
    assert.deepEqual(shown('field.slug', "import { field } from 'portcullis-validation'\n"), [
      'unread: portcullis-validation field slug could not be read',
    ]))
  test('noBody of somewhere else', () =>
    assert.deepEqual(shown('noBody', "import { noBody } from 'portcullis/validation'\n"), [
      'unread: portcullis/validation noBody could not be read',
    ]))
  test('noBody that takes one all the same', () =>
    assert.deepEqual(shown('noBody.or(z.any())', "import { noBody } from 'portcullis'\nimport { z } from 'zod'\n"), [
      'body: anything passes',
    ]))
})
