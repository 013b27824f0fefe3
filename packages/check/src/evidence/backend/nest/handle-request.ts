/**
 * What a guard of passport's makes of nobody. Passport calls its `handleRequest(error, user, info)` without an error and with `false` for
 * the user, and lets through whatever it gives back: `handleRequest(error, user) { if (error) throw error; return user }` refuses nobody.
 */
import { lastName, type Node, pathOf, walkBody } from '../../source/index.ts'
import { asksKind, truthOf } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { type ClassValue, methodOf } from './classes.ts'

/** What its parameters are called. */
interface Called {
  readonly error: string | undefined
  readonly user: string | undefined
  readonly info: string | undefined
}

/** Only what certainly refuses nobody is said to: whatever else is asked, or called to refuse, may do so. */
export const passesAnybody = (reading: Reading, type: ClassValue): boolean => {
  const handle = methodOf(reading, type, 'handleRequest')
  if (handle === undefined) return false
  const [error, user, info] = handle.node.parameters.map(({ target }) => lastName(target))
  return !refusesIn(reading, handle.node.body, { error, user, info })
}

const refusesIn = (reading: Reading, body: readonly Node[], called: Called): boolean => {
  let found = false
  walkBody(body, (node) => {
    if (found) return false
    if (node.kind === 'if' || node.kind === 'conditional') {
      found = refusesIn(reading, reachedIn(node, called), called)
      return false
    }
    found = mayRefuse(reading, node)
    return true
  })
  return found
}

const reachedIn = (
  { test, consequent, alternate }: Extract<Node, { kind: 'if' | 'conditional' }>,
  called: Called,
): readonly Node[] => {
  const truth = truthOf(test, (one) => ofNobody(one, called))
  return [test, ...(truth === false ? [] : [consequent].flat()), ...(truth === true ? [] : [alternate].flat())]
}

const mayRefuse = (reading: Reading, node: Node): boolean => {
  if (node.kind === 'throw') return true
  if (node.kind === 'name') return node.name === 'super'
  const scope = node.kind === 'call' ? reading.program.scopeOf(node) : undefined
  if (node.kind !== 'call' || scope === undefined) return false
  const callee = reading.evaluator.value(node.callee, scope)
  return callee.kind === 'function'
    ? standsIn(reading, callee.node.body, callee.scope, ({ kind }) => kind === 'throw', 1)
    : /assert|invariant|valid|verif|ensure|require|check|refuse|deny|fail/i.test(lastName(node.callee) ?? '')
}

/** What a part of a test comes to where nobody was found; undefined where that is open. */
const ofNobody = (test: Node, called: Called): boolean | undefined => {
  // Another kind of failure is as good: `info?.name === 'TokenExpiredError'`.
  if (called.info !== undefined && asksKind(test, called.info)) return false
  if (test.kind === 'binary') return comparedWithNobody(test, called)
  return isOf(test, called.error) || isOf(test, called.user) ? false : undefined
}

/** `error instanceof HttpException`, `user?.role === 'admin'`; whoever asks for nothing by any of its names means nobody. */
const comparedWithNobody = (
  { operator, left, right }: Extract<Node, { kind: 'binary' }>,
  { error, user }: Called,
): boolean | undefined => {
  if (!isOf(left, error) && !isOf(left, user)) return
  if (operator === 'instanceof') return false
  const isNothing =
    right.kind === 'literal' ? right.value === null || right.value === false : lastName(right) === 'undefined'
  if (!/^[!=]==$/.test(operator) || (isNothing && !isOf(left, error))) return
  return isNothing === (operator === '===')
}

/** `user`, `user?.id` */
const isOf = (node: Node, name: string | undefined): boolean => name !== undefined && pathOf(node)?.[0] === name
