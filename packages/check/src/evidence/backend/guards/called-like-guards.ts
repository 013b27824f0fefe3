/** Functions that are called like guards, and show no refusal: what else they do decides. */
import { pathOf, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { isIdle, letsThrough, NONE } from './going-on.ts'
import { mayRefuse } from './refusals.ts'
import { isWrittenByCaller } from './written-by-caller.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** A call of what nobody knows that is given something: `ensureUser(req, res, next)`, `validate(request)`. */
export const handsRequestOn = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind !== 'call' || one.args.length === 0 || isIdle(one) || letsThrough(reading, one, 'next', NONE)) return
    const at = reading.program.scopeOf(one) ?? scope
    const callee = reading.evaluator.value(one.callee, at)
    const isKnown = callee.kind === 'function' || (callee.kind === 'external' && callee.from === 'global')
    const [root = ''] = pathOf(one.callee) ?? []
    found ||= !isKnown && !/^(?:res|response|reply)$/.test(root) && !isWrittenByCaller(one, at)
  })
  return found
}

/** `res.locals.session = await getSession(req); next()`: whatever it is called, it refuses nobody. */
export const onlyTells = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  const goesOn = node.body.some((one) => letsThrough(reading, one, 'next', NONE))
  return goesOn && !standsIn(reading, node.body, scope, mayRefuse, 3)
}
