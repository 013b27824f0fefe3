/**
 * What no chain of express-validator names is still in the body. A handler never sees it that reads nothing but matchedData, or
 * each value by a name that a chain has: `const { email, password } = req.body`.
 */
import { isFrom, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { EXPRESS_VALIDATOR, type RawInput } from '../schemas/index.ts'
import type { Registration } from './apps.ts'

/** The same inputs, without the keys that nobody reads; `read` is what is read as it came, `named` what chains look at: `body email`. */
export const withoutUnmatched = (
  reading: Reading,
  { handlers }: Registration,
  inputs: readonly Input[],
  read: readonly RawInput[],
  named: ReadonlySet<string>,
): Input[] => {
  const functions = handlers.flatMap(({ value }) => functionsIn(value))
  const isAllRead = functions.some((one) => takesMatched(reading, one)) || read.length > 0
  if (!isAllRead || functions.some((one) => handsOver(reading, one))) return [...inputs]
  const isSeen = ({ from, keys }: RawInput): boolean =>
    keys.length === 0 || keys.some((key) => !named.has(`${from} ${key}`))
  return inputs.map((one) =>
    read.some((each) => each.from === one.from && isSeen(each))
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

/** `service.create(req)`, of which nothing is known. */
const handsOver = (reading: Reading, { node, scope, frame }: FunctionValue): boolean => {
  const request = node.parameters[0]?.target
  let found = false
  walk(node.body, (one) => {
    if (one.kind !== 'call' || request?.kind !== 'name') return
    if (!one.args.some((arg) => arg.kind === 'name' && arg.name === request.name)) return
    const callee = reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope, frame)
    found ||= possibilities(callee).some(isUnseen)
  })
  return found
}

/** Of a function that nobody could find nothing is known. */
export const isUnseen = (value: Value): boolean =>
  value.kind === 'unknown' || (value.kind === 'external' && value.from === 'global')
