/** Options of a limiter with which no wrong password is ever refused. */
import {
  lastName,
  type Node,
  type Parameter,
  possibilities,
  type Scope,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { isAsked, letsStrangersThrough } from '../guards/index.ts'
import { placeOf, type Reading, whenOf, whenTrue } from '../reading.ts'
import { isTrueByDefault } from '../switches/index.ts'
import { isFreshKey } from './fresh-keys.ts'

type Option = (name: string) => Value | undefined

/** `off` where that is certain, `unsure` where it hangs on what the program answers to a wrong password. */
export const neverCounts = (reading: Reading, option: Option): Pick<Limiter, 'off' | 'unsure'> => {
  const key = option('keyGenerator')
  const off = [
    skipsAll(reading, option('skip')),
    passesOn(option('handler')),
    isFreshKey(reading, key) ? key : undefined,
  ].find((one) => one !== undefined)
  if (off !== undefined) return { off: placeOf(reading, off.at) }
  const failed = option('skipFailedRequests')
  // With `requestWasSuccessful` the program says itself what a failed request is.
  if (failed === undefined || option('requestWasSuccessful') !== undefined || !isAlways(failed, true)) return {}
  return refusesByStatus(reading) ? { off: placeOf(reading, failed.at) } : { unsure: true }
}

const isAlways = (value: Value, wanted: boolean): boolean =>
  possibilities(value).every((one) => one.kind === 'literal' && one.value === wanted)

/**
 * Whether whatever is asked is answered true, in production too, or whoever asks to be left out is: `() => true`,
 * `(req) => req.query.unlimited`, or nothing is counted until somebody switches it on: `() => process.env.LIMITS !== 'on'`.
 */
export const skipsAll = (reading: Reading, skip: Value | undefined): Value | undefined =>
  skip?.kind === 'function' &&
  (isAlways(reading.evaluator.returned(skip), true) ||
    answersSo(reading, skip, (one, scope) => answersAsAsked(reading, one, scope)) ||
    answersSo(reading, skip, (one, scope, by) => isSwitchedOff(reading, skip, one, scope, by)) ||
    letsStrangersThrough(reading, skip, 'true'))
    ? skip
    : undefined

type FunctionValue = Extract<Value, { kind: 'function' }>

const answersSo = (
  reading: Reading,
  { node, scope }: FunctionValue,
  isSo: (answer: Node, scope: Scope, by: Node) => boolean,
): boolean => {
  let found = false
  walkBody(node.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined)
      found ||= isSo(one.value, reading.program.scopeOf(one) ?? scope, one)
  })
  return found
}

/** `(req) => req.headers['x-internal'] === 'yes' || isHealth(req)` */
const answersAsAsked = (reading: Reading, answer: Node, scope: Scope): boolean =>
  isAsked(answer, scope) ||
  // `() => process.env.NODE_ENV === 'production'` is the wrong way round.
  (/^(?:binary|unary)$/.test(answer.kind) && whenTrue(reading, answer, scope) === 'production')

/** `() => process.env.RATE_LIMIT !== 'on'`, where no `if` is around it and none before it has answered for production. */
const isSwitchedOff = (reading: Reading, { node }: FunctionValue, answer: Node, scope: Scope, by: Node): boolean =>
  answer.kind !== 'literal' &&
  node.body.includes(by) &&
  whenOf(reading, by) !== 'development' &&
  isTrueByDefault(reading, answer, scope)

/** `handler: (req, res, next) => next()`: it answers nothing, throws nothing and marks nothing for those who come after it. */
const passesOn = (handler: Value | undefined): Value | undefined => {
  if (handler?.kind !== 'function') return
  const [, response, next] = handler.node.parameters
  const goesOn = next !== undefined && !refuses(handler.node.body, response, next)
  return goesOn ? handler : undefined
}

const refuses = (body: readonly Node[], response: Parameter | undefined, next: Parameter): boolean => {
  const names = [response, next].map((one) => one && lastName(one.target))
  let mayRefuse = false
  let calls = 0
  walk(body, (one) => {
    if (one.kind === 'throw' || (one.kind === 'assign' && one.target.kind === 'member')) mayRefuse = true
    if (one.kind === 'name' && one.name === names[0]) mayRefuse = true
    if (one.kind !== 'call' || one.callee.kind !== 'name' || one.callee.name !== names[1]) return
    calls += 1
    // `next(error)` is an answer.
    if (one.args.length > 0) mayRefuse = true
  })
  return mayRefuse || calls === 0
}

/** A form that is sent back to its page answers 302, which counts as a success, and so does 200 with an error in it. */
const refusesByStatus = (reading: Reading): boolean => {
  const texts = [...reading.program.modules.values()].map(({ text }) => text)
  return (
    texts.some((text) => /\b40[13]\b|unauthori[sz]ed/i.test(text)) &&
    !texts.some((text) => /redirect\(|failureRedirect/i.test(text))
  )
}
