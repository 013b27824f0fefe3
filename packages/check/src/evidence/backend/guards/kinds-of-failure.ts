/**
 * Guards that refuse one kind of failure, and go on after every other: `if (error?.name === 'TokenExpiredError') return res.sendStatus(401)`.
 * A token that nobody signed fails in another way. Or none: `(error, user) => { req.user = user; next() }`.
 */
import { lastName, type Node, type Value, walk } from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { restAfter } from '../statements.ts'
import { lostIn } from './failed-checks.ts'
import { goesThrough, isHarmless, type Lost, NONE, type Way } from './going-on.ts'
import { isCheck, refusalIn } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** In a `catch`, or in the callback of the check, which may as well refuse none. Only what certainly goes on is said to. */
export const refusesByKind = (reading: Reading, { node: { body }, scope }: FunctionValue, way: Way): boolean => {
  const goesOn = (statements: readonly Node[], error: string, lost: Lost, how: Way): boolean => {
    const index = statements.findIndex((one) => one.kind === 'if' && asksKind(one.test, error))
    const chosen = statements[index]
    return (
      chosen?.kind === 'if' &&
      refusalIn(reading, chosen.consequent, scope) &&
      statements.slice(0, index).every((one) => isHarmless(reading, one, NONE)) &&
      goesThrough(reading, [...chosen.alternate, ...statements.slice(index + 1)], how, lost)
    )
  }
  let found = false
  walk(body, (one) => {
    if (one.kind === 'call' && isCheck(one))
      for (const callback of one.args) {
        if (callback.kind !== 'function') continue
        const [error = '', ...claims] = callback.parameters.map(({ target }) => lastName(target) ?? '')
        const lost: Lost = { ...NONE, empty: new Set(claims) }
        found ||= goesThrough(reading, callback.body, 'next', lost) || goesOn(callback.body, error, lost, 'next')
      }
    if (one.kind === 'try' && standsIn(reading, one.body, scope, isCheck, 2))
      for (const clause of one.handlers) {
        const [, error] = /^catch\s*\(\s*(\w+)/.exec(writtenAt(reading, clause)) ?? []
        const statements = clause.kind === 'other' ? clause.children : [clause]
        found ||=
          error !== undefined &&
          goesOn([...statements, ...(restAfter(body, one) ?? [])], error, lostIn(reading, body, one, clause), way)
      }
    return !found
  })
  return found
}

const OF_KIND = /^(?:name|message|code)$/

/** `error && error.name === 'TokenExpiredError'`, `error instanceof TokenExpiredError` */
export const asksKind = (test: Node, error: string): boolean => {
  if (test.kind === 'logical')
    return test.operator === '&&' && [test.left, test.right].some((one) => asksKind(one, error))
  if (test.kind !== 'binary') return false
  const isError = (node: Node): boolean => node.kind === 'name' && node.name === error
  if (test.operator === 'instanceof')
    return isError(test.left) && !/^(?:Error|JsonWebTokenError|JOSEError)$/.test(lastName(test.right) ?? '')
  return (
    test.operator === '===' &&
    [test.left, test.right].some(
      (one) => one.kind === 'member' && isError(one.object) && OF_KIND.test(lastName(one) ?? ''),
    )
  )
}
