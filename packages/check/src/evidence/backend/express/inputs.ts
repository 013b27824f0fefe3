/** What an Express route takes in, and what checks it. */
import { possibilities, type Value } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import {
  bind,
  boundKeys,
  type Coverage,
  coverage,
  EXPRESS_VALIDATOR,
  partsIn,
  type RawInput,
  rawInput,
  rawInputs,
  replacesBody,
  soundAfter,
  storedAsItCame,
  storedProblem,
  type Validated,
  validatedBy,
  validatedInline,
  validatedProblems,
} from '../schemas/index.ts'
import { isChosenOff } from '../switches/index.ts'
import type { Registration } from './apps.ts'
import { classValidated } from './class-validator.ts'
import { isUnseen, withoutUnmatched } from './matched-data.ts'
import { asksResult } from './validation-results.ts'

type From = Input['from']

export const inputsOf = (reading: Reading, registration: Registration, path: string): Input[] => {
  const inputs: Input[] = []
  const checked = coverage()
  const checks: Validated[] = []
  const read: RawInput[] = []
  const chained = new Set<string>()
  const asked = asksResult(reading, registration)
  let replaced = false
  /** @param gives whether what comes through takes the place of what came in */
  const take = (validations: ReturnType<typeof validatedBy>, gives: boolean) => {
    checks.push(...(validations ?? []))
    for (const validated of validations ?? []) {
      const { from, schema } = validated
      for (const one of partsIn(from)) {
        const { problems, unread, keys, named } = validatedProblems(reading, validated, one)
        for (const key of isChain(reading, validated) ? (keys ?? []) : []) chained.add(`${one} ${key}`)
        const at = placeOf(reading, schema.at)
        checked.add(one, validated.keys, gives ? undefined : named)
        inputs.push({
          from: one,
          at,
          problems:
            asked || !isChain(reading, validated) ? problems : [{ what: 'nobody looks at what the chain found', at }],
          ...(unread === undefined ? {} : { unread }),
        })
      }
    }
  }
  // A handler that checks its own body may read the rest of the request besides.
  const last = registration.handlers.at(-1)
  const validating = new Set<Registration['handlers'][number]>()
  const handlers = registration.handlers.filter((handler) => {
    const { value, node, located } = handler
    const byClass = classValidated(reading, value)
    if (byClass !== undefined) {
      for (const one of byClass) checked.add(one.from)
      inputs.push(...byClass)
      return handler === last
    }
    const validates = (one: Value) => validatedBy(reading, one, node, located.scope) !== undefined
    if (isChosenOff(reading, node, validates)) return handler === last
    const validated = validatedBy(reading, value, node, located.scope)
    // What a package does with the body that it validates is not seen.
    const gives = possibilities(value).some(
      (one) => one.kind !== 'function' || replacesBody(reading, one.node, one.scope, one.frame),
    )
    take(validated, gives)
    if (validated !== undefined) validating.add(handler)
    if (validated === undefined || handler === last) return true
    replaced ||= gives
    return false
  })
  const known = new Set([...boundKeys(path, '('), ...soundParameters(reading, registration)])
  for (const handler of handlers) {
    for (const one of possibilities(handler.value)) {
      if (one.kind !== 'function') continue
      if (!validating.has(handler))
        take(
          validatedInline(reading, one.node, one.scope, one.frame),
          replacesBody(reading, one.node, one.scope, one.frame),
        )
      for (const at of replaced ? [] : storedAsItCame(reading, checks, one.node, one.scope, one.frame))
        inputs.push({ from: 'body', at, problems: [storedProblem(at)] })
      for (const raw of rawInputs(reading, one.node, one.scope, one.frame, known)) {
        if (!raw.sound) read.push(raw)
        if (checked.holds(raw) || (raw.from === 'path' && !/[:*]/.test(path))) continue
        if (raw.sound && inputs.some((input) => input.from === raw.from)) continue
        const unnamed = checked.without(raw)
        if (!raw.sound) checked.add(raw.from)
        inputs.push(rawInput(raw, unnamed))
      }
    }
    if (handler.value.kind === 'function') for (const one of soundAfter(reading, handler.value)) known.add(one)
  }
  return [
    ...withoutUnmatched(reading, registration, inputs, read, chained),
    ...unreadOf(reading, registration, path, checked),
  ]
}

/** What `router.param('id', (req, res, next, id) => …)` lets through. */
const soundParameters = (reading: Reading, { parameters }: Registration): readonly string[] =>
  parameters.flatMap(({ name, value }) => {
    if (value.kind !== 'function') return []
    const [request, , , given] = value.node.parameters
    return [
      ...soundAfter(
        reading,
        value,
        new Map([
          ...(request ? bind(request.target, { kind: 'request' }) : []),
          ...(given ? bind(given.target, { kind: 'input', from: 'path', key: name }) : []),
        ]),
      ),
    ]
  })

const isChain = (reading: Reading, { schema, scope, frame }: Validated): boolean =>
  possibilities(reading.evaluator.value(schema, scope, frame)).every(
    (one) => one.kind === 'external' && EXPRESS_VALIDATOR.test(one.from),
  )

/** What a handler that nobody could find may take: an object's method where nothing is known of the object. */
const unreadOf = (reading: Reading, registration: Registration, path: string, checked: Coverage): Input[] => {
  const last = registration.handlers.at(-1)
  if (last === undefined || !possibilities(last.value).every(isUnseen)) return []
  const takes: From[] = []
  if (/^(?:POST|PUT|PATCH)$/.test(registration.method) && !checked.has('body')) takes.push('body')
  if (/[:*]/.test(path) && !checked.has('path')) takes.push('path')
  const at = placeOf(reading, last.node.at)
  return takes.map((from) => ({ from, at, problems: [], unread: 'its handler could not be found' }))
}
