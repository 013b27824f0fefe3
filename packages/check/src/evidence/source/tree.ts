/**
 * The one tree that rules and frameworks read, whatever the language: what TypeScript, JavaScript and Python have in common, with
 * the rest as `other`. Each node knows where it stands.
 */
export interface At {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Offsets in UTF-16 units of the file's text. */
  readonly start: number
  readonly end: number
}

export interface Literal {
  readonly kind: 'literal'
  readonly value: string | number | boolean | null
  readonly at: At
}
/** A template literal or an f-string; its fixed parts are literals. */
export interface Template {
  readonly kind: 'template'
  readonly parts: readonly Node[]
  readonly at: At
}
/** A regular expression literal. */
export interface Pattern {
  readonly kind: 'pattern'
  readonly source: string
  readonly at: At
}
/** An identifier; `this` and Python's `self` are names too. */
export interface Name {
  readonly kind: 'name'
  readonly name: string
  readonly at: At
}
/** `object.property` and `object[property]`; a property that isn't computed is a literal string. Optional chaining is the same. */
export interface Member {
  readonly kind: 'member'
  readonly object: Node
  readonly property: Node
  readonly at: At
}
/** A call, or `new`. Python's keyword arguments are in `named`; a spread (`...x`, `*x`, `**x`) is a `spread` node among the args. */
export interface Call {
  readonly kind: 'call'
  readonly callee: Node
  readonly args: readonly Node[]
  readonly named: ReadonlyMap<string, Node>
  /** With `new`. */
  readonly constructs: boolean
  /** TypeScript's `<T>` after the callee. */
  readonly typeArgs: readonly Node[]
  readonly at: At
}
/** `+ - * / % **`, comparisons and `in`, as JavaScript writes them (Python's `==` and `is` are `===`). */
export interface Binary {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: Node
  readonly right: Node
  readonly at: At
}
/** `||`, `??`, `&&`; Python's `or` and `and` are `||` and `&&`. */
export interface Logical {
  readonly kind: 'logical'
  readonly operator: '||' | '??' | '&&'
  readonly left: Node
  readonly right: Node
  readonly at: At
}
/** `!` (Python's `not`), `-`, `+`, `typeof` … */
export interface Unary {
  readonly kind: 'unary'
  readonly operator: string
  readonly operand: Node
  readonly at: At
}
export interface Conditional {
  readonly kind: 'conditional'
  readonly test: Node
  readonly consequent: Node
  readonly alternate: Node
  readonly at: At
}
/** An array, list, tuple or set. As a pattern on the left of an assignment: destructuring. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly Node[]
  readonly at: At
}
/** An object or dict. Methods are entries whose value is a function. A spread is a `spread` node in `entries`' place: see `spreads`. */
export interface ObjectNode {
  readonly kind: 'object'
  readonly entries: readonly { readonly key: Node; readonly value: Node }[]
  readonly spreads: readonly Node[]
  readonly at: At
}
export interface Spread {
  readonly kind: 'spread'
  readonly operand: Node
  readonly at: At
}
export interface Parameter {
  /** The name, or the pattern that takes it apart. */
  readonly target: Node
  readonly type?: Node
  readonly initial?: Node
  readonly decorators: readonly Node[]
  /** `...rest`, `*args`, `**kwargs`. */
  readonly rest: boolean
  /** Python's `**kwargs`: what is given by name and has no parameter of its own. */
  readonly keywords?: true
  /** TypeScript's `constructor(readonly id: string)`: it is a field of the class as well. */
  readonly field?: true
}
/** A function, arrow, method or lambda. An arrow's bare expression is a `return` in the body. Methods carry their name. */
export interface FunctionNode {
  readonly kind: 'function'
  readonly name?: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Node[]
  readonly decorators: readonly Node[]
  readonly returns?: Node
  readonly isAsync: boolean
  /** Of a class's member: static, get, set; undefined for a plain one. */
  readonly role?: 'static' | 'get' | 'set'
  readonly at: At
}
/** A class; fields are `assign` nodes, methods `function` nodes. TypeScript's interfaces are classes too, of only typed fields. */
export interface ClassNode {
  readonly kind: 'class'
  readonly name?: string
  /** What it extends; Python's keyword arguments (`extra='forbid'`) are in `named`. */
  readonly bases: readonly Node[]
  readonly named: ReadonlyMap<string, Node>
  readonly decorators: readonly Node[]
  readonly members: readonly Node[]
  readonly at: At
}
/** A declaration, field or assignment; `x: T = v` has all three. The target may be a list or object that takes it apart. */
export interface Assign {
  readonly kind: 'assign'
  readonly target: Node
  readonly value?: Node
  readonly type?: Node
  readonly decorators: readonly Node[]
  /** `const`, `let`, a field, or Python's first assignment; false for an assignment to what exists, `=` or `+=`. */
  readonly declares: boolean
  readonly at: At
}
/** `import d, { a as b }, * as n from 'x'`, `from x import a as b`, `import x.y as z`, `const { a } = require('x')`. */
export interface Import {
  readonly kind: 'import'
  /** As written, Python's leading dots included. */
  readonly from: string
  /** `imported` is a name, `default` or `*` (the module itself). */
  readonly names: readonly { readonly imported: string; readonly local: string }[]
  readonly at: At
}
/** `export { a as b }`, `export default x`, `export * from`, `module.exports = x` (as `default`), `exports.a = x`. */
export interface Export {
  readonly kind: 'export'
  readonly names: readonly { readonly exported: string; readonly value: Node }[]
  /** `export … from 'x'`; `*` alone re-exports everything. */
  readonly from?: string
  readonly at: At
}
export interface If {
  readonly kind: 'if'
  readonly test: Node
  readonly consequent: readonly Node[]
  readonly alternate: readonly Node[]
  readonly at: At
}
export interface Return {
  readonly kind: 'return'
  readonly value?: Node
  readonly at: At
}
export interface Throw {
  readonly kind: 'throw'
  readonly value?: Node
  readonly at: At
}
export interface Try {
  readonly kind: 'try'
  readonly body: readonly Node[]
  readonly handlers: readonly Node[]
  readonly at: At
}
/** TypeScript's and Python's types that aren't plain names: `T[]`, `A | B`, `Annotated[T, x]` is a `member` with a list. */
export interface TypeNode {
  readonly kind: 'type'
  /** 'array', 'union', 'literal', 'record' or the language's own word. */
  readonly name: string
  readonly args: readonly Node[]
  readonly at: At
}
/** Anything else; its children are walked. Loops, `await`, `with`, `yield` … (`await x` is `x` itself). */
export interface Other {
  readonly kind: 'other'
  readonly children: readonly Node[]
  readonly at: At
}

export type Node =
  | Literal
  | Template
  | Pattern
  | Name
  | Member
  | Call
  | Binary
  | Logical
  | Unary
  | Conditional
  | List
  | ObjectNode
  | Spread
  | FunctionNode
  | ClassNode
  | Assign
  | Import
  | Export
  | If
  | Return
  | Throw
  | Try
  | TypeNode
  | Other

export type Language = 'javascript' | 'python'

/** A parsed file. */
export interface Module {
  /** Its path from the project's folder, with `/`. */
  readonly file: string
  readonly language: Language
  readonly text: string
  readonly body: readonly Node[]
  /** What the parser could not read, if anything; the rest is still there. */
  readonly broken: boolean
}
