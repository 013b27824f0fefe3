import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FunctionNode } from '../../../src/evidence/source/index.ts'
import { walk } from '../../../src/evidence/source/walk.ts'
import { programOf, type Sources } from '../sources.ts'
import { shown } from './shown.ts'

/** What the first file exports under a name: the tree, or the module that it is. */
const exported = (sources: Sources, name: string): string | undefined => {
  const program = programOf(sources)
  const [first] = program.modules.values()
  assert.ok(first)
  const found = program.exported(first, name)
  return found === undefined ? undefined : 'node' in found ? shown(found.node) : `module ${found.file}`
}

describe('what a module exports', () => {
  const table: readonly (readonly [sources: Sources, name: string, expected: string | undefined])[] = [
    [{ 'a.ts': 'export { b as it }; const b = 1' }, 'it', 'b'],
    [{ 'a.ts': 'export default 5' }, 'default', '5'],
    [{ 'a.ts': 'const b = 5; export { b as default }' }, 'default', 'b'],
    [{ 'a.ts': 'export const b = 5' }, 'it', undefined],
    [{ 'a.ts': 'export const b = 5' }, 'default', undefined],
    [{ 'a.ts': "export { default } from './b'", 'b.ts': 'export default 5' }, 'default', '5'],
    [{ 'a.ts': "export { default as it } from './b'", 'b.ts': 'export default 5' }, 'it', '5'],
    [{ 'a.ts': "export * as it from './b'", 'b.ts': 'export default 5' }, 'it', 'module b.ts'],
    [
      {
        'a.ts': "export * from './b'; export * from './c'",
        'b.ts': 'export const x = 1',
        'c.ts': 'export default 1; const y = 2; export { y as it }',
      },
      'it',
      'y',
    ],
    [{ 'a.js': 'module.exports = { it: 5 }' }, 'it', '5'],
    [{ 'a.js': 'exports.it = 5' }, 'it', '5'],
    [{ 'a.js': 'module.exports = f' }, 'default', 'f'],
    [{ 'a.js': 'module.exports = f' }, 'it', 'f["it"]'],
    [{ 'a.py': 'it = 5' }, 'it', 'it'],
    [{ 'a.py': 'x = 5' }, 'it', undefined],
    [{ 'app/__init__.py': '', 'app/it.py': '' }, 'it', 'module app/it.py'],
    [{ 'app/__init__.py': 'from . import it', 'app/it.py': '' }, 'it', 'module app/it.py'],
  ]
  for (const [sources, name, expected] of table)
    test(`${Object.values(sources).join(' | ')} → ${name}`, () => {
      assert.equal(exported(sources, name), expected)
    })
})

test('calls are found by the last name of their callee, in every file', () => {
  const program = programOf({ 'a.ts': 'jwt.sign(1); sign(2); a.sign.b(3); signs(4)', 'b.py': 'jwt.sign(5)' })
  assert.deepEqual(
    program.callsNamed('sign').map(({ node }) => shown(node.args[0] ?? node)),
    ['1', '2', '5'],
  )
  assert.deepEqual(program.callsNamed('nothing'), [])
})

test('calls are found by the name that their callee was imported by, too', () => {
  const program = programOf({
    'a.ts': "import { sign as make } from 'jsonwebtoken'; make(1); const f = (make) => make(2)",
    'b.js': "const { sign: create } = require('jsonwebtoken'); create(3)",
  })
  const found = (name: string) => program.callsNamed(name).map(({ node }) => shown(node.args[0] ?? node))
  assert.deepEqual(found('sign'), ['1', '3'])
  assert.deepEqual(found('make'), ['1', '2'])
  assert.deepEqual(found('default'), [])
})

test('functions are found by every name that they are given', () => {
  const program = programOf({
    'a.ts':
      'function it() {} const x = { it: () => 1, it() {} }; const it = () => 2; class A { it() {} } x.it = () => 3',
    'c.js': 'exports.it = () => 4',
    'b.py': 'def it():\n  pass',
  })
  assert.equal(program.functionsNamed('it').length, 8)
})

describe('what a function is called', () => {
  const table: readonly (readonly [text: string, expected: string | undefined])[] = [
    ['function it() {}', 'it'],
    ['const it = () => 1', 'it'],
    ['const it = catchAsync(async () => 1)', 'it'],
    ['const it = a(b(() => 1))', 'it'],
    ['x = { it: () => 1 }', 'it'],
    ['x = { other: 1, it: wrap(() => 1) }', 'it'],
    ['exports.it = () => 1', 'it'],
    ['exports.it = wrap(() => 1)', 'it'],
    ['module.exports = () => 1', undefined],
    ['class A { it() {} }', 'it'],
    ['[() => 1]', undefined],
  ]
  for (const [text, expected] of table)
    test(text, () => {
      const program = programOf({ 'a.js': text })
      const [module] = program.modules.values()
      const functions: FunctionNode[] = []
      walk(module?.body ?? [], (node) => {
        if (node.kind === 'function') functions.push(node)
      })
      assert.equal(functions.length, 1)
      assert.equal(functions[0] && program.nameOf(functions[0]), expected)
    })
})
