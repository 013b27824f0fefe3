/** Two things that are compared: with each other, or with a number of places. */
import type { Node } from '../../source/index.ts'
import { equals } from './comparisons.ts'
import { compared, typeOf } from './given.ts'
import { given, mentions, type Run } from './run.ts'
import { isOfOrigin, not, type Said, test, UNKNOWN } from './said.ts'

type Binary = Extract<Node, { kind: 'binary' }>

export const equal = (run: Run, node: Binary): Said => {
  for (const [one, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const)
    if (one.kind === 'unary' && one.operator === 'typeof' && other.kind === 'literal')
      return ofType(run, one.operand, String(other.value))
  const [left, right] = [run.say(node.left), run.say(node.right)]
  if (left.is === 'given' && right.is === 'given') {
    // Of `mode !== 'production'` it is asked here when they are the same.
    const whole = given(run, { ...node, operator: '===' }, node)
    const isSettled = whole.yes === 'nobody' || whole.no === 'nobody'
    return isSettled ? whole : compared(run.reading, left.value, right.value)
  }
  const [one, other] = left.is === 'given' ? [right, left] : [left, right]
  if (other.is !== 'given') return UNKNOWN
  const literal = other.value.kind === 'literal' ? other.value.value : undefined
  if (one.is === 'position') return literal === -1 ? not(test(one.found)) : literal === 0 ? test(one.start) : UNKNOWN
  if (one.is === 'length') return literal === 0 ? not(one) : UNKNOWN
  if (one.is === 'test')
    return literal === true ? test(one.yes, one.no) : literal === false || literal === null ? not(one) : UNKNOWN
  return equals(run.reading, one, other.value)
}

const ofType = (run: Run, operand: Node, type: string): Said => {
  const said = run.say(operand)
  if (said.is === 'given') return typeOf(said.value, type)
  return isOfOrigin(said) && said.is !== 'url' ? (type === 'string' ? test('any', 'nobody') : test('nobody')) : UNKNOWN
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

/** `index > -1`, `0 <= index`, `found.length > 0`. */
export const ordered = (run: Run, node: Binary): Said => {
  const [left, right] = [run.say(node.left), run.say(node.right)]
  const isLeft = right.is === 'given'
  const [one, other] = isLeft ? [left, right] : [right, left]
  const operator = isLeft ? node.operator : FLIPPED[node.operator]
  const number = other.is === 'given' && other.value.kind === 'literal' ? Number(other.value.value) : Number.NaN
  const asked = `${operator} ${number}`
  if (one.is === 'position') {
    if (/^(?:> -1|>= 0|> 0)$/.test(asked)) return test(one.found)
    // Every place is at -1 or behind it.
    if (asked === '>= -1') return test('any', 'nobody')
    return /^(?:< 0|<= -1)$/.test(asked) ? not(test(one.found)) : UNKNOWN
  }
  if (one.is === 'length') {
    if (/^(?:> 0|>= 1)$/.test(asked)) return test(one.yes, one.no)
    return /^(?:< 1|<= 0)$/.test(asked) ? not(one) : UNKNOWN
  }
  return mentions(run, node) ? UNKNOWN : given(run, node)
}
