/** Guards that refuse a bad credential, and let through whoever sends none, or asks to be let through. */
import { isUndefined, type Node, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { isAsked } from './asked-for.ts'
import { type Choice, choiceIn } from './choices.ts'
import { goesThrough, handsOn, type Way } from './going-on.ts'
import { isAlwaysSet } from './off-by-default.ts'
import { isCheck, refusalIn } from './refusals.ts'
import { isAmong, namesCredential, namesText } from './written-by-caller.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `if (!token) return next()`, `if (token) { verify(token) } next()`, `if (req.headers['x-internal']) return next()`. */
export const letsStrangersThrough = (reading: Reading, { node, scope }: FunctionValue, way: Way): boolean =>
  opensIn(reading, node.body, scope, way)

const opensIn = (reading: Reading, body: readonly Node[], around: Scope, way: Way): boolean => {
  for (const [index, node] of body.entries()) {
    const scope = reading.program.scopeOf(node) ?? around
    if (node.kind === 'try' && opensIn(reading, node.body, scope, way)) return true
    const choice = choiceIn(node)
    if (choice !== undefined && isOpening(reading, choice, body.slice(index + 1), scope, way)) return true
    // Whoever comes past a refusal has shown something.
    if (refusalIn(reading, [node], scope) || standsIn(reading, [node], scope, isCheck, 2)) return false
  }
  return false
}

const isOpening = (
  reading: Reading,
  { test, consequent, alternate }: Choice,
  rest: readonly Node[],
  scope: Scope,
  way: Way,
): boolean => {
  const opens = isAbsent(reading, test, scope) || isAsked(test, scope, reading)
  if (opens && handsOn(reading, consequent, way)) return true
  const avoidable = namesCredential(test, scope) || isAvoided(reading, test, scope)
  if (!avoidable || !standsIn(reading, consequent, scope, isCheck, 2)) return false
  return goesThrough(reading, [...alternate, ...rest], way)
}

/** A check that runs only where the caller's own words ask for it: `if (isPrivate(path) && req.headers['x-internal'] !== '1') verify(…)`. */
const isAvoided = (reading: Reading, node: Node, scope: Scope): boolean => {
  if (node.kind !== 'logical') return isAsked(node, scope, reading)
  const sides = [node.left, node.right].map((one) => isAvoided(reading, one, scope))
  return node.operator === '&&' ? sides.some(Boolean) : sides.every(Boolean)
}

/** `!token`, `token === undefined`, `!header || !header.startsWith('Bearer ')`, `scheme !== 'Bearer'`. */
const isAbsent = (reading: Reading, node: Node, scope: Scope): boolean => {
  if (node.kind === 'unary')
    return (
      node.operator === '!' &&
      (namesCredential(node.operand, scope) || isAmong(node.operand, scope, namesText)) &&
      // What it is compared with is called like it.
      !isAlwaysSet(reading, node.operand, scope)
    )
  if (node.kind === 'logical') {
    const sides = [node.left, node.right].map((one) => isAbsent(reading, one, scope))
    return node.operator === '&&' ? sides.every(Boolean) : sides.some(Boolean)
  }
  if (node.kind !== 'binary') return false
  return (
    node.operator === '===' &&
    isNothing(node.right) &&
    namesCredential(node.left, scope) &&
    !isAlwaysSet(reading, node.left, scope)
  )
}

const isNothing = (node: Node): boolean =>
  (node.kind === 'literal' && (node.value === null || node.value === '')) || isUndefined(node)
