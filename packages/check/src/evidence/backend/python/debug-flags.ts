/** Whether a flag of debug mode is on: as it is written, where nobody sets what it asks, or wherever it is not said that this is production. */
import { type Located, lastName, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { DebugSign, Place } from '../facts.ts'
import { assignedTo, namesEnvironment, type Reading } from '../reading.ts'
import { isTrueUnset } from '../switches/index.ts'
import { definitionOf } from './definitions.ts'
import { isOnAsSet, isOnUnset } from './switches.ts'

/** On by a literal, by a setting's default, or by what the project sets. */
export const isOn = (reading: Reading, values: readonly Value[]): boolean => {
  const set = values
    .flatMap((one) =>
      one.kind === 'env' ? (reading.env.get(one.name) ?? reading.env.get(one.name.toUpperCase()) ?? []) : [],
    )
    .filter((one) => !one.example)
  if (set.length > 0 && set.every((one) => /^(?:0|false|no|off|)$/i.test(one.value))) return false
  return (
    values.some((one) => one.kind === 'literal' && one.value === true) ||
    set.some((one) => /^(?:1|true|yes|on)$/i.test(one.value))
  )
}

interface Flag {
  readonly at: Place
  /** `FastAPI(debug=…)`. */
  readonly what: string
  /** `FastAPI(debug=True)`, where it is on as it stands. */
  readonly on: string
  readonly values: readonly Value[]
  readonly given: Located | undefined
}

/** What is on unless something says that this is production; where the project says how it is started, and not that, it is on. */
export const flagSign = (reading: Reading, { at, what, on, values, given }: Flag): readonly DebugSign[] => {
  const asked = given && environmentIn(reading, given.node, given.scope)
  const unset = given && isTrueUnset(reading, given.node, given.scope)
  // What a file of the project sets goes before the default that the program has.
  const set = given && isOnAsSet(reading, given)
  if (set !== undefined) return set ? [{ at, what: `${what} is on by what a file of the project sets` }] : []
  if (isOn(reading, values) && !(asked !== undefined && unset === false)) return [{ at, what: on }]
  if (given === undefined) return []
  if (isOnUnset(reading, given)) return [{ at, what: `${what} is on where nobody sets what it asks` }]
  if (asked === undefined || unset !== true) return []
  return reading.deployment?.start === undefined
    ? [{ at, what: `${what} is on`, unless: `${asked} says production, and nothing in the project sets it` }]
    : [{ at, what: `${what} is on where nobody sets ${asked}, and what starts it does not` }]
}

/** The variable that `ENV != "production"` asks, where a program that finds it unset goes on. */
const environmentIn = (reading: Reading, node: Node, scope: Scope, depth = 0): string | undefined => {
  if (depth > 4) return
  const source = node.kind === 'name' ? assignedTo(node.name, scope) : undefined
  if (source !== undefined && source.node !== node && !namesEnvironment(reading, node, scope))
    return environmentIn(reading, source.node, source.scope, depth + 1)
  if (node.kind === 'unary' && node.operator === '!') return environmentIn(reading, node.operand, scope, depth + 1)
  if (node.kind !== 'binary') return
  const side = [node.left, node.right].find((one) => namesEnvironment(reading, one, scope))
  if (side === undefined) return
  const values = possibilities(reading.evaluator.value(side, scope))
  const env = values.find((one) => one.kind === 'env')
  return env?.kind === 'env' && (values.some((one) => one.kind === 'literal') || isAskedFor(reading, side, scope))
    ? env.name
    : undefined
}

/** `os.environ["ENV"]`, and a field of settings without a default, end the start instead. */
const isAskedFor = (reading: Reading, node: Node, scope: Scope): boolean => {
  const { node: found } = definitionOf(reading, node, scope)
  if (found.kind !== 'call') return false
  const name = lastName(found.callee) ?? ''
  // os.getenv('ENV').lower() of nothing ends it too, and so it has a default.
  return /^(?:get|getenv)$/.test(name)
}
