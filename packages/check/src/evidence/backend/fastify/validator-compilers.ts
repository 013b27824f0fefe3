/** Compilers of validators that validate nothing: `app.setValidatorCompiler(() => () => true)` switches every schema off. */
import { type Node, possibilities, type Value, walkBody } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

/** Where one is set whose validators certainly refuse nothing. */
export const idleCompiler = (reading: Reading): Place | undefined => {
  for (const name of ['setValidatorCompiler', 'withValidatorCompiler'])
    for (const { node, scope } of reading.program.callsNamed(name)) {
      const [given] = node.args
      const compiler = given && reading.evaluator.value(given, scope)
      if (compiler?.kind === 'function' && possibilities(reading.evaluator.returned(compiler)).every(refusesNothing))
        return placeOf(reading, node.at)
    }
  return
}

/** It calls nothing, throws nothing, and gives back neither `error` nor false. */
const refusesNothing = (validator: Value): boolean => {
  if (validator.kind !== 'function') return false
  let may = false
  walkBody(validator.node.body, (one) => {
    if (one.kind === 'call' || one.kind === 'throw') may = true
    if (one.kind === 'return' && one.value !== undefined) may ||= !isAccepted(one.value)
    return !may
  })
  return !may
}

const isAccepted = (node: Node): boolean => {
  if (node.kind === 'literal') return node.value === true
  return (
    node.kind === 'object' &&
    node.spreads.length === 0 &&
    node.entries.every(({ key }) => key.kind === 'literal' && key.value === 'value')
  )
}
