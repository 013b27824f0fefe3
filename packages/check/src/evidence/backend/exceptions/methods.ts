/** Guards that let whoever reads through: `if request.method == "GET": return`. */
import { lastName, type Node, possibilities, type Scope, type Value, walkBody } from '../../source/index.ts'
import type { GlobalGuard } from '../facts.ts'
import { handsOn, type Way } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** A test of nothing but the method; one that asks for a path beside it names a route. */
export const methodFaults = (
  reading: Reading,
  { node, scope }: FunctionValue,
  way: Way,
): GlobalGuard['faults'][number][] => {
  const faults: GlobalGuard['faults'][number][] = []
  walkBody(node.body, (one) => {
    if (one.kind === 'if' && asksGet(reading, one.test, scope) && handsOn(reading, one.consequent, way))
      faults.push({ what: 'an exception by the method: GET', at: placeOf(reading, one.test.at) })
  })
  return faults
}

const asksGet = (reading: Reading, test: Node, scope: Scope): boolean => {
  if (test.kind === 'logical' && test.operator === '||')
    return [test.left, test.right].some((one) => asksGet(reading, one, scope))
  if (test.kind === 'binary')
    return (
      /^(?:===|in)$/.test(test.operator) &&
      [test.left, test.right].some(isMethod) &&
      [test.left, test.right].some((one) => holdsGet(reading, one, scope))
    )
  return (
    test.kind === 'call' &&
    test.callee.kind === 'member' &&
    /^(?:includes|has)$/.test(lastName(test.callee) ?? '') &&
    test.args.some(isMethod) &&
    holdsGet(reading, test.callee.object, scope)
  )
}

const isMethod = (node: Node): boolean => node.kind === 'member' && lastName(node) === 'method'

const holdsGet = (reading: Reading, node: Node, scope: Scope): boolean =>
  possibilities(reading.evaluator.value(node, reading.program.scopeOf(node) ?? scope))
    .flatMap((one) => (one.kind === 'list' ? one.items : [one]))
    .some((one) => one.kind === 'literal' && one.value === 'GET')
