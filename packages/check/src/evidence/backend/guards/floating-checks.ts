/** Checks whose promise nobody waits for: they refuse after the request went on, or never. */
import { type Call, lastName, type Node, pathOf, type Value, walk } from '../../source/index.ts'
import { calledName } from '../calls-of.ts'
import { isAwaited } from '../fastify/awaits.ts'
import type { Reading } from '../reading.ts'
import { restAfter } from '../statements.ts'
import { throwsIn } from './failed-checks.ts'
import { isKept } from './forgotten-failures.ts'
import { courseOf } from './going-on.ts'
import { isCheck } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `verifyAsync(token); next()`, `const claims = verifyAsync(token); if (!claims) …`: a promise is never nothing. */
export const onlyFloats = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  const found: boolean[] = []
  walk(node.body, (one) => {
    if (one.kind !== 'call') return
    const called = reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope)
    const isAsync = called.kind === 'function' ? called.node.isAsync : isPromise(called, one)
    if (isCheck(one) || (called.kind === 'function' && checksIn(called)))
      found.push((isAsync && isLeft(reading, one, node.body)) || goesOnBeside(reading, one, node.body))
  })
  return found.length > 0 && found.every(Boolean)
}

/**
 * `verify(token).then(keep).catch(() => res.sendStatus(401)); next()`: the refusal comes when all has been answered. Also where the check
 * calls back: `verify(token, key, (error) => { if (error) return res.sendStatus(403) }); next()`.
 */
export const goesOnBeside = (reading: Reading, call: Call, body: readonly Node[]): boolean => {
  const last = chainFrom(reading, call).at(-1) ?? (callsBack(call) ? call : undefined)
  const rest = last !== undefined && !isAwaited(reading, call) ? restAfter(body, last) : undefined
  return rest !== undefined && courseOf(reading, rest, 'next') === 'through'
}

/** What a callback throws, jsonwebtoken's `verify` throws. */
const callsBack = ({ args }: Call): boolean => args.some((one) => one.kind === 'function' && !throwsIn(one.body))

/** jose's, @fastify/jwt's and the like give a promise whatever they are called with, and so does Hono's `verify`. */
const ASYNC = /^(?:verifyAsync|jwtVerify|compactVerify)$/

const isPromise = (called: Value, call: Call): boolean =>
  ASYNC.test(calledName(call) ?? '') || (called.kind === 'external' && /^hono\/(?:utils\/)?jwt$/.test(called.from))

const checksIn = ({ node }: FunctionValue): boolean => {
  let found = false
  walk(node.body, (one) => {
    found ||= isCheck(one)
    return !found
  })
  return found
}

/** Its promise goes nowhere: no `await`, no `return`, no `.then`, nothing that takes it; nor does the name that it was given. */
export const isLeft = (reading: Reading, call: Call, body: readonly Node[]): boolean => {
  // A callback, and what goes on by itself: `authenticate(req, res, next)`.
  const takesOver = (one: Node): boolean => one.kind === 'function' || /^(?:next|done)$/.test(lastName(one) ?? '')
  const chain = chainFrom(reading, call)
  const handled = chain.flatMap(({ args }) => args)
  if (isAwaited(reading, call) || call.args.some(takesOver) || handled.some(goesOn)) return false
  const last = chain.at(-1) ?? call
  const around = reading.program.parentOf(last)
  if (around?.kind === 'assign') return isNeverAwaited(reading, around.target, body)
  if (around?.kind === 'unary') return around.operator === 'void'
  return around === undefined || (/^(?:function|if|try|other)$/.test(around.kind) && !isTested(around, last))
}

/** `.then(…).catch(…)` on what a call gives. */
const chainFrom = (reading: Reading, call: Call): readonly Call[] => {
  const member = reading.program.parentOf(call)
  const next = member?.kind === 'member' && member.object === call ? reading.program.parentOf(member) : undefined
  return next?.kind === 'call' && next.callee === member && /^(?:then|catch|finally)$/.test(lastName(next.callee) ?? '')
    ? [next, ...chainFrom(reading, next)]
    : []
}

/** Whether what is done with the result answers, or lets the request on: `.then(() => next(), next)`. */
const goesOn = (handler: Node): boolean => {
  let found = handler.kind !== 'function'
  walk([handler], (node) => {
    if (node.kind === 'throw') found = true
    if (node.kind === 'name' && /^(?:next|done|res|response|reply|resolve|reject|c|ctx)$/.test(node.name)) found = true
    return !found
  })
  return found
}

const isTested = (around: Node, call: Call): boolean => around.kind === 'if' && around.test === call

/** Nobody waits for the promise that a name or a property was given: it is asked whether it is there, and read as if it were what it gives. */
export const isNeverAwaited = (reading: Reading, target: Node, body: readonly Node[]): boolean =>
  target.kind === 'name'
    ? isOnlyAsked(reading, target.name, body)
    : target.kind === 'member' && isOnlyKept(reading, target, body)

/** `request.user = this.jwt.verifyAsync(token)`: a promise is put where a user belongs, and waited for nowhere. */
const isOnlyKept = (reading: Reading, target: Node, body: readonly Node[]): boolean => {
  const path = (pathOf(target) ?? []).join('.')
  let taken = path === ''
  walk(body, (node) => {
    if (node.kind !== 'member' || node === target || (pathOf(node) ?? []).join('.') !== path) return !taken
    const around = reading.program.parentOf(node)
    taken ||=
      isAwaited(reading, node) ||
      around?.kind === 'return' ||
      around?.kind === 'call' ||
      (around?.kind === 'member' && /^(?:then|catch|finally)$/.test(lastName(around) ?? ''))
    return !taken
  })
  return !taken
}

const isOnlyAsked = (reading: Reading, name: string, body: readonly Node[]): boolean => {
  let taken = false
  walk(body, (node) => {
    if (node.kind !== 'name' || node.name !== name) return
    const around = reading.program.parentOf(node)
    const before = reading.program.modules.get(node.at.file)?.text.slice(Math.max(0, node.at.start - 40), node.at.start)
    if (/\bawait\s*\(?\s*$/.test(before ?? '') || around?.kind === 'list') taken = true
    // Nobody waits for what a dependency of Python's gives back: its handler is given the coroutine.
    if (around?.kind === 'return' && !node.at.file.endsWith('.py')) taken = true
    if (around?.kind === 'call' && around.args.includes(node) && !isKept(around)) taken = true
    if (around?.kind === 'member' && /^(?:then|catch|finally)$/.test(lastName(around) ?? '')) taken = true
    return !taken
  })
  return !taken
}
