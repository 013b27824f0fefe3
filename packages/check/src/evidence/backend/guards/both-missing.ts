/**
 * Guards of Python's that compare what may be missing with what may be unset: `if request.headers.get("X-Api-Key") != os.getenv("API_KEY")`.
 * Where nobody sets the variable, whoever sends nothing is let in: None is None.
 */
import {
  lastName,
  lookup,
  type Node,
  type Parameter,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { byDefault, startsWithout } from '../switches/index.ts'
import { goesThrough, type Way } from './going-on.ts'
import { isFilled, isWrittenByCaller } from './written-by-caller.ts'

/** Whether whoever sends nothing comes through where nobody sets anything. */
export const takesNothingForKey = (
  reading: Reading,
  { node: { body }, scope }: Extract<Value, { kind: 'function' }>,
  way: Way,
): boolean =>
  scope.module.language === 'python' &&
  body.some((one, index) => {
    const equal =
      one.kind === 'if' ? ofEquals(reading, one.test, reading.program.scopeOf(one.test) ?? scope) : undefined
    if (one.kind !== 'if' || equal === undefined) return false
    const reached = equal ? one.consequent : one.alternate
    return goesThrough(reading, [...body.slice(0, index), ...reached, ...body.slice(index + 1)], way)
  })

/** What a comparison of two that may both be None comes to there; undefined for any other test. */
const ofEquals = (reading: Reading, test: Node, scope: Scope): boolean | undefined => {
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = ofEquals(reading, test.operand, scope)
    return inner === undefined ? undefined : !inner
  }
  if (test.kind !== 'binary' || !/^[!=]==$/.test(test.operator)) return
  const [sent, kept] = isUnset(reading, test.left, scope) ? [test.right, test.left] : [test.left, test.right]
  return isUnset(reading, kept, scope) && mayBeMissing(reading, sent, scope) ? test.operator === '===' : undefined
}

/** `os.getenv("KEY")`, which no file of the project sets, and without which the program starts. */
const isUnset = (reading: Reading, node: Node, scope: Scope): boolean => {
  const values = possibilities(reading.evaluator.value(node, scope))
  return (
    byDefault(reading, node, scope) === false &&
    values.every((one) => one.kind === 'env' && startsWithout(reading, one) && !isAskedFor(reading, one.name))
  )
}

/** `if not KEY: raise RuntimeError`, `assert KEY`: somewhere the program asks for it, and may stop without it. */
const isAskedFor = (reading: Reading, name: string): boolean => {
  const asks = (test: Node, around: Scope): boolean => {
    let found = false
    walk([test], (one) => {
      found ||=
        (one.kind === 'name' || one.kind === 'member' || one.kind === 'call') &&
        possibilities(reading.evaluator.value(one, around)).some((each) => each.kind === 'env' && each.name === name)
      return !found
    })
    return found
  }
  return [...reading.program.modules.values()].some((module) =>
    [...reading.program.scopes(module).around].some(
      ([node, around]) =>
        node.kind === 'if' &&
        (node.test.kind !== 'binary' || node.test.right.kind === 'literal') &&
        asks(node.test, around),
    ),
  )
}

/** What gives None where the caller sends nothing: `request.headers.get("X-Api-Key")`, `x_api_key: str | None = Header(None)`. */
const mayBeMissing = (reading: Reading, node: Node, scope: Scope, depth = 0): boolean => {
  if (node.kind === 'call')
    return (
      lastName(node.callee) === 'get' &&
      node.args.length === 1 &&
      node.named.size === 0 &&
      isWrittenByCaller(node, scope)
    )
  if (node.kind !== 'name' || depth > 2) return false
  const [binding, ...more] = lookup(scope, node.name)
  if (binding?.kind === 'parameter')
    return isFilledWithNone(reading, binding.node.parameters[binding.index], binding.scope)
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  return more.length === 0 && value !== undefined && mayBeMissing(reading, value, scope, depth + 1)
}

/** By its default, or by a scheme that refuses nobody: `Security(APIKeyHeader(name="X-Api-Key", auto_error=False))`. */
const isFilledWithNone = (reading: Reading, parameter: Parameter | undefined, scope: Scope): boolean => {
  const initial = parameter?.initial
  if (initial === undefined) return false
  if (isNone(initial)) return isFilled(parameter)
  if (initial.kind !== 'call') return false
  const given = initial.named.get('default') ?? initial.args[0]
  if (/^(?:Header|Cookie)$/.test(lastName(initial.callee) ?? ''))
    return given !== undefined && isNone(given) && isFilled(parameter)
  const scheme = given === undefined ? undefined : reading.evaluator.value(given, scope)
  const refuses = scheme?.kind === 'external' ? scheme.call?.node.named.get('auto_error') : undefined
  return refuses?.kind === 'literal' && refuses.value === false
}

const isNone = (node: Node): boolean => node.kind === 'literal' && node.value === null
