/**
 * Guards and limiters that a middleware hands the request to, and goes on beside: `guard(req, res, next); next()`. What they refuse
 * has been let through by then.
 */
import {
  type Call,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Value,
  walkBody,
} from '../../source/index.ts'
import { isAwaited } from '../fastify/awaits.ts'
import type { Reading } from '../reading.ts'
import { restAfter } from '../statements.ts'
import { refusesOthers, throwsIn } from './failed-checks.ts'
import { courseOf } from './going-on.ts'
import { refusesByThrowing } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Only what certainly goes on is said to: what throws, or is waited for and may throw, ends the request before its `next()`. */
export const goesPast = (reading: Reading, value: FunctionValue): boolean => {
  const { body } = value.node
  const found: boolean[] = []
  walkBody(body, (one) => {
    if (one.kind !== 'call' || !takesRequest(one, value.node)) return
    const statement = statementOf(reading, one)
    const rest = statement && restAfter(body, statement)
    const goesOn = rest !== undefined && courseOf(reading, rest, 'next') === 'through'
    found.push(goesOn && !mayThrow(reading, one, value) && !refusesOthers(reading, body, value.scope, one))
  })
  return found.length > 0 && found.every(Boolean) && !refusesByThrowing(reading, body, value.scope)
}

/** `guard(req, res, next)`, `guard(c, async () => {})`, `check(req, res)`: what the function was given, and a way to go on or none. */
const takesRequest = ({ args }: Call, { parameters }: FunctionNode): boolean => {
  const given = parameters.slice(0, -1).map(({ target }) => lastName(target))
  const isGiven = (name: string | undefined, index: number) =>
    name !== undefined && args[index]?.kind === 'name' && lastName(args[index]) === name
  return given.length > 0 && args.length >= 2 && given.every(isGiven)
}

/** What a call is all of, where nothing is made of what it gives back: itself, `void guard(…)`, `isPrivate(req) && guard(…)`. */
const statementOf = (reading: Reading, node: Node): Node | undefined => {
  const around = reading.program.parentOf(node)
  if (around?.kind === 'unary') return around.operator === 'void' ? statementOf(reading, around) : undefined
  if (around?.kind === 'logical') return around.right === node ? statementOf(reading, around) : undefined
  const isOne = around?.kind === 'if' ? around.test !== node : /^(?:function|try|other)$/.test(around?.kind ?? '')
  return isOne ? node : undefined
}

const mayThrow = (reading: Reading, call: Call, { node, scope, frame }: FunctionValue): boolean => {
  const next = lastName(node.parameters.at(-1)?.target ?? node) ?? ''
  const isLeft = !isAwaited(reading, call)
  const callees = possibilities(reading.evaluator.value(call.callee, reading.program.scopeOf(call) ?? scope, frame))
  return callees.some((one) => {
    if (one.kind === 'function')
      return (
        !(isLeft && one.node.isAsync) &&
        (throwsIn(one.node.body) || refusesByThrowing(reading, one.node.body, one.scope))
      )
    // What is handed the way to go on answers by itself, as a middleware does; of anything else nobody knows.
    return !isLeft || !call.args.some((arg) => arg.kind === 'function' || (arg.kind === 'name' && arg.name === next))
  })
}
