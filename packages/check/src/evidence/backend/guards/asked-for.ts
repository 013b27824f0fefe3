/** Tests that fall as whoever calls wants them to. */
import {
  type Call,
  type FunctionNode,
  isFixed,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
} from '../../source/index.ts'
import { listIn } from '../known-lists.ts'
import type { Reading } from '../reading.ts'
import { isAmong, isWritten, namesText } from './written-by-caller.ts'

/**
 * Whoever calls writes it: `req.headers['x-internal']`, `req.query.debug === '1'`, `request.headers.get("X-Internal")`.
 *
 * @param reading without it, lists and functions that the program keeps elsewhere are not known
 */
export const isAsked = (node: Node, scope: Scope, reading?: Reading): boolean =>
  asks(node, { scope, reading, depth: 0 })

interface Asking {
  readonly scope: Scope
  readonly reading: Reading | undefined
  readonly depth: number
  /** What is called for each text of a list: its parameter is as good as that text. */
  readonly turn?: FunctionNode
}

const asks = (node: Node, asking: Asking): boolean => {
  const { scope, reading } = asking
  if (node.kind === 'unary') return node.operator === '!' && asks(node.operand, asking)
  if (isAmong(node, scope, (one) => !namesText(one))) return true
  if (node.kind === 'logical') {
    const sides = [node.left, node.right].map((one) => asks(one, asking))
    if (node.operator !== '&&') return sides.some(Boolean)
    // `req.method === 'GET' && req.query.preview`: whoever reads may ask for it.
    return sides.some(Boolean) && [node.left, node.right].every((one, index) => sides[index] || asksMethod(one))
  }
  if (node.kind === 'binary') {
    const { left, right, operator } = node
    if (operator === 'in') return isWritten(left, scope) && isListed(reading, right, scope)
    const compares = (one: Node, other: Node): boolean => isText(other, asking) && isWritten(one, scope)
    return /^[!=]==$/.test(operator) && (compares(left, right) || compares(right, left))
  }
  return (node.kind === 'call' && asksInCall(node, asking)) || isWritten(node, scope)
}

const asksInCall = ({ callee, args }: Call, asking: Asking): boolean => {
  const { scope, reading } = asking
  const [first] = args
  const name = lastName(callee) ?? ''
  const object = callee.kind === 'member' ? callee.object : undefined
  // `req.get('user-agent')?.includes('kube-probe')`
  if (object !== undefined && COMPARES.test(name) && isWritten(object, scope))
    return args.every((one) => isText(one, asking) || one.kind === 'pattern')
  if (object !== undefined && first !== undefined) {
    // `/kube-probe/.test(req.get('user-agent'))`, `ORIGINS.includes(req.headers.origin)`
    if (name === 'test') return isWritten(first, scope) && isPattern(reading, object, scope)
    if (/^(?:includes|has)$/.test(name) && isWritten(first, scope)) return isListed(reading, object, scope)
    if (name === 'some' && first.kind === 'function')
      return isListed(reading, object, scope) && answersAsked(first, { ...asking, turn: first })
  }
  const called = reading?.evaluator.value(callee, scope)
  return called?.kind === 'function' && answersAsked(called.node, { ...asking, scope: called.scope })
}

/** `const isInternal = (req) => req.headers['x-internal'] === '1'` */
const answersAsked = ({ body: [only, ...more] }: FunctionNode, asking: Asking): boolean => {
  if (only?.kind !== 'return' || only.value === undefined || more.length > 0 || asking.depth > 2) return false
  const scope = asking.reading?.program.scopeOf(only.value) ?? asking.scope
  return asks(only.value, { ...asking, scope, depth: asking.depth + 1 })
}

const isText = (node: Node, { scope, turn }: Asking): boolean => {
  const [binding] = node.kind === 'name' && turn !== undefined ? lookup(scope, node.name) : []
  return isFixed(node) || (binding?.kind === 'parameter' && binding.node === turn)
}

const isPattern = (reading: Reading | undefined, node: Node, scope: Scope): boolean =>
  node.kind === 'pattern' || reading?.evaluator.value(node, scope).kind === 'pattern'

/** Texts that stand in the source: who reads them may send them. */
const isListed = (reading: Reading | undefined, node: Node, scope: Scope): boolean => {
  const list = reading && listIn(reading, reading.evaluator.value(node, scope))
  return (
    list !== undefined &&
    list.length > 0 &&
    list.flatMap(possibilities).every((one) => one.kind === 'literal' && typeof one.value === 'string')
  )
}

/** A preflight has a method of its own, and reaches no handler. */
const asksMethod = (node: Node): boolean => {
  const sides = node.kind === 'binary' ? [node.left, node.right] : []
  return (
    sides.some((one) => lastName(one) === 'method') &&
    !sides.some((one) => one.kind === 'literal' && /^options$/i.test(String(one.value)))
  )
}

const COMPARES = /^(?:startsWith|endsWith|includes|match|search|startswith|endswith)$/
