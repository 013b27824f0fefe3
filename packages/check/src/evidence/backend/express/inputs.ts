/** What an Express route takes in, and what checks it. */
import { possibilities } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { rawInputs, validatedBy, validatedInline, validatedProblems } from '../schemas/index.ts'
import type { Registration } from './apps.ts'
import { classValidated } from './class-validator.ts'

type From = Input['from']

export const inputsOf = (reading: Reading, registration: Registration, path: string): Input[] => {
  const inputs: Input[] = []
  const checked = new Set<From>()
  const take = (validations: ReturnType<typeof validatedBy>) => {
    for (const validated of validations ?? []) {
      const { from, schema } = validated
      for (const one of from === 'all' ? (['body', 'query', 'path'] as const) : [from]) {
        const { problems, unread } = validatedProblems(reading, validated, one)
        checked.add(one)
        inputs.push({
          from: one,
          at: placeOf(reading, schema.at),
          problems,
          ...(unread === undefined ? {} : { unread }),
        })
      }
    }
  }
  const handlers = registration.handlers.filter(({ value, node, located }) => {
    const byClass = classValidated(reading, value)
    if (byClass !== undefined) {
      for (const one of byClass) checked.add(one.from)
      inputs.push(...byClass)
      // A handler that checks its own body may read the rest of the request besides.
      return registration.handlers.at(-1)?.value === value
    }
    const validated = validatedBy(reading, value, node, located.scope)
    take(validated)
    return validated === undefined
  })
  for (const { value } of handlers)
    for (const one of possibilities(value)) {
      if (one.kind !== 'function') continue
      take(validatedInline(reading, one.node, one.scope, one.frame))
      for (const raw of rawInputs(reading, one.node, one.scope, one.frame)) {
        if (checked.has(raw.from) || (raw.from === 'path' && !/[:*]/.test(path))) continue
        checked.add(raw.from)
        inputs.push({ from: raw.from, at: raw.at, problems: [{ what: 'nothing checks it', at: raw.at }] })
      }
    }
  return inputs
}
