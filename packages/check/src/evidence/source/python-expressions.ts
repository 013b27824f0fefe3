/** Python's expressions as the one tree. */

import type { LineOf } from './lines.ts'
import { numberOf, styleOf, textOf } from './python-literals.ts'
import type { Syntax } from './python-syntax.ts'
import type { At, Binary, Call, FunctionNode, Literal, Name, Node, ObjectNode, Parameter } from './tree.ts'

/** The file that is being read. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly lineOf: LineOf
  /** Reads a part of the text as a module of its own, for annotations in quotes; undefined where it isn't Python. */
  readonly part: (start: number, end: number) => Syntax | undefined
  /** What is bound in the function, class or module at hand; Python declares nothing, the first assignment does. */
  scope: Set<string>
}

export const atOf = (source: Source, { start, end }: { start: number; end: number }): At => ({
  file: source.file,
  line: source.lineOf(start),
  start,
  end,
})

export const written = (source: Source, { start, end }: Syntax): string => source.text.slice(start, end)

export const childOf = (syntax: Syntax, field: string): Syntax | undefined =>
  syntax.children.find((child) => child.field === field)

/** The children that are part of the grammar: what could not be read stands among them. */
export const soundOf = (syntax: Syntax): Syntax[] => syntax.children.filter((child) => child.type !== 'ERROR')

/** Anything: what is in it is read, its shape is not. */
export const otherOf = (source: Source, syntax: Syntax): Node => ({
  kind: 'other',
  children: syntax.children.map((child) => expressionOf(source, child)),
  at: atOf(source, syntax),
})

export const nameNode = (source: Source, syntax: Syntax): Name => ({
  kind: 'name',
  name: written(source, syntax),
  at: atOf(source, syntax),
})

const literalOf = (source: Source, syntax: Syntax, value: Literal['value']): Literal => ({
  kind: 'literal',
  value,
  at: atOf(source, syntax),
})

export const listOf = (source: Source, syntax: Syntax, items: readonly Syntax[]): Node => ({
  kind: 'list',
  items: items.map((item) => expressionOf(source, item)),
  at: atOf(source, syntax),
})

/** The names that a target binds. */
export const boundBy = (target: Node): string[] => {
  if (target.kind === 'name') return [target.name]
  if (target.kind === 'list') return target.items.flatMap(boundBy)
  return target.kind === 'spread' ? boundBy(target.operand) : []
}

/** Binds the target's names here; true when one of them is new. */
export const declare = (source: Source, target: Node): boolean => {
  const names = boundBy(target)
  const isNew = names.some((name) => !source.scope.has(name))
  for (const name of names) source.scope.add(name)
  return isNew
}

/** Reads what is a scope of its own. */
export const inScope = <T>(source: Source, names: Iterable<string>, read: () => T): T => {
  const outer = source.scope
  source.scope = new Set(names)
  const result = read()
  source.scope = outer
  return result
}

const interpolated = (source: Source, interpolation: Syntax): Node[] =>
  soundOf(interpolation).flatMap((child) => {
    if (child.type === 'type_conversion') return []
    if (child.type !== 'format_specifier') return [expressionOf(source, child)]
    return child.children.flatMap((format) => format.children.map((inner) => expressionOf(source, inner)))
  })

/** The fixed parts are what stands between the rest: of `r'\\'` the grammar says that it only has an end. */
const partsOf = (source: Source, string: Syntax): Node[] => {
  const [first, last] = [string.children[0], string.children.at(-1)]
  const opening = first?.type === 'string_start' ? written(source, first) : ''
  const style = styleOf(opening)
  const end = last?.type === 'string_end' ? last.end - opening.replace(/^\w+/, '').length : string.end
  const parts: Node[] = []
  let start = string.start + opening.length
  const fixed = (until: number) => {
    const value = textOf(source.text.slice(start, until), style)
    if (until > start) parts.push({ kind: 'literal', value, at: atOf(source, { start, end: until }) })
  }
  for (const child of string.children) {
    if (child.type !== 'interpolation') continue
    fixed(child.start)
    parts.push(...interpolated(source, child))
    start = child.end
  }
  fixed(end)
  return parts
}

/** A string, or adjacent ones, which are one; with expressions in it a template, as in JavaScript. */
const stringOf = (source: Source, syntax: Syntax): Node => {
  const strings = syntax.type === 'string' ? [syntax] : soundOf(syntax)
  const parts = strings.flatMap((string) => partsOf(source, string))
  if (parts.every((part) => part.kind === 'literal') && !strings.some(hasInterpolation))
    return literalOf(source, syntax, parts.map((part) => (part.kind === 'literal' ? part.value : '')).join(''))
  return {
    kind: 'template',
    parts: parts.filter((part) => part.kind !== 'literal' || part.value !== ''),
    at: atOf(source, syntax),
  }
}

const hasInterpolation = (string: Syntax): boolean => string.children.some((child) => child.type === 'interpolation')

const objectOf = (source: Source, syntax: Syntax): ObjectNode => {
  const entries: { key: Node; value: Node }[] = []
  const spreads: Node[] = []
  for (const child of soundOf(syntax)) {
    const [key, value] = child.type === 'pair' ? soundOf(child) : []
    if (key !== undefined && value !== undefined)
      entries.push({ key: expressionOf(source, key), value: expressionOf(source, value) })
    else spreads.push(child.type === 'dictionary_splat' ? operandOf(source, child) : expressionOf(source, child))
  }
  return { kind: 'object', entries, spreads, at: atOf(source, syntax) }
}

const operandOf = (source: Source, syntax: Syntax): Node => {
  const operand = soundOf(syntax)[0]
  return operand === undefined ? otherOf(source, syntax) : expressionOf(source, operand)
}

/** What stands between a call's or a class's parentheses. */
export const argumentsOf = (source: Source, list: Syntax | undefined): Pick<Call, 'args' | 'named'> => {
  if (list === undefined) return { args: [], named: new Map() }
  // f(x for x in y): the generator is the argument.
  if (list.type === 'generator_expression') return { args: [expressionOf(source, list)], named: new Map() }
  const args: Node[] = []
  const named = new Map<string, Node>()
  for (const child of list.children) {
    const [name, value] = child.type === 'keyword_argument' ? soundOf(child) : []
    if (name !== undefined && value !== undefined) named.set(written(source, name), expressionOf(source, value))
    else args.push(expressionOf(source, child))
  }
  return { args, named }
}

const callOf = (source: Source, syntax: Syntax): Node => {
  const callee = childOf(syntax, 'function')
  if (callee === undefined) return otherOf(source, syntax)
  return {
    kind: 'call',
    callee: expressionOf(source, callee),
    ...argumentsOf(source, childOf(syntax, 'arguments')),
    constructs: false,
    typeArgs: [],
    at: atOf(source, syntax),
  }
}

const attributeOf = (source: Source, syntax: Syntax): Node => {
  const object = childOf(syntax, 'object')
  const attribute = childOf(syntax, 'attribute')
  // `request.` at the end of a broken line: the object is still worth reading.
  if (object === undefined || attribute === undefined) return otherOf(source, syntax)
  const property = literalOf(source, attribute, written(source, attribute))
  return { kind: 'member', object: expressionOf(source, object), property, at: atOf(source, syntax) }
}

const subscriptOf = (source: Source, syntax: Syntax): Node => {
  const object = childOf(syntax, 'value')
  const inside = syntax.children.filter((child) => child.field === 'subscript')
  const [first, second] = inside
  if (object === undefined || first === undefined) return otherOf(source, syntax)
  const span = { ...first, end: (inside.at(-1) ?? first).end }
  const property = second === undefined ? expressionOf(source, first) : listOf(source, span, inside)
  return { kind: 'member', object: expressionOf(source, object), property, at: atOf(source, syntax) }
}

const asJavaScript: Readonly<Record<string, string>> = {
  '==': '===',
  is: '===',
  '!=': '!==',
  '<>': '!==',
  'is not': '!==',
}

/** `a < b < c` is `a < b && b < c`; `a not in b` is `!(a in b)`. */
const comparisonOf = (source: Source, syntax: Syntax): Node => {
  const operators = syntax.children.filter((child) => child.field === 'operators')
  const operands = soundOf(syntax).filter((child) => child.field !== 'operators')
  const nodes = operands.map((operand) => expressionOf(source, operand))
  const pairs = operators.flatMap((operator, index): Node[] => {
    const [left, right] = [nodes[index], nodes[index + 1]]
    if (left === undefined || right === undefined) return []
    const at = atOf(source, { start: left.at.start, end: right.at.end })
    if (operator.type !== 'not in')
      return [{ kind: 'binary', operator: asJavaScript[operator.type] ?? operator.type, left, right, at }]
    const within: Binary = { kind: 'binary', operator: 'in', left, right, at }
    return [{ kind: 'unary', operator: '!', operand: within, at }]
  })
  const [first, ...more] = pairs
  if (first === undefined) return otherOf(source, syntax)
  const at = atOf(source, syntax)
  return more.reduce((left, right) => ({ kind: 'logical', operator: '&&', left, right, at }), first)
}

const binaryOf = (source: Source, syntax: Syntax): Node => {
  const [left, operator, right] = ['left', 'operator', 'right'].map((field) => childOf(syntax, field))
  if (left === undefined || operator === undefined || right === undefined) return otherOf(source, syntax)
  const sides = { left: expressionOf(source, left), right: expressionOf(source, right), at: atOf(source, syntax) }
  if (syntax.type === 'boolean_operator')
    return { kind: 'logical', operator: operator.type === 'or' ? '||' : '&&', ...sides }
  return { kind: 'binary', operator: operator.type, ...sides }
}

const unaryOf = (source: Source, syntax: Syntax): Node => {
  const operand = childOf(syntax, 'argument')
  if (operand === undefined) return otherOf(source, syntax)
  const operator = syntax.type === 'not_operator' ? '!' : (childOf(syntax, 'operator')?.type ?? '-')
  return { kind: 'unary', operator, operand: expressionOf(source, operand), at: atOf(source, syntax) }
}

const conditionalOf = (source: Source, syntax: Syntax): Node => {
  const [consequent, test, alternate] = soundOf(syntax).map((child) => expressionOf(source, child))
  if (consequent === undefined || test === undefined || alternate === undefined) return otherOf(source, syntax)
  return { kind: 'conditional', test, consequent, alternate, at: atOf(source, syntax) }
}

/** `x := v`, and `v as x` of a `with`: both bind a name to (about) the value. */
const bindingOf = (source: Source, syntax: Syntax, target: Syntax | undefined, value: Syntax | undefined): Node => {
  if (target === undefined || value === undefined) return otherOf(source, syntax)
  const bound = expressionOf(source, target)
  return {
    kind: 'assign',
    target: bound,
    value: expressionOf(source, value),
    decorators: [],
    declares: declare(source, bound),
    at: atOf(source, syntax),
  }
}

/** A function's parameters; `typeOf` reads their types. */
export const parametersOf = (
  source: Source,
  list: Syntax | undefined,
  typeOf: (source: Source, syntax: Syntax) => Node,
): Parameter[] =>
  (list === undefined ? [] : soundOf(list)).map((syntax) => {
    const target = childOf(syntax, 'name') ?? syntax.children.find((child) => child.field === undefined) ?? syntax
    const inner = syntax.type === 'tuple_pattern' ? syntax : target
    const rest = [syntax, inner].some(
      ({ type }) => type === 'list_splat_pattern' || type === 'dictionary_splat_pattern',
    )
    const keywords = [syntax, inner].some((one) => one.type === 'dictionary_splat_pattern')
    const [type, initial] = [childOf(syntax, 'type'), childOf(syntax, 'value')]
    return {
      target:
        rest && inner.children[0] !== undefined ? expressionOf(source, inner.children[0]) : expressionOf(source, inner),
      ...(type === undefined ? {} : { type: typeOf(source, type) }),
      ...(initial === undefined ? {} : { initial: expressionOf(source, initial) }),
      decorators: [],
      rest,
      ...(keywords ? { keywords } : {}),
    }
  })

const lambdaOf = (source: Source, syntax: Syntax): FunctionNode => {
  const parameters = parametersOf(source, childOf(syntax, 'parameters'), expressionOf)
  const body = childOf(syntax, 'body')
  const names = parameters.flatMap((parameter) => boundBy(parameter.target))
  const value = body === undefined ? undefined : inScope(source, names, () => expressionOf(source, body))
  return {
    kind: 'function',
    parameters,
    body: value === undefined ? [] : [{ kind: 'return', value, at: value.at }],
    decorators: [],
    isAsync: false,
    at: atOf(source, syntax),
  }
}

/** The node of an expression, a pattern, or anything else, whose parts are then read as expressions. */
export const expressionOf = (source: Source, syntax: Syntax): Node => {
  switch (syntax.type) {
    case 'identifier':
      return nameNode(source, syntax)
    case 'dotted_name':
      return dottedOf(source, syntax)
    case 'integer':
    case 'float': {
      const value = numberOf(written(source, syntax))
      return value === undefined ? otherOf(source, syntax) : literalOf(source, syntax, value)
    }
    case 'true':
    case 'false':
      return literalOf(source, syntax, syntax.type === 'true')
    case 'none':
      return literalOf(source, syntax, null)
    case 'ellipsis':
      return { kind: 'name', name: 'Ellipsis', at: atOf(source, syntax) }
    case 'string':
    case 'concatenated_string':
      return stringOf(source, syntax)
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
      return listOf(source, syntax, syntax.children)
    case 'dictionary':
      return objectOf(source, syntax)
    case 'parenthesized_expression':
    case 'await':
    case 'type':
    case 'as_pattern_target':
    case 'case_pattern':
      return syntax.children.length === 1 ? operandOf(source, syntax) : otherOf(source, syntax)
    case 'call':
      return callOf(source, syntax)
    case 'attribute':
      return attributeOf(source, syntax)
    case 'subscript':
      return subscriptOf(source, syntax)
    case 'list_splat':
    case 'list_splat_pattern':
    case 'dictionary_splat':
    case 'dictionary_splat_pattern':
      return { kind: 'spread', operand: operandOf(source, syntax), at: atOf(source, syntax) }
    case 'comparison_operator':
      return comparisonOf(source, syntax)
    case 'binary_operator':
    case 'boolean_operator':
      return binaryOf(source, syntax)
    case 'not_operator':
    case 'unary_operator':
      return unaryOf(source, syntax)
    case 'conditional_expression':
      return conditionalOf(source, syntax)
    case 'named_expression':
      return bindingOf(source, syntax, childOf(syntax, 'name'), childOf(syntax, 'value'))
    case 'as_pattern': {
      const alias = childOf(syntax, 'alias')
      return bindingOf(
        source,
        syntax,
        alias,
        soundOf(syntax).find((child) => child !== alias),
      )
    }
    case 'lambda':
      return lambdaOf(source, syntax)
    default:
      return otherOf(source, syntax)
  }
}

/** `a.b.c` of a pattern. */
const dottedOf = (source: Source, syntax: Syntax): Node => {
  const [first, ...more] = soundOf(syntax)
  if (first === undefined) return otherOf(source, syntax)
  return more.reduce(
    (object, one): Node => ({
      kind: 'member',
      object,
      property: literalOf(source, one, written(source, one)),
      at: atOf(source, { start: syntax.start, end: one.end }),
    }),
    nameNode(source, first),
  )
}
