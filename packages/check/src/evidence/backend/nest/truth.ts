/** What a condition comes to in one call of a function; undefined where that is open. */
import type { Frame, Node, Scope, Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export const truth = (reading: Reading, test: Node, scope: Scope, frame: Frame | undefined): boolean | undefined => {
  const of = (node: Node) => truth(reading, node, scope, frame)
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = of(test.operand)
    return inner === undefined ? undefined : !inner
  }
  if (test.kind === 'logical') {
    const [left, right] = [of(test.left), of(test.right)]
    if (test.operator === '&&')
      return left === false || right === false ? false : left === undefined || right === undefined ? undefined : true
    return left === true || right === true ? true : left === undefined || right === undefined ? undefined : false
  }
  if (test.kind === 'binary' && /^[!=]==$/.test(test.operator)) {
    const [left, right] = [sideOf(reading, test.left, scope, frame), sideOf(reading, test.right, scope, frame)]
    if (left === undefined || right === undefined) return
    return (left === right) === (test.operator === '===')
  }
  const value = reading.evaluator.value(test, scope, frame)
  return truthy(value, test, frame)
}

/** A literal in words that can be compared; `typeof x` is what it would say. */
const sideOf = (reading: Reading, node: Node, scope: Scope, frame: Frame | undefined): string | undefined => {
  if (node.kind === 'unary' && node.operator === 'typeof') {
    const value = reading.evaluator.value(node.operand, scope, frame)
    if (value.kind === 'literal') return `string ${value.value === null ? 'undefined' : typeof value.value}`
    if (isMissing(value, frame)) return 'string undefined'
    return value.kind === 'object' || value.kind === 'list' ? 'string object' : undefined
  }
  const value = reading.evaluator.value(node, scope, frame)
  if (value.kind === 'literal') return `${typeof value.value} ${String(value.value)}`
  return isMissing(value, frame) ? 'object null' : undefined
}

const truthy = (value: Value, node: Node, frame: Frame | undefined): boolean | undefined => {
  if (value.kind === 'literal') return Boolean(value.value)
  if (/^(?:object|list|class|instance|function|pattern)$/.test(value.kind)) return true
  return node.kind !== 'call' && isMissing(value, frame) ? false : undefined
}

/** In a call whose arguments are known, a name that nothing gave is not there. */
const isMissing = (value: Value, frame: Frame | undefined): boolean =>
  frame !== undefined && value.kind === 'unknown' && value.node === undefined
