/** Switches of a program's own (`ENABLE_DOCS`): what a condition comes to where nobody sets them, or as the project's files do. */
import {
  childrenOf,
  isUndefined,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walkBody,
} from '../../source/index.ts'
import { type Condition, conditionsOf } from '../conditions.ts'
import { namesEnvironment, type Reading, type When, whenOf, whenTrue } from '../reading.ts'
import { settingsOf } from './settings-of.ts'

/** When a page is served: one that somebody has to switch off is there for everybody who does not. */
export const whenServed = (reading: Reading, node: Node): When => {
  const when = whenOf(reading, node)
  return when === 'unknown' && isOptOut(reading, node) ? 'always' : when
}

/** `if (process.env.DOCS !== 'off')`, `if (!process.env.NO_DOCS)`: every condition around it holds as long as nobody does anything. */
export const isOptOut = (reading: Reading, node: Node): boolean => {
  const conditions = conditionsOf(reading, node).filter(
    ({ test, scope, holds }) => !(holds && whenTrue(reading, test, scope) === 'always'),
  )
  return (
    conditions.length > 0 &&
    conditions.every(
      ({ test, scope, holds }) => !asksEnvironment(reading, test, scope) && byDefault(reading, test, scope) === holds,
    )
  )
}

/** Whether a guard is up where nobody sets anything: it is not for development only, and nobody has to switch it on. */
export const isUp = (reading: Reading, node: Node): boolean =>
  whenOf(reading, node) !== 'development' &&
  conditionsOf(reading, node).every(
    // A program that stops before it, `if (!key) throw …`, serves nobody without it.
    (one) => !isOff(reading, one) || !(standsIn(reading, one.test, node) || isLeftOut(reading, one)),
  )

/** `function addAuth(app) { if (process.env.AUTH !== 'on') return; app.use(guard) }`: the program goes on without what comes after. */
const isLeftOut = (reading: Reading, { test, scope: { owner } }: Condition): boolean => {
  const decider = reading.program.parentOf(test)
  if (decider?.kind !== 'if' || decider.consequent.at(-1)?.kind !== 'return' || owner?.kind !== 'function') return false
  let serves = false
  walkBody(owner.body, (node) => {
    serves ||=
      node.kind === 'call' && /^(?:listen|serve|get|post|put|patch|delete|route)$/.test(lastName(node.callee) ?? '')
    return !serves
  })
  return !serves
}

/** Whether a condition is met only where somebody sets something. */
export const isOff = (reading: Reading, { test, scope, holds }: Condition): boolean =>
  !asksEnvironment(reading, test, scope) && byDefault(reading, test, scope) === !holds

/** Whether something runs where somebody develops, and only where that was said: `!== 'production'` holds where nobody said anything. */
export const isForDevelopment = (reading: Reading, node: Node): boolean =>
  whenOf(reading, node) === 'development' &&
  conditionsOf(reading, node).some(({ test, scope, holds }) => byDefault(reading, test, scope) === !holds)

const standsIn = (reading: Reading, test: Node, { at }: Node): boolean => {
  const around = reading.program.parentOf(test)
  return around !== undefined && around.at.start <= at.start && at.end <= around.at.end
}

/** What is called production is set where it is run, whatever the default is. */
const asksEnvironment = (reading: Reading, node: Node, scope: Scope): boolean =>
  isCompared(node)
    ? childrenOf(node).some((one) => namesEnvironment(reading, one, scope))
    : node.kind === 'unary' || node.kind === 'logical' || node.kind === 'binary'
      ? childrenOf(node).some((one) => asksEnvironment(reading, one, scope))
      : namesEnvironment(reading, node, scope) ||
        (!isUndefined(node) && /^(?:dev|prod)/.test(whenTrue(reading, node, scope)))

/** `(process.env.LIMITS ?? 'off') !== 'on'`: neither side is a test of its own. */
const isCompared = (node: Node): boolean =>
  node.kind === 'binary' &&
  [node.left, node.right].some((one) => one.kind === 'literal' && typeof one.value === 'string')

/** Whether a test is true wherever nobody sets anything, production or not. */
export const isTrueByDefault = (reading: Reading, test: Node, scope: Scope): boolean =>
  test.kind === 'logical' && test.operator !== '&&'
    ? isTrueByDefault(reading, test.left, scope) || isTrueByDefault(reading, test.right, scope)
    : !asksEnvironment(reading, test, scope) && byDefault(reading, test, scope) === true

export const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

/** What a test is when the variables of the environment are what the project's files set them to: mostly nothing. */
export const byDefault = (reading: Reading, node: Node, scope: Scope, depth = 0): boolean | undefined => {
  if (depth > 8) return
  switch (node.kind) {
    case 'unary':
      return node.operator === '!' ? not(byDefault(reading, node.operand, scope, depth + 1)) : undefined
    case 'logical': {
      const [left, right] = [
        byDefault(reading, node.left, scope, depth + 1),
        byDefault(reading, node.right, scope, depth + 1),
      ]
      if (node.operator === '&&')
        return left === false || right === false ? false : left === true && right === true ? true : undefined
      return left === true || right === true ? true : left === false && right === false ? false : undefined
    }
    case 'binary': {
      if (node.operator !== '===' && node.operator !== '!==') return
      const [left, right] = [
        settled(reading, reading.evaluator.value(node.left, scope)),
        settled(reading, reading.evaluator.value(node.right, scope)),
      ]
      if (left === undefined || right === undefined) return
      return (left.value === right.value) === (node.operator === '===')
    }
    case 'name': {
      const [binding] = lookup(scope, node.name)
      if (binding?.kind === 'value' && binding.assign.value !== undefined && binding.path.length === 0)
        return byDefault(reading, binding.assign.value, binding.scope, depth + 1)
      if (binding?.kind === 'import') return throughValue(reading, node, scope, depth)
      return
    }
    case 'call':
      if (node.callee.kind === 'name' && node.callee.name === 'Boolean' && node.args[0] !== undefined)
        return byDefault(reading, node.args[0], scope, depth + 1)
      return throughValue(reading, node, scope, depth)
    default:
      return throughValue(reading, node, scope, depth)
  }
}

/** A member of an object of settings is what was written there. */
const throughValue = (reading: Reading, node: Node, scope: Scope, depth: number): boolean | undefined => {
  if (node.kind === 'member' && node.property.kind === 'literal') {
    const key = node.property.value
    for (const one of possibilities(reading.evaluator.value(node.object, scope))) {
      if (one.kind !== 'object' || one.node?.node.kind !== 'object') continue
      const entry = one.node.node.entries.find((each) => each.key.kind === 'literal' && each.key.value === key)
      if (entry !== undefined && entry.value.kind !== 'literal')
        return byDefault(reading, entry.value, one.node.scope, depth + 1)
    }
  }
  const found = settled(reading, reading.evaluator.value(node, scope))
  return found === undefined ? undefined : Boolean(found.value)
}

/** A literal, or a variable with its fallback; without either it is undefined. */
const settled = (reading: Reading, value: Value): { value: string | number | boolean | null } | undefined => {
  const all = possibilities(value)
  const env = all.find((one) => one.kind === 'env')
  const fallback = all.find((one) => one.kind === 'literal')
  if (env?.kind === 'env') {
    const [given] = settingsOf(reading, env.name).filter((one) => !one.example)
    if (given !== undefined) return { value: given.value }
    if (fallback?.kind !== 'literal') return all.length === 1 ? { value: null } : undefined
  }
  return fallback?.kind === 'literal' && all.every((one) => one.kind === 'literal' || one.kind === 'env')
    ? { value: fallback.value }
    : undefined
}
