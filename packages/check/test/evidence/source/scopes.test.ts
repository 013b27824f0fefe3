import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Call, lookup, type Scope } from '../../../src/evidence/source/index.ts'
import { programOf } from '../sources.ts'

/** The scope in which `here()` is called. */
const scopeHere = (text: string, file = 'a.ts'): Scope => {
  const [call, ...more] = programOf({ [file]: text }).callsNamed('here')
  assert.ok(call)
  assert.equal(more.length, 0)
  return call.scope
}

const kinds = (text: string, name: string, file?: string): readonly string[] =>
  lookup(scopeHere(text, file), name).map((one) =>
    one.kind === 'value'
      ? ['value', ...one.path].join('.')
      : one.kind === 'import'
        ? `import ${one.imported} from ${one.node.from}`
        : one.kind === 'parameter'
          ? ['parameter', one.index, ...one.path].join('.')
          : one.kind,
  )

describe('what a name is bound to', () => {
  const table: readonly (readonly [text: string, name: string, expected: readonly string[]])[] = [
    ['const a = 1; here()', 'a', ['value']],
    ['here(); const a = 1', 'a', ['value']],
    ['let a = 1; a = 2; here()', 'a', ['value', 'value']],
    ['const { a } = b; here()', 'a', ['value.a']],
    ['const { x: [, a] } = b; here()', 'a', ['value.x.1']],
    ['const { ...a } = b; here()', 'a', ['value']],
    ['function a() {} here()', 'a', ['function']],
    ['class a {} here()', 'a', ['class']],
    ["import a from 'x'; here()", 'a', ['import default from x']],
    ["import { b as a } from 'x'; here()", 'a', ['import b from x']],
    ["import * as a from 'x'; here()", 'a', ['import * from x']],
    ["const { b: a } = require('x'); here()", 'a', ['import b from x']],
    ['const f = (b, a) => here()', 'a', ['parameter.1']],
    ['const f = ({ b: { a } }) => here()', 'a', ['parameter.0.b.a']],
    ['const f = (a = 1) => here()', 'a', ['parameter.0']],
    ['const a = 1; const f = (a) => here()', 'a', ['parameter.0']],
    ['const f = (a) => 1; here()', 'a', []],
    ['const f = () => { const a = 1 }; here()', 'a', []],
    ['let a; const f = () => { a = 1 }; here()', 'a', ['value', 'value']],
    ['a = 1; here()', 'a', []],
    // A class's members are no names of its methods.
    ['class C { a = 1; f() { here() } }', 'a', []],
    ['const a = 1; class C { a() {} f() { here() } }', 'a', ['value']],
    ['interface a { x: string } here()', 'a', ['class']],
  ]
  for (const [text, name, expected] of table)
    test(text, () => {
      assert.deepEqual(kinds(text, name), expected)
    })

  test('in Python, where the first assignment declares', () => {
    assert.deepEqual(kinds('a = 1\nhere()', 'a', 'a.py'), ['value'])
    assert.deepEqual(kinds('a, b = 1, 2\nhere()', 'b', 'a.py'), ['value.1'])
    assert.deepEqual(kinds('a = 1\ndef f():\n  a = 2\n  here()', 'a', 'a.py'), ['value'])
    assert.deepEqual(kinds('import a.b\nhere()', 'a', 'a.py'), ['import * from a.b'])
    assert.deepEqual(kinds('from x import b as a\nhere()', 'a', 'a.py'), ['import b from x'])
    assert.deepEqual(kinds('class C:\n  a = 1\n  def f(self):\n    here()', 'a', 'a.py'), [])
  })
})

test('the names of a module that overwrite each other stay in the order of the text', () => {
  const [first, second] = lookup(scopeHere('let a = 1; a = 2; here()'), 'a')
  assert.ok(first?.kind === 'value' && second?.kind === 'value')
  assert.ok(first.assign.at.start < second.assign.at.start)
})

test('every node knows what it stands in', () => {
  const program = programOf({ 'a.ts': 'const f = () => { if (x) { g(here()) } }' })
  const [call] = program.callsNamed('here')
  assert.ok(call)
  const chain: string[] = []
  for (let one = program.parentOf(call.node); one !== undefined; one = program.parentOf(one)) chain.push(one.kind)
  assert.deepEqual(
    chain.filter((one) => one !== 'other'),
    ['call', 'if', 'function', 'assign'],
  )
  assert.equal(program.scopeOf(call.node)?.owner?.kind, 'function')
  const elsewhere: Call = { ...call.node, at: { ...call.node.at, file: 'b.ts' } }
  assert.equal(program.scopeOf(elsewhere), undefined)
})
