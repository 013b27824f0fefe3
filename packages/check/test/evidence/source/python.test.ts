import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { openPython } from '../../../src/evidence/source/python.ts'
import type { Module, Node, Parameter } from '../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

const all = (nodes: readonly Node[], open = '', close = ''): string => open + nodes.map(shown).join(', ') + close
const block = (nodes: readonly Node[]): string => `{${nodes.map(shown).join('; ')}}`
const pairs = (named: ReadonlyMap<string, Node>): string[] =>
  [...named].map(([name, value]) => `${name}=${shown(value)}`)
const decorated = (decorators: readonly Node[]): string => decorators.map((one) => `@${shown(one)} `).join('')
const parameter = ({ target, type, initial, rest }: Parameter): string =>
  `${rest ? '...' : ''}${shown(target)}${type ? `: ${shown(type)}` : ''}${initial ? ` = ${shown(initial)}` : ''}`

/** A node in one line, so that a test reads as what goes in and what comes out. */
const shown = (node: Node): string => {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value)
    case 'template':
      return all(node.parts, '`', '`')
    case 'pattern':
      return node.source
    case 'name':
      return node.name
    case 'member':
      return `${shown(node.object)}[${shown(node.property)}]`
    case 'call':
      return `${shown(node.callee)}(${[...node.args.map(shown), ...pairs(node.named)].join(', ')})`
    case 'binary':
    case 'logical':
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`
    case 'unary':
      return `(${node.operator} ${shown(node.operand)})`
    case 'conditional':
      return `(${shown(node.test)} ? ${shown(node.consequent)} : ${shown(node.alternate)})`
    case 'list':
      return all(node.items, '[', ']')
    case 'object': {
      const entries = node.entries.map(({ key, value }) => `${shown(key)}: ${shown(value)}`)
      return `{${[...entries, ...node.spreads.map((one) => `...${shown(one)}`)].join(', ')}}`
    }
    case 'spread':
      return `...${shown(node.operand)}`
    case 'function': {
      const words = [
        node.isAsync ? 'async ' : '',
        node.role === undefined ? '' : `${node.role} `,
        node.name ?? 'lambda',
      ]
      const returns = node.returns === undefined ? '' : ` -> ${shown(node.returns)}`
      return `${decorated(node.decorators)}${words.join('')}(${node.parameters.map(parameter).join(', ')})${returns} ${block(node.body)}`
    }
    case 'class': {
      const bases = [...node.bases.map(shown), ...pairs(node.named)].join(', ')
      return `${decorated(node.decorators)}class ${node.name}(${bases}) ${block(node.members)}`
    }
    case 'assign': {
      const type = node.type === undefined ? '' : `: ${shown(node.type)}`
      const value = node.value === undefined ? '' : ` = ${shown(node.value)}`
      return `${node.declares ? 'new ' : ''}${shown(node.target)}${type}${value}`
    }
    case 'import':
      return `import ${node.from} ${node.names.map(({ imported, local }) => `${imported} as ${local}`).join(', ')}`
    case 'export':
      return 'export'
    case 'if':
      return `if ${shown(node.test)} ${block(node.consequent)} else ${block(node.alternate)}`
    case 'return':
    case 'throw':
      return node.value === undefined ? node.kind : `${node.kind} ${shown(node.value)}`
    case 'try':
      return `try ${block(node.body)} handlers ${block(node.handlers)}`
    case 'type':
      return `${node.name}<${all(node.args)}>`
    case 'other':
      return all(node.children, 'other(', ')')
  }
}

const read = (text: string): string => {
  const module = parse('app/main.py', text)
  assert.equal(module.broken, false, text)
  return module.body.map(shown).join('; ')
}

/** Each line of Python and what it is. */
const rows = (title: string, table: readonly (readonly [python: string, tree: string])[]): void => {
  test(title, () => {
    for (const [python, tree] of table) assert.equal(read(`${python}\n`), tree, python)
  })
}

describe('Python expressions', () => {
  rows('numbers and constants', [
    ['1_000', '1000'],
    ['0xFF', '255'],
    ['0o17', '15'],
    ['0b1_0', '2'],
    ['1.5e3', '1500'],
    ['1_0.5', '10.5'],
    ['.5', '0.5'],
    ['2j', 'other()'],
    ['True', 'true'],
    ['False', 'false'],
    ['None', 'null'],
    ['...', 'Ellipsis'],
  ])

  rows('strings', [
    ["'a'", '"a"'],
    ["''", '""'],
    [String.raw`'a\n\x41\u00e9\U0001F600\101\'\q'`, JSON.stringify("a\nAé😀A'\\q")],
    [String.raw`r'\d\n'`, String.raw`"\\d\\n"`],
    [String.raw`b'\x00\u0041'`, String.raw`"\u0000\\u0041"`],
    [String.raw`r'\\'`, String.raw`"\\\\"`],
    [String.raw`Rb'\n'`, String.raw`"\\n"`],
    ["'''a\n'b' \"c\"'''", JSON.stringify('a\n\'b\' "c"')],
    ["'a\\\nb'", '"ab"'],
    [`'a' "b" 'c'`, '"abc"'],
    [`('a'\n  # why\n  'b')`, '"ab"'],
    [`f'no {{value}}'`, '"no {value}"'],
    [`'{{x}}'`, '"{{x}}"'],
  ])

  rows('f-strings are templates', [
    [`f'a{b}c'`, '`"a", b, "c"`'],
    [`f'{a!r:>{width}}{{}}\\n'`, '`a, width, "{}\\n"`'],
    [`f"{a['k']}{f(1)=}"`, '`a["k"], f(1)`'],
    [`f"{d["k"]}"`, '`d["k"]`'],
    [`'x' f'{y}' "z"`, '`"x", y, "z"`'],
    [`rf'\\d{x}'`, '`"\\\\d", x`'],
  ])

  rows('lists, dicts, comprehensions', [
    ['[1, *a, 2]', '[1, ...a, 2]'],
    ['(1,)', '[1]'],
    ['()', '[]'],
    ['(1)', '1'],
    ['{1, 2}', '[1, 2]'],
    ['1, 2', '[1, 2]'],
    ['[1, # one\n 2]', '[1, 2]'],
    [`{'a': 1, b: 2, **c, **d()}`, '{"a": 1, b: 2, ...c, ...d()}'],
    ['{}', '{}'],
    ['[f(x) for x in y if z]', 'other(f(x), other(x, y), other(z))'],
    ['{k: v for k, v in y}', 'other(other(k, v), other([k, v], y))'],
    ['any(x for x in y)', 'any(other(x, other(x, y)))'],
  ])

  rows('calls and members', [
    ['f(1, *a, b=2, **c)', 'f(1, ...a, ...c, b=2)'],
    ['a.b.c', 'a["b"]["c"]'],
    ["a['k'](x)", 'a["k"](x)'],
    ['a[1, 2]', 'a[[1, 2]]'],
    ['a[1:n]', 'a[other(1, n)]'],
    ['self.x', 'self["x"]'],
    ['print("x")', 'print("x")'],
  ])

  rows('operators', [
    ['60 * 24 * 8', '((60 * 24) * 8)'],
    ['a // b ** c', '(a // (b ** c))'],
    ['a == b', '(a === b)'],
    ['a is None', '(a === null)'],
    ['a != b', '(a !== b)'],
    ['a is not b', '(a !== b)'],
    ['a in b', '(a in b)'],
    ['a not in b', '(! (a in b))'],
    ['0 < a <= 9', '((0 < a) && (a <= 9))'],
    ['a or b and not c', '(a || (b && (! c)))'],
    ['-1', '(- 1)'],
    ['~a', '(~ a)'],
    ['a if b else c', '(b ? a : c)'],
    ['(n := f())', 'new n = f()'],
    ['lambda a, *b, c=1: a', 'lambda(a, ...b, c = 1) {return a}'],
    ['lambda: 1', 'lambda() {return 1}'],
    ['await f(x)', 'f(x)'],
  ])
})

describe('Python statements', () => {
  rows('functions', [
    ['def f(): pass', 'f() {}'],
    [
      'async def f(a, b: int, /, c=1, *, d: str = "x", **kw: int) -> list[int]:\n  return a',
      'async f(a, b: int, c = 1, d: str = "x", ...kw: int) -> list[int] {return a}',
    ],
    ['def f(*args: str, self=None): return', 'f(...args: str, self = null) {return}'],
    ['@app.get("/x", tags=["a"])\n@auth\ndef f(): ...', '@app["get"]("/x", tags=["a"]) @auth f() {Ellipsis}'],
  ])

  rows('classes', [
    [
      'class A(B, c.D[int], extra="forbid"):\n  """Doc."""\n  x: int\n  y: str = "a"\n  z = 1\n  def f(self): return self.x',
      'class A(B, c["D"][int], extra="forbid") {"Doc."; new x: int; new y: str = "a"; new z = 1; f(self) {return self["x"]}}',
    ],
    [
      'class A:\n  @staticmethod\n  def a(): pass\n  @property\n  def b(self): pass\n  @b.setter\n  def b(self, v): pass',
      'class A() {@staticmethod static a() {}; @property get b(self) {}; @b["setter"] set b(self, v) {}}',
    ],
    [
      '@dataclass(frozen=True)\nclass A:\n  class Config:\n    extra = "forbid"',
      '@dataclass(frozen=true) class A() {class Config() {new extra = "forbid"}}',
    ],
  ])

  rows('assignments: the first declares', [
    ['x = 1\nx = 2', 'new x = 1; x = 2'],
    ['x: int', 'new x: int'],
    ['a, *b = c', 'new [a, ...b] = c'],
    ['(a, [b]) = c', 'new [a, [b]] = c'],
    ['x = 1,', 'new x = [1]'],
    ['a = b = 1', 'new a = new b = 1'],
    ['x = 1\nx += 2', 'new x = 1; x = (x + 2)'],
    ['x //= 2', 'x = (x // 2)'],
    ['a.b = 1', 'a["b"] = 1'],
    ["a['k'] = 1", 'a["k"] = 1'],
    ['x = 1\ndef f(a):\n  x = 2\n  a = 3', 'new x = 1; f(a) {new x = 2; a = 3}'],
    ['def f():\n  global x\n  x = 2', 'f() {other(x); x = 2}'],
    ['type Id = int | str', 'new Id = union<int, str>'],
  ])

  rows('imports', [
    ['import a', 'import a * as a'],
    ['import a.b', 'import a.b * as a'],
    ['import a.b as c, d', 'import a.b * as c; import d * as d'],
    ['from a.b import c', 'import a.b c as c'],
    ['from . import x', 'import . x as x'],
    ['from ..a import (b as c,\n  d)', 'import ..a b as c, d as d'],
    ['from x import *', 'import x * as *'],
    ['from __future__ import annotations', 'import __future__ annotations as annotations'],
  ])

  rows('control', [
    ['if a: b\nelif c: d\nelse: e', 'if a {b} else {if c {d} else {e}}'],
    ['if a:\n  pass', 'if a {} else {}'],
    ['if (m := f()): m', 'if new m = f() {m} else {}'],
    ['raise E(1) from e', 'throw E(1)'],
    ['raise', 'throw'],
    ['return 1, 2', 'return [1, 2]'],
    [
      'try:\n  a\nexcept (B, C) as e:\n  d\nexcept:\n  pass\nelse:\n  f\nfinally:\n  g',
      'try {a; f} handlers {other([B, C], new e, d); other(); other(g)}',
    ],
    ['with a() as b, c: d', 'other(new b = a(), c, d)'],
    ['with (a() as b,): d', 'other([new b = a()], d)'],
    ['async with a: b', 'other(a, b)'],
    ['for i, j in x: y\nelse: z', 'other(new [i, j], x, y, z)'],
    ['while a: break', 'other(a, other())'],
    [
      'match a:\n  case B(c=1) if d:\n    return e\n  case _: f',
      'other(a, other(other(B, other(c, 1)), d, return e), other(other(), f))',
    ],
    ['def f():\n  yield a\n  b = yield', 'f() {other(a); new b = other()}'],
    ['assert a, "b"', 'other(a, "b")'],
    ['del a.b', '(delete a["b"])'],
  ])

  rows('types', [
    ['x: str | int | None', 'new x: union<str, int, null>'],
    ['x: Optional[str]', 'new x: Optional[str]'],
    ['x: dict[str, list[int] | None]', 'new x: dict[[str, union<list[int], null>]]'],
    ['x: t.Optional[a.B]', 'new x: t["Optional"][a["B"]]'],
    ['x: Annotated[str, Field(max_length=5)]', 'new x: Annotated[[str, Field(max_length=5)]]'],
    ['x: Annotated[str | None, "doc"]', 'new x: Annotated[[union<str, null>, "doc"]]'],
    ['x: Literal["a", "b"]', 'new x: Literal[["a", "b"]]'],
    ['x: Callable[[int], "A"]', 'new x: Callable[[[int], A]]'],
    ['x: "list[A] | None"', 'new x: union<list[A], null>'],
    ['x: "not a type"', 'new x: "not a type"'],
    ['x: List["User"] = []', 'new x: List[User] = []'],
    ['x: constr(min_length=1)', 'new x: constr(min_length=1)'],
  ])
})

describe('where a node stands', () => {
  test('offsets are UTF-16 units and lines start from 1', () => {
    const text = '# é😀\ns = "é😀"; key = sign(payload)\r\n\r\nx: "é.User" = "😀"\n'
    const module = parse('app/main.py', text)
    const [first, second, third] = module.body
    assert.ok(first?.kind === 'assign' && second?.kind === 'assign' && third?.kind === 'assign')
    const call = second.value
    assert.ok(call?.kind === 'call')
    assert.equal(text.slice(call.at.start, call.at.end), 'sign(payload)')
    assert.deepEqual(call.at, { file: 'app/main.py', line: 2, start: text.indexOf('sign'), end: text.indexOf(')') + 1 })
    assert.equal(third.at.line, 4)
    // A type in quotes is read by itself and still stands where it is.
    assert.ok(third.type?.kind === 'member')
    assert.equal(text.slice(third.type.at.start, third.type.at.end), 'é.User')
    assert.equal(third.type.at.line, 4)
  })

  test('a decorated function starts at its decorator', () => {
    const [, node] = parse('a.py', 'x\n@a\ndef f():\n  pass\n').body
    assert.equal(node?.at.line, 2)
  })
})

describe('what is not Python', () => {
  test('leaves the rest readable', () => {
    const module = parse('a.py', 'import os\ndef f(:\n  x = 1\nkey = os.getenv("K")\n')
    assert.equal(module.broken, true)
    const text = module.body.map(shown).join('; ')
    assert.match(text, /^import os \* as os/)
    assert.match(text, /getenv/)
  })

  test('half a line is no crash', () => {
    for (const text of [
      'a.',
      'f(',
      'x = ',
      'if',
      'class',
      '@',
      'def',
      'f"{',
      '"""',
      'a[',
      'lambda',
      'from',
      'x: ',
      '}',
      '\0',
      'a if b',
      'try:',
    ])
      assert.equal(parse('a.py', text).file, 'a.py', text)
  })

  test('an empty file is whole', () => {
    assert.deepEqual([parse('a.py', '').body, parse('a.py', '').broken], [[], false])
    assert.equal(parse('a.py', '\uFEFFx = 1\n').body[0]?.at.start, 1)
  })

  test('what nests without end is cut off, and the rest is there', () => {
    const inside: readonly (readonly [string, string])[] = [
      ['(', ')'],
      ['[', ']'],
      ['f(', ')'],
      ['{1: ', '}'],
      ['not ', ''],
      ['-', ''],
      ['lambda: ', ''],
      ['x.y[', ']'],
    ]
    for (const [open, close] of inside) {
      const module = parse('a.py', `a = 1\nb = ${open.repeat(10_000)}1${close.repeat(10_000)}\nc = 2\n`)
      assert.equal(module.broken, true, open)
      const around = [module.body.at(0), module.body.at(-1)].map((node) => node && shown(node))
      assert.deepEqual(around, ['new a = 1', 'new c = 2'], open)
    }
    const types = parse('a.py', `x: ${'list['.repeat(5000)}int${']'.repeat(5000)}\ny = 1\n`)
    assert.equal(types.broken, true)
    const blocks = Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}if a:\n`).join('')
    assert.equal(parse('a.py', `${blocks}${' '.repeat(2000)}b\n`).broken, true)
    // Whole, but told flat.
    assert.equal(parse('a.py', `if a: b\n${'elif c: d\n'.repeat(10_000)}`).body[0]?.kind, 'other')
  })
})

test('parsing leaves no memory behind', () => {
  const text = 'def f(a: "A | None" = None) -> dict[str, int]:\n  return {"a": [x for x in a], "b": f"{a}"}\n'.repeat(
    50,
  )
  for (let index = 0; index < 20; index += 1) parse('a.py', text)
  // The wasm's memory is counted here; 120 trees that are not deleted are 40 MB.
  const start = process.memoryUsage().external
  for (let index = 0; index < 120; index += 1) parse('a.py', text)
  assert.ok(process.memoryUsage().external - start < 16_000_000)
})
