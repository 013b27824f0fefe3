/** Guards that are none: their check stops nobody, or not those who send nothing, or who send anything. */
import { type Call, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { asksWhatIsAlwaysThere } from './always-there.ts'
import { answersOnly } from './answered-only.ts'
import { asksOnly } from './asked-only.ts'
import { believesId } from './believed-ids.ts'
import { takesNothingForKey } from './both-missing.ts'
import { handsOnFailure, swallowsFailure } from './failed-checks.ts'
import { onlyFloats } from './floating-checks.ts'
import { forgetsFailure } from './forgotten-failures.ts'
import type { Way } from './going-on.ts'
import { goesPast } from './gone-past.ts'
import { refusesByKind } from './kinds-of-failure.ts'
import { isOffByDefault } from './off-by-default.ts'
import { isCheck } from './refusals.ts'
import { letsStrangersThrough } from './strangers.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Whether anybody at all comes through, or whoever sends any text at all for a credential, or somebody else's id. */
export const isOpen = (reading: Reading, value: FunctionValue, way: Way, depth = 0): boolean =>
  isOpenToAll(reading, value, way) ||
  asksOnly(reading, value) ||
  believesId(reading, value) ||
  (depth < 3 && handsToOpen(reading, value, way, depth + 1))

/** Whether anybody at all comes through who wants to. */
export const isOpenToAll = (reading: Reading, value: FunctionValue, way: Way): boolean =>
  isOpenToAnyToken(reading, value, way) ||
  isOffByDefault(reading, value, way) ||
  takesNothingForKey(reading, value, way) ||
  letsStrangersThrough(reading, value, way)

/** Whether nothing comes of a token that is looked at: one that nobody signed goes through as well. */
export const isOpenToAnyToken = (reading: Reading, value: FunctionValue, way: Way): boolean =>
  (way === 'next' ? handsOnFailure(reading, value) : swallowsFailure(reading, value, way)) ||
  answersOnly(reading, value, way) ||
  onlyFloats(reading, value) ||
  (way === 'next' && goesPast(reading, value)) ||
  asksWhatIsAlwaysThere(reading, value, way) ||
  forgetsFailure(reading, value, way) ||
  refusesByKind(reading, value, way)

/** `PUBLIC.has(req.path) ? next() : authenticate(req, res, next)`: what the request is handed to is the guard, where nothing else checks. */
const handsToOpen = (reading: Reading, value: FunctionValue, way: Way, depth: number): boolean => {
  const { node, scope, frame } = value
  const guards: Value[] = []
  let checksItself = false
  walk(node.body, (one) => {
    if (one.kind !== 'call') return !checksItself
    if (takesRequest(one, value) || (way === 'true' && isReturned(reading, one))) {
      guards.push(...possibilities(reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope, frame)))
      return false
    }
    checksItself ||= standsIn(reading, [one], scope, isCheck, 2)
    return !checksItself
  })
  return (
    guards.length > 0 &&
    !checksItself &&
    guards.every((one) => one.kind === 'function' && one.node !== node && isOpen(reading, one, way, depth))
  )
}

/** A call that is given all that the function was given: `authenticate(req, res, next)`, `guard(c, next)`, `verify(request, reply)`. */
const takesRequest = ({ args }: Call, { node }: FunctionValue): boolean => {
  const given = node.parameters.map(({ target }) => lastName(target))
  const named = args.flatMap((arg) => (arg.kind === 'name' ? arg.name : []))
  return given.length > 1 && given.every((name) => name !== undefined && named.includes(name))
}

/** `return this.check(request)`, also where it is waited for: Nest's guard gives back what that one says. */
const isReturned = (reading: Reading, call: Call): boolean => {
  const around = reading.program.parentOf(call)
  return around?.kind === 'return' || (around?.kind === 'other' && reading.program.parentOf(around)?.kind === 'return')
}
