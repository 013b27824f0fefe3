/** Python's annotations as the one tree. */
import { atOf, childOf, expressionOf, nameNode, type Source, soundOf, written } from './python-expressions.ts'
import type { Syntax } from './python-syntax.ts'
import type { Node } from './tree.ts'

/** `A | B | None`, however deep on the left. */
const alternativesOf = (syntax: Syntax): Syntax[] => {
  const inner = syntax.type === 'type' ? (soundOf(syntax)[0] ?? syntax) : syntax
  if (inner.type === 'union_type') return soundOf(inner).flatMap(alternativesOf)
  const [left, operator, right] = inner.type === 'binary_operator' ? inner.children : []
  return operator?.type === '|' && left && right ? [...alternativesOf(left), ...alternativesOf(right)] : [inner]
}

/** What stands in the brackets: types, but Literal has values and Annotated has one type and then values. */
const argumentOf = (source: Source, base: string, syntax: Syntax, index: number): Node =>
  base === 'Literal' || (base === 'Annotated' && index > 0) ? expressionOf(source, syntax) : typeOf(source, syntax)

const genericOf = (source: Source, whole: Syntax, base: Syntax, args: readonly Syntax[]): Node => {
  const word = written(source, base).split('.').at(-1) ?? ''
  const nodes = args.map((arg, index) => argumentOf(source, word, arg, index))
  const [first, last] = [args[0], args.at(-1)]
  const at = atOf(source, first && last ? { start: first.start, end: last.end } : whole)
  // Annotated's property is always a list, as are several arguments.
  const property: Node = nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'list', items: nodes, at }
  return { kind: 'member', object: expressionOf(source, base), property, at: atOf(source, whole) }
}

/** 'User' in quotes, where a class is not there yet. */
const quotedOf = (source: Source, syntax: Syntax): Node => {
  const [opening, content] = syntax.children
  const isPlain = opening?.end === (opening?.start ?? 0) + 1 && content?.type === 'string_content'
  const inside = isPlain && content !== undefined ? written(source, content) : '\\'
  // An escape would shift what comes after it; a line end would end the statement.
  if (content === undefined || /[\\\n]/.test(inside) || syntax.children.length !== 3)
    return expressionOf(source, syntax)
  const statement = source.part(content.start, content.end)?.children
  const expression = statement?.length === 1 ? statement[0]?.children : undefined
  return expression?.length === 1 && expression[0] ? typeOf(source, expression[0]) : expressionOf(source, syntax)
}

export const typeOf = (source: Source, syntax: Syntax): Node => {
  const inner = soundOf(syntax)
  switch (syntax.type) {
    case 'type':
    case 'parenthesized_expression':
      return inner.length === 1 && inner[0] ? typeOf(source, inner[0]) : expressionOf(source, syntax)
    case 'union_type':
    case 'binary_operator': {
      const alternatives = alternativesOf(syntax)
      if (alternatives.length === 1) return expressionOf(source, syntax)
      const args = alternatives.map((one) => typeOf(source, one))
      return { kind: 'type', name: 'union', args, at: atOf(source, syntax) }
    }
    case 'generic_type': {
      const [base, parameters] = inner
      if (base === undefined) return expressionOf(source, syntax)
      return genericOf(source, syntax, base, parameters === undefined ? [] : soundOf(parameters))
    }
    case 'subscript': {
      const base = childOf(syntax, 'value')
      const args = syntax.children.filter((child) => child.field === 'subscript')
      return base === undefined ? expressionOf(source, syntax) : genericOf(source, syntax, base, args)
    }
    case 'member_type': {
      const [object, property] = inner
      if (object === undefined || property === undefined) return expressionOf(source, syntax)
      const { name, at } = nameNode(source, property)
      return {
        kind: 'member',
        object: typeOf(source, object),
        property: { kind: 'literal', value: name, at },
        at: atOf(source, syntax),
      }
    }
    case 'list':
      // Callable[[int], str]
      return { kind: 'list', items: inner.map((one) => typeOf(source, one)), at: atOf(source, syntax) }
    case 'string':
      return quotedOf(source, syntax)
    default:
      return expressionOf(source, syntax)
  }
}
