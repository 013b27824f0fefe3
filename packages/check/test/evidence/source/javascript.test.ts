import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseJavaScript } from '../../../src/evidence/source/index.ts'
import type { Node } from '../../../src/evidence/source/tree.ts'
import { walk } from '../../../src/evidence/source/walk.ts'
import { shown } from './shown.ts'

const read = (text: string, file = 'src/app.ts'): string => {
  const module = parseJavaScript(file, text)
  assert.equal(module.broken, false, text)
  return module.body.map(shown).join('; ')
}

/** Each line of TypeScript and what it is. */
const rows = (title: string, table: readonly (readonly [source: string, tree: string])[]): void => {
  test(title, () => {
    for (const [source, tree] of table) assert.equal(read(source), tree, source)
  })
}

describe('TypeScript and JavaScript', () => {
  rows('literals', [
    ['1_000', '1000'],
    ['0x10', '16'],
    ['10n', '10'],
    ["'a'", '"a"'],
    ['null', 'null'],
    ['true', 'true'],
    ['/a+/g', '/a+/'],
    ['`a`', '"a"'],
    [`\`a\${b}c\``, '`"a", b, "c"`'],
    [`\`\${a}\${b}\``, '`a, b`'],
    [`tag\`x\${y}\``, 'tag(`"x", y`)'],
  ])

  rows('names, members and calls', [
    ['undefined', 'undefined'],
    ['this.x', 'this["x"]'],
    ['super.m()', 'super["m"]()'],
    ['a.b', 'a["b"]'],
    ["a['b']", 'a["b"]'],
    ['a[b]', 'a[b]'],
    ['a?.b', 'a["b"]'],
    ['a?.[b]', 'a[b]'],
    ['a?.()', 'a()'],
    ['a.#b', 'a["#b"]'],
    ['f(a, ...b)', 'f(a, ...b)'],
    ['new F(1)', 'new F(1)'],
    ['new F', 'new F()'],
    ['f<string>(1)', 'f<string<>>(1)'],
    ["import('x')", 'import("x")'],
    ['await f()', 'f()'],
  ])

  rows('operators', [
    ['a == b', '(a === b)'],
    ['a != b', '(a !== b)'],
    ['a === b', '(a === b)'],
    ['a in b', '(a in b)'],
    ['a instanceof B', '(a instanceof B)'],
    ['a ** 2', '(a ** 2)'],
    ['a << 1', '(a << 1)'],
    ['a && b', '(a && b)'],
    ['a || b', '(a || b)'],
    ['a ?? b', '(a ?? b)'],
    ['!a', '(! a)'],
    ['-a', '(- a)'],
    ['typeof a', '(typeof a)'],
    ['void 0', '(void 0)'],
    ['delete a.b', '(delete a["b"])'],
    ['a ? b : c', '(a ? b : c)'],
    ['a++', 'other(a)'],
    ['(a, b)', 'other(a, b)'],
  ])

  rows('lists and objects', [
    ['[...a, 1]', '[...a, 1]'],
    ['[1, , 2]', '[1, null, 2]'],
    ['({ a, b: 1, ...c, [d]: 2, "e": 3, 4: 5 })', '{"a": a, "b": 1, d: 2, "e": 3, 4: 5, ...c}'],
    [
      '({ m() {}, get g() { return 1 }, set s(v) {}, async *n() {} })',
      '{"m": m() {}, "g": g() {return 1}, "s": s(v) {}, "n": async n() {}}',
    ],
  ])

  rows('declarations and assignments', [
    ['let v', 'new v'],
    ['let a = 1, b = 2', 'new a = 1; new b = 2'],
    ['const { a, b: c = 1, ...d } = e', 'new {"a": a, "b": new c = 1, ...d} = e'],
    ['const [x, , y = 2, ...z] = w', 'new [x, null, new y = 2, ...z] = w'],
    ['a = 1', 'a = 1'],
    ['a += 1', 'a = (a + 1)'],
    ['a ||= 1', 'a = (a || 1)'],
    ['a ??= 1', 'a = (a ?? 1)'],
    ['a &&= 1', 'a = (a && 1)'],
    ['a.b = 1', 'a["b"] = 1'],
  ])

  rows('functions', [
    ['(a) => a', 'lambda(a) {return a}'],
    ['async (a, b = 1, ...c) => { return }', 'async lambda(a, b = 1, ...c) {return}'],
    ['({ a, b = 2 }, [c]) => 0', 'lambda({"a": a, "b": new b = 2}, [c]) {return 0}'],
    ['function f(a: string, b?: number): void {}', 'f(a: string<>, b: number<>) -> void<> {}'],
    ['function* g() { yield 1 }', 'g() {other(1)}'],
    ['async function f() {}', 'async f() {}'],
    ['(function named() {})', 'named() {}'],
  ])

  rows('statements', [
    ['if (a) b', 'if a {b} else {}'],
    ['if (a) { b } else if (c) { d } else e', 'if a {b} else {if c {d} else {e}}'],
    ['for (const a of b) { c }', 'other(new a, b, c)'],
    ['for (let i = 0; i < 1; i++) d', 'other(new i = 0, (i < 1), other(i), d)'],
    ['while (a) b', 'other(a, b)'],
    ['do { a } while (b)', 'other(a, b)'],
    ['switch (a) { case 1: b; break; default: c }', 'other(a, other(1, b, other()), other(c))'],
    ['label: a', 'other(label, a)'],
    ['try { a } catch (e) { b } finally { c }', 'try {a} handlers {other(b); other(c)}'],
    ['try { a } catch { b }', 'try {a} handlers {other(b)}'],
    ["throw new Error('x')", 'throw new Error("x")'],
    ['function f() { return }', 'f() {return}'],
    [';', ''],
    ['{ a; b }', 'a; b'],
  ])

  rows('imports', [
    ["import 'a'", 'import a '],
    ["import d from 'a'", 'import a default as d'],
    ["import * as n from 'a'", 'import a * as n'],
    ["import d, { a, b as c } from 'a'", 'import a default as d, a as a, b as c'],
    ["import type { T } from 'a'", 'import a T as T'],
    ["import { default as x } from 'a'", 'import a default as x'],
    ["import { 'a-b' as x } from 'a'", 'import a a-b as x'],
    ["import a = require('a')", 'import a * as a'],
  ])

  rows('exports', [
    ['export default 1', 'export {default: 1}'],
    ['export default function () {}', 'export {default: lambda() {}}'],
    ['export default function f() {}', 'f() {}; export {default: f}'],
    ['export default class A {}', 'class A() {}; export {default: A}'],
    ['export default () => 1', 'export {default: lambda() {return 1}}'],
    ['export { a, b as c }', 'export {a: a, c: b}'],
    ["export { a as default } from 'x'", 'export {default: a} from x'],
    ["export * from 'x'", 'export {*: *} from x'],
    ["export * as n from 'x'", 'export {n: *} from x'],
    ['export const a = 1, b = 2', 'new a = 1; new b = 2; export {a: a, b: b}'],
    ['export const { a, b } = c', 'new {"a": a, "b": b} = c; export {a: a, b: b}'],
    ['export function f() {}', 'f() {}; export {f: f}'],
    ['export class A {}', 'class A() {}; export {A: A}'],
    ['export = a', 'export {default: a}'],
    ['export enum E { A }', 'new E = {"A": 0}; export {E: E}'],
    ['export interface I { a: string }', 'class I() {new a: string<>}; export {I: I}'],
  ])

  rows('CommonJS', [
    ["const a = require('a')", 'import a default as a'],
    ["const { a, b: c } = require('a')", 'import a a as a, b as c'],
    ["const a = require('a').default", 'import a default as a'],
    ["const a = require('a').b", 'new a = require("a")["b"]'],
    ["const { a: { b } } = require('a')", 'new {"a": {"b": b}} = require("a")'],
    ["const a = await import('a')", 'import a default as a'],
    ["const a = require('a')(b)", 'new a = require("a")(b)'],
    ["require('dotenv').config()", 'require("dotenv")["config"]()'],
    ['module.exports = a', 'export {default: a}'],
    ['module.exports = { a, b }', 'export {default: {"a": a, "b": b}}'],
    ['module.exports.a = 1', 'export {a: 1}'],
    ['exports.a = b', 'export {a: b}'],
    ['exports = module.exports = a', 'export {default: a}'],
    ['module.exports = exports = a', 'export {default: a}'],
    ['module.exports.a.b = 1', 'module["exports"]["a"]["b"] = 1'],
  ])

  rows('classes', [
    ['class A extends B {}', 'class A(B) {}'],
    ['class A extends mixin(B) {}', 'class A(mixin(B)) {}'],
    [
      "class A { x = 1; #y: string = 'a'; static z = 2; declare w: number }",
      'class A() {new x = 1; new #y: string<> = "a"; new z = 2; new w: number<>}',
    ],
    ['class A { constructor(private readonly a: B, public b = 1) {} }', 'class A() {constructor(a: B, b = 1) {}}'],
    [
      'class A { m() {} static s() {} get g() { return 1 } set g(v) {} async n() {} #p() { this.#p() } }',
      'class A() {m() {}; static s() {}; get g() {return 1}; set g(v) {}; async n() {}; #p() {this["#p"]()}}',
    ],
    ['class A { static { f() } }', 'class A() {f()}'],
    ['abstract class A { abstract m(): void; abstract x: string }', 'class A() {m() -> void<> {}; new x: string<>}'],
    ['const A = class {}', 'new A = class () {}'],
    ['class A { [k] = 1 }', 'class A() {new k = 1}'],
  ])

  rows('decorators', [
    ['@D() class A {}', '@D() class A() {}'],
    ['@D export class A {}', '@D class A() {}; export {A: A}'],
    ['class A { @P() x: string }', 'class A() {@P() new x: string<>}'],
    [
      "class A { @M('a') m(@Body() b: B, @Query('q') q?: string) {} }",
      'class A() {@M("a") m(@Body() b: B, @Query("q") q: string<>) {}}',
    ],
    ['class A { constructor(@Inject(X) private x: X) {} }', 'class A() {constructor(@Inject(X) x: X) {}}'],
  ])

  rows("TypeScript's declarations", [
    [
      'interface I { a: string; b?: number; c: string[]; m(): void; [k: string]: any }',
      'class I() {new a: string<>; new b: number<>; new c: array<string<>>}',
    ],
    ['interface I extends J {}', 'class I(J) {}'],
    ['type T = string', 'new T: string<>'],
    ['type T = { a: number }', 'class T() {new a: number<>}'],
    ['type T = A & B', 'new T: intersectiontype<>'],
    ["enum E { A, B = 'b', C = 1 + 1 }", 'new E = {"A": 0, "B": "b", "C": (1 + 1)}'],
    ['enum E { A = 5, B }', 'new E = {"A": 5, "B": 6}'],
    ['const enum E { A }', 'new E = {"A": 0}'],
    ['declare function f(): void', 'f() -> void<> {}'],
    ['namespace N { export const a = 1 }', 'other(N, other(new a = 1, export {a: a}))'],
  ])

  rows('types', [
    ['let a: string', 'new a: string<>'],
    ['let a: string[]', 'new a: array<string<>>'],
    ['let a: Array<string>', 'new a: Array[string<>]'],
    ["let a: 'x' | 'y'", 'new a: union<literal<"x">, literal<"y">>'],
    ['let a: Map<string, number>', 'new a: Map[[string<>, number<>]]'],
    ['let a: typeof b', 'new a: typeof<b>'],
    ['let a: typeof b.c', 'new a: typeof<b["c"]>'],
    ['let a: A.B', 'new a: A["B"]'],
    ['let a: { b: string }', 'new a: class () {new b: string<>}'],
    ['let a: (string)', 'new a: string<>'],
    ['let a: Promise<T>', 'new a: Promise[T]'],
    ['let a: null', 'new a: null<>'],
    ['let a: [string, number]', 'new a: tupletype<>'],
    ["let a: T['x']", 'new a: indexedaccesstype<>'],
  ])

  rows('what only types say is taken off', [
    ['a as B', 'a'],
    ['a as const', 'a'],
    ['<B>a', 'a'],
    ['a!', 'a'],
    ['a satisfies B', 'a'],
    ['f<A>', 'f'],
    ['(a as any).b = 1', 'a["b"] = 1'],
  ])

  test('a file is read by its ending', () => {
    for (const [file, text, tree] of [
      ['a.jsx', 'const x = <a/>', 'new x = other(other(other()))'],
      ['a.js', 'const x = <a/>', 'new x = other(other(other()))'],
      ['a.ts', 'const x = <T>y', 'new x = y'],
      ['a.mts', 'const x = <T>y', 'new x = y'],
      ['a.cts', "import a = require('b')", 'import b * as a'],
    ] as const)
      assert.equal(read(text, file), tree, file)
  })

  test('what stands in JSX is read', () => {
    const tree = read('const x = <A b={c()} {...d}>text {e(1)}<B f={() => g()}/></A>', 'a.tsx')
    for (const part of ['c()', 'd', 'e(1)', 'lambda() {return g()}'])
      assert.ok(tree.includes(part), `${part} in ${tree}`)
  })

  test('scripts that are no modules are read as scripts', () => {
    for (const [text, tree] of [
      ['with (a) { b }', 'other(a, b)'],
      ['return 1', 'return 1'],
      ['const a = 010', 'new a = 8'],
      ['const await = 1; module.exports = await', 'new await = 1; export {default: await}'],
      ['#!/usr/bin/env node\na', 'a'],
      ['', ''],
    ] as const)
      assert.equal(read(text, 'a.js'), tree, text)
  })
})

describe('places', () => {
  const texts = (text: string): readonly string[] => {
    const found: string[] = []
    walk(parseJavaScript('a.ts', text).body, (node: Node) => {
      if (node.kind === 'call') found.push(`${node.at.line}: ${text.slice(node.at.start, node.at.end)}`)
    })
    return found
  }

  test('are in lines from 1 and in UTF-16 units, whatever stands before', () => {
    assert.deepEqual(texts('f(1)\n\n  g(2)'), ['1: f(1)', '3: g(2)'])
    assert.deepEqual(texts("const é = '😀'; f('é😀')\r\ng()"), ["1: f('é😀')", '2: g()'])
    assert.deepEqual(texts('\uFEFFf(1)\ng(2)'), ['1: f(1)', '2: g(2)'])
  })
})

describe('what cannot be read', () => {
  test('a broken file is broken, and nothing is thrown', () => {
    for (const text of [
      'const a = {',
      'const b = = 2',
      '\0',
      '<<<<<<< HEAD\nconst a = 1\n=======\n>>>>>>> other',
      'class {',
      '`',
    ])
      assert.deepEqual(
        { broken: parseJavaScript('a.ts', text).broken, body: parseJavaScript('a.ts', text).body },
        { broken: true, body: [] },
        JSON.stringify(text),
      )
  })

  /** Each of these took the whole process down with the parser's stack. */
  const deep: Readonly<Record<string, string>> = {
    'nested parentheses': `${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
    'nested parentheses, with strings that close them': '(")",'.repeat(10_000),
    'nested lists': '['.repeat(100_000),
    'nested objects': `x = ${'{a:'.repeat(50_000)}`,
    'nested blocks': `${'{'.repeat(50_000)}${'}'.repeat(50_000)}`,
    'nested calls': `${'f('.repeat(20_000)}${')'.repeat(20_000)}`,
    'nested arrows': `${'a => '.repeat(50_000)}1`,
    'nested conditions': `${'a ? 1 : '.repeat(40_000)}1`,
    'else if without end': `${'if (a) {} else '.repeat(20_000)}{}`,
    'a sum of many': Array.from({ length: 130_000 }, () => 'a').join('+'),
    'a sum of many, with strings that look like ends': Array.from({ length: 60_000 }, () => 'a+";"').join('+'),
    'a chain of many': `a${'.b'.repeat(130_000)}`,
    'a chain of many calls': `a${'.b()'.repeat(50_000)}`,
    'many signs': `${'!'.repeat(300_000)}1`,
    'nested elements': `x = ${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`,
    'nested types': `let x: ${'A<'.repeat(50_000)}B${'>'.repeat(50_000)}`,
  }
  for (const [what, text] of Object.entries(deep))
    test(`${what} leave a broken module, soon`, () => {
      for (const file of ['a.ts', 'a.js']) {
        const start = performance.now()
        const { broken, body } = parseJavaScript(file, text)
        assert.deepEqual({ broken, body }, { broken: true, body: [] })
        // The trial of one that does not come back is ended after 20 seconds.
        assert.ok(performance.now() - start < 15_000, `${Math.round(performance.now() - start)} ms`)
      }
    })

  test('much that does not nest is read', () => {
    const lines = Array.from(
      { length: 4000 },
      (_, index) => `router.get('/a/${index}', (a, b) => b.json({ c: a.d + ${index} }))`,
    )
    assert.equal(parseJavaScript('a.js', lines.join('\n')).body.length, 4000)
    const data = `x = [${Array.from({ length: 20_000 }, (_, index) => `{ a: -${index}, b: "+++" }`).join()}]`
    assert.equal(parseJavaScript('a.js', data).broken, false)
    const nested = `x = ${'['.repeat(150)}${']'.repeat(150)}`
    assert.equal(parseJavaScript('a.js', nested).broken, false)
  })
})
