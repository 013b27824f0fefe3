/** Guards that make nothing of a failed check, and ask nobody what came of it: `const claims = await verify(token).catch(() => null); next()`. */
import {
  type Call,
  isUndefined,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { restAfter } from '../statements.ts'
import { refusesOthers } from './failed-checks.ts'
import { courseOf, isNothing, NONE, type Way } from './going-on.ts'
import { isCheck } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Only what certainly goes on is said to: whatever is asked, called or thrown after it may be the refusal. */
export const forgetsFailure = (reading: Reading, value: FunctionValue, way: Way): boolean => {
  const { body } = value.node
  let forgotten = false
  let heeded = false
  walkBody(body, (node) => {
    // What a dependency gives back is its handler's, whatever it is.
    const isGiven = node.kind === 'return' && way === 'end'
    if ((node.kind !== 'assign' && !isGiven) || node.value === undefined) return
    const call = callIn(node.value)
    if (call === undefined || !standsIn(reading, [call], value.scope, isCheck, 2)) return
    if (makesNothing(reading, call, value) && (isGiven || goesOn(reading, body, node, way))) forgotten = true
    else heeded = true
    if (refusesOthers(reading, body, value.scope, node)) heeded = true
  })
  return forgotten && !heeded
}

const callIn = (node: Node): Call | undefined => {
  if (node.kind === 'call') return node
  const [inner, ...others] = node.kind === 'other' ? node.children : []
  return inner !== undefined && others.length === 0 ? callIn(inner) : undefined
}

/** `.catch(() => null)`, or a function of the project's that gives back nothing where its check throws. */
const makesNothing = (reading: Reading, call: Call, { scope }: FunctionValue): boolean => {
  if (lastName(call.callee) === 'catch') {
    const [handler] = call.args
    return handler?.kind === 'function' && givesNothing(handler.body)
  }
  const callees = possibilities(reading.evaluator.value(call.callee, reading.program.scopeOf(call) ?? scope))
  return callees.every((one) => one.kind === 'function' && catchesCheck(reading, one))
}

const catchesCheck = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  let found = false
  let throws = false
  walkBody(node.body, (one) => {
    if (one.kind === 'throw') throws = true
    if (one.kind === 'try' && standsIn(reading, one.body, scope, isCheck, 1)) found ||= givesNothing(one.handlers)
  })
  return found && !throws
}

/** It neither throws nor calls what nobody knows, and what it returns is nothing. */
const givesNothing = (body: readonly Node[]): boolean => {
  let nothing = true
  walk(body, (node) => {
    if (node.kind === 'throw' || node.kind === 'call') nothing = false
    if (node.kind === 'return' && !isNothing(node.value) && !isUndefined(node.value)) nothing = false
    return nothing
  })
  return nothing
}

const goesOn = (reading: Reading, body: readonly Node[], check: Node, way: Way): boolean => {
  const course = courseOf(reading, restAfter(body, check) ?? [], way, NONE, isKept)
  return course === 'through' || (course === 'end' && way === 'end')
}

/** `c.set('user', claims)`, `res.locals.user = claims`: it is kept for the handler. */
export const isKept = (node: Node): boolean =>
  node.kind === 'call' &&
  lastName(node.callee) === 'set' &&
  /^(?:c|ctx|context|req|request)$/.test(pathOf(node.callee)?.[0] ?? '')
