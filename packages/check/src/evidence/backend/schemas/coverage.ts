import type { RawInput } from './inputs.ts'
import type { From } from './origins.ts'

/** Which values of a request something has looked at: all of a part, or some of its keys. */
export interface Coverage {
  readonly add: (from: From, keys?: readonly string[]) => void
  readonly has: (from: From) => boolean
  readonly holds: (raw: RawInput) => boolean
}

export const coverage = (): Coverage => {
  const whole = new Set<From>()
  const some = new Map<From, Set<string>>()
  return {
    add: (from, keys) => {
      if (keys === undefined) whole.add(from)
      else some.set(from, new Set([...(some.get(from) ?? []), ...keys]))
    },
    has: (from) => whole.has(from) || some.has(from),
    holds: ({ from, keys }) =>
      whole.has(from) || (keys.length > 0 && keys.every((key) => some.get(from)?.has(key) === true)),
  }
}
