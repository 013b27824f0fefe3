import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { readMembers, readNestedMembers } from '../../../src/layers/sessions/json-members.ts'
import { parseJson } from '../../../src/layers/validation/index.ts'

/** A text in which each name is written with escapes, and one that makes V8 take it for another: `{"\\":1}` before `{"\u0061":1}`. */
const primed = (name: string): { readonly prime: string; readonly escaped: string } => {
  const escaped = [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  return { prime: JSON.stringify(escaped.slice(0, name.length)), escaped: `"${escaped}"` }
}

const parse = (text: string) => parseJson(Buffer.from(text))

test('a name with an escape is read as it reads, whatever texts came before', () => {
  for (const name of ['a', 'role', '__proto__', 'constructor', 'user id']) {
    const { prime, escaped } = primed(name)
    for (const [before, after] of [
      ['{', '}'],
      ['{"kind":"user",', '}'],
      ['[{"list":[', ']}]'],
    ] as const) {
      const inside = (member: string) =>
        before.endsWith('[') ? `${before}{${member}}${after}` : before + member + after
      for (let time = 0; time < 3; time += 1) assert.ok(parse(inside(`${prime}:"x"`)).ok)
      const twice = parse(inside(`"${name}":1,${escaped}:2`))
      assert.deepEqual(twice, {
        ok: false,
        reason: /^(__proto__|constructor)$/.test(name) ? 'forbidden-name' : 'duplicate-name',
      })
      if (/^(__proto__|constructor)$/.test(name))
        assert.deepEqual(parse(inside(`${escaped}:2`)), { ok: false, reason: 'forbidden-name' })
      else {
        const plain = parse(inside(`"${name}":2`))
        assert.deepEqual(parse(inside(`${escaped}:2`)), plain)
      }
    }
  }
})

test('odd names that it read leave no trace in the JSON.parse of others', () => {
  // In a process of its own: what V8 remembers is the process's.
  const program = `
    import { parseJson } from ${JSON.stringify(import.meta.resolve('../../../src/layers/validation/index.ts'))}
    parseJson(Buffer.from(String.raw\`{"only here":1,"\\\\":1}\`))
    console.log(JSON.stringify(JSON.parse(String.raw\`{"only here":1,"\\u0061":1}\`)))`
  const args = ['--conditions=source', '--input-type=module', '--eval', program]
  assert.equal(execFileSync(process.execPath, args, { encoding: 'utf8' }), '{"only here":1,"a":1}\n')
})

test('names that only an escape can write are kept, and broken ones refused', () => {
  assert.deepEqual(parse('{"foo\\u0000bar" : 1, "a\\"b":[{"c\\\\d":"\\u0041"}]}'), {
    ok: true,
    value: { 'foo\0bar': 1, 'a"b': [{ 'c\\d': 'A' }] },
  })
  for (const text of [
    '{"a\\x":1}',
    '{"a\\',
    '{"a\\":1',
    '{"\\u00":1}',
    '{"a\\u0062":1,}',
    '{"\\u0061" 1:}',
    `{"a\\n
":1}`,
  ])
    assert.deepEqual(parse(text), { ok: false, reason: 'syntax' }, text)
  assert.deepEqual(parse('{"\\ud800":1}'), { ok: false, reason: 'encoding' })
})

test('many quotes and escapes cost their length, not its square', () => {
  const started = performance.now()
  for (const text of [
    `{"\\u0061":${'"\\"'.repeat(20_000)}`,
    `{"\\u0061":"${'\\"'.repeat(30_000)}\\`,
    `{"\\u0061"${' '.repeat(60_000)}`,
  ])
    assert.equal(parse(text).ok, false)
  const many = `{${Array.from({ length: 5_000 }, (_, index) => `"\\u0061${index}":1`).join()}}`
  assert.ok(parse(many).ok)
  // A square would be minutes.
  assert.ok(performance.now() - started < 5_000)
})

test('the claims of a token are read so too', () => {
  const { prime, escaped } = primed('sub')
  for (const read of [readMembers, readNestedMembers]) {
    const members = (text: string) => read(Buffer.from(text))
    assert.equal(members(`{"sub":"a",${prime}:"x"}`).ok, false)
    // As if another text of the process had had it.
    JSON.parse(`{"sub":"a",${prime}:"x"}`)
    assert.deepEqual(members(`{"sub":"a",${escaped}:"b"}`), { ok: false, reason: 'duplicate-name' })
    const url = members('{"https:\\/\\/a.example\\/roles":"x"}')
    assert.ok(url.ok && url.members.get('https://a.example/roles') === 'x')
  }
})
