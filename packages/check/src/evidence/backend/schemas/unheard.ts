/**
 * Validations that throw what is wrong, where nobody hears it: a promise that nobody waits for, or a `catch` after which the request
 * goes on as it came.
 */
import { type Call, lastName, type Node, possibilities } from '../../source/index.ts'
import { goesOnAfter, isLeft } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { restAfter } from '../statements.ts'
import { chainOf } from './chain.ts'
import { type Origins, readsInput } from './origins.ts'

export const isUnheard = (reading: Reading, origins: Origins, call: Call): boolean =>
  (isPromise(reading, origins, call) && isLeft(reading, call, origins.fn.body)) || isSwallowed(reading, origins, call)

/** Zod's and Joi's by their names; Yup's `validate` always is one. */
const isPromise = (reading: Reading, { scopeOf, frame }: Origins, { callee }: Call): boolean => {
  const name = lastName(callee) ?? ''
  if (/^(?:parseAsync|validateAsync)$/.test(name)) return true
  if (name !== 'validate' || callee.kind !== 'member') return false
  return possibilities(reading.evaluator.value(callee.object, scopeOf(callee), frame)).some(
    (one) => one.kind === 'external' && /^yup/.test(chainOf(reading, one).from),
  )
}

/** `try { req.body = schema.parse(req.body) } catch (error) { console.log(error) } next()` */
const isSwallowed = (reading: Reading, origins: Origins, call: Call): boolean => {
  let inner: Node = call
  for (let one = reading.program.parentOf(call); one !== undefined && one !== origins.fn; ) {
    if (one.kind === 'function') return false
    if (one.kind === 'try' && one.body.includes(inner)) {
      const caught = one.handlers.flatMap((clause) => (clause.kind === 'other' ? clause.children : [clause]))
      const rest = restAfter(origins.fn.body, one) ?? []
      return one.handlers.length > 0 && goesOnAfter(reading, [...caught, ...rest], (each) => readsInput(origins, each))
    }
    inner = one
    one = reading.program.parentOf(one)
  }
  return false
}
