import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileDocument } from '../../src/document/compiled.ts'
import { inEcmaScript } from '../../src/document/dialects.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'
import { documentOf, jsonBody, operation } from '../rig.ts'

test('a pattern that other languages write for the same means the same', () => {
  for (const [pattern, fits, others] of [
    ['^[\\w-\\.]+@x$', ['a-b.c@x'], ['a/b@x', 'ab']],
    ['^\\d{3}\\-\\d{4}$', ['123-4567'], ['1234567', '123_4567']],
    ['^[a-z\\_\\@\\-]+$', ['a_@-'], ['a\\', 'A']],
    ['^[\\d-x]$', ['1', '-', 'x'], ['y', 'a']],
    ['^[^\\s-\\/]$', ['a'], [' ', '-', '/']],
    ['^\\p{L}+\\-\\"$', ['é-"'], ['p{L}-"', 'é"']],
  ] as const) {
    const schema = { type: 'object', properties: { text: { pattern } }, patternProperties: { [pattern]: {} } }
    const check = validator().compile(schemaCloser({}).close(schema))
    for (const text of fits) assert.deepEqual(check({ text, [text]: 1 }), [], `${pattern} ${text}`)
    for (const text of others) {
      assert.notDeepEqual(check({ text }), [], `${pattern} ${text}`)
      assert.notDeepEqual(check({ [text]: 1 }), [], `${pattern} ${text}`)
    }
  }
})

test('a pattern that JavaScript has itself stays as it is', () => {
  for (const pattern of ['^[\\w\\-.]+$', '[\\w-]', '^\\p{L}\\/$', '^(?:a|b)\\$$', '^[\\\\-a]$', ''])
    assert.equal(inEcmaScript(pattern), pattern)
})

test('an operation with a pattern of another language is not served, and the others are', () => {
  for (const pattern of ['\\A[a-z]+\\Z', '^(?P<year>\\d{4})$', '(?i)^abc$', '^a++$', '^{a}$']) {
    const within = [{ pattern }, { not: { pattern } }, { patternProperties: { [pattern]: {} } }]
    const paths = within.map((schema, at) => [`/${at}`, { post: operation(jsonBody(schema)) }] as const)
    const fine = { '/fine': { post: operation(jsonBody({ pattern: '^a$' })) } }
    const { served, refused } = compileDocument(documentOf({ ...Object.fromEntries(paths), ...fine }) as Part)
    assert.deepEqual(
      served.map(({ template }) => template.text),
      ['/fine'],
      pattern,
    )
    assert.equal(refused.length, 3)
    for (const sentence of refused)
      assert.match(sentence, /^POST \/\d has the pattern .+, which is none of JavaScript$/)
  }
})

test('a bracket that closes nothing is itself, but for one that may be the first of a class elsewhere', () => {
  for (const [pattern, fits, others] of [
    ['^a]$', ['a]'], ['a', 'a\\]']],
    ['^\\[x]$', ['[x]'], ['x', '[x']],
    ['^[a]]$', ['a]'], ['a', ']']],
    ['^(?:[ab]|\\[c-d])\\-]$', ['a-]', '[c-d]-]'], ['c-]', 'a-']],
  ] as const) {
    const read = new RegExp(inEcmaScript(pattern), 'u')
    for (const text of fits) assert.match(text, read, pattern)
    for (const text of others) assert.doesNotMatch(text, read, pattern)
  }
  for (const pattern of ['^[]a]$', '^[^]a]$', '^a]{,3}$', '^{a]$'])
    assert.throws(() => inEcmaScript(pattern), /none of JavaScript/, pattern)
})
