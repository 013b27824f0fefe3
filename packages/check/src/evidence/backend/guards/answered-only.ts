/**
 * Guards and limiters that answer a refusal and do not stop there: `if (!session) { res.status(401).end() } next()`. The caller reads
 * 401, and the handler runs all the same.
 */
import { lastName, type Node, pathOf, type Value, walkBody } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { restAfter, targetsOf } from '../statements.ts'
import { courseOf, isIdle, textOf } from './going-on.ts'
import { refusalIn } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Only what certainly goes on is said to: whatever is thrown, returned or called in the refusal or after it may be its end. */
export const answersOnly = (
  reading: Reading,
  { node: { body }, scope }: FunctionValue,
  refuses = (refusal: readonly Node[]): boolean => refusalIn(reading, refusal, scope),
): boolean => {
  let found = false
  walkBody(body, (one) => {
    for (const { refusal, missing } of refusalsAt(reading, one))
      found ||=
        refuses(refusal) &&
        refusal.every(onlyAnswers) &&
        courseOf(reading, restAfter(body, one) ?? [], 'next', { empty: missing, unbound: new Set() }) === 'through'
    return !found
  })
  return found
}

interface Refused {
  readonly refusal: readonly Node[]
  /** What is without a value there: to read what is in it throws. */
  readonly missing: ReadonlySet<string>
}

const refusalsAt = (reading: Reading, node: Node): readonly Refused[] => {
  if (node.kind === 'if') {
    const missing = pathsIn(node.test)
    return [node.consequent, node.alternate].map((refusal) => ({ refusal, missing }))
  }
  if (node.kind !== 'try') return []
  const missing = targetsOf(node.body, () => true)
  return node.handlers
    .filter((clause) => textOf(reading, clause).startsWith('catch'))
    .map((clause) => ({ refusal: clause.kind === 'other' ? clause.children : [clause], missing }))
}

const pathsIn = (test: Node): ReadonlySet<string> => {
  const paths = new Set<string>()
  walkBody([test], (one) => {
    const path = one.kind === 'name' || one.kind === 'member' ? pathOf(one) : undefined
    if (path !== undefined) paths.add(path.join('.'))
  })
  return paths
}

const ANSWERS = /^(?:res|response|reply|c|ctx|context)$/

/** It answers or writes down, and comes to its end. */
export const onlyAnswers = (node: Node): boolean =>
  node.kind === 'call' && (isIdle(node) || (ANSWERS.test(pathOf(node.callee)?.[0] ?? '') && !isThrower(node)))

/** Koa's `ctx.throw(401)`. */
const isThrower = (node: Node): boolean =>
  node.kind === 'call' && /^(?:throw|assert)$/.test(lastName(node.callee) ?? '')
