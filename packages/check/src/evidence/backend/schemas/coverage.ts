import type { RawInput } from './inputs.ts'
import type { From } from './origins.ts'

/** Which values of a request something has looked at: all of a part, or some of its keys. */
export interface Coverage {
  /** @param keys those that were looked at alone @param named those that a schema names which only drops the others: what came in still has them */
  readonly add: (from: From, keys?: readonly string[], named?: readonly string[]) => void
  readonly has: (from: From) => boolean
  readonly holds: (raw: RawInput) => boolean
  /** The keys of a part that was looked at which nothing names. */
  readonly without: (raw: RawInput) => readonly string[]
}

export const coverage = (): Coverage => {
  /** Undefined: whatever is read of it was looked at, or can't be there. */
  const whole = new Map<From, readonly string[] | undefined>()
  const some = new Map<From, Set<string>>()
  const without = ({ from, keys }: RawInput): readonly string[] => {
    const named = whole.get(from)
    return whole.has(from) && named === undefined
      ? []
      : keys.filter((key) => !named?.includes(key) && some.get(from)?.has(key) !== true)
  }
  return {
    add: (from, keys, named) => {
      if (keys !== undefined) some.set(from, new Set([...(some.get(from) ?? []), ...keys]))
      else if (named === undefined || (whole.has(from) && whole.get(from) === undefined)) whole.set(from, undefined)
      else whole.set(from, [...(whole.get(from) ?? []), ...named])
    },
    has: (from) => whole.has(from) || some.has(from),
    holds: (raw) => (raw.keys.length > 0 ? without(raw).length === 0 : whole.has(raw.from)),
    without: (raw) => (whole.has(raw.from) ? without(raw) : []),
  }
}
