/** express-validator's matchedData: what no chain names is left out of it, and a handler that reads nothing else never sees it. */
import { isFrom, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { EXPRESS_VALIDATOR } from '../schemas/index.ts'
import type { Registration } from './apps.ts'

/** The same inputs, without the keys that nobody reads; `read` are the parts of the request that are read as they came. */
export const withoutUnmatched = (
  reading: Reading,
  { handlers }: Registration,
  inputs: readonly Input[],
  read: ReadonlySet<Input['from']>,
): Input[] => {
  if (!handlers.some(({ value }) => functionsIn(value).some((one) => takesMatched(reading, one)))) return [...inputs]
  return inputs.map((one) =>
    read.has(one.from)
      ? one
      : { ...one, problems: one.problems.filter(({ what }) => what !== `${one.from}: unknown keys pass`) },
  )
}

type FunctionValue = Extract<Value, { kind: 'function' }>

const functionsIn = (value: Value): readonly FunctionValue[] =>
  possibilities(value).flatMap((one) =>
    one.kind === 'function' ? [one] : one.kind === 'list' ? one.items.flatMap(functionsIn) : [],
  )

const takesMatched = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'call' && lastName(one.callee) === 'matchedData')
      found ||= isFrom(
        reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope),
        EXPRESS_VALIDATOR,
        'matchedData',
      )
    return !found
  })
  return found
}
