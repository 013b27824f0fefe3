/** What a value is as a number. */
import type { At } from './tree.ts'
import { either, possibilities, unknown, type Value } from './value.ts'

export const numeric = (value: Value | undefined): number | undefined => {
  if (value?.kind !== 'literal' || value.value === null || value.value === '') return
  const number = Number(value.value)
  return Number.isNaN(number) ? undefined : number
}

/** What `Number(x)` comes to; a setting stays what it is. */
export const asNumber = (value: Value, at: At): Value =>
  either(
    possibilities(value).map((one) => {
      if (one.kind === 'instant' || one.kind === 'duration') return one
      // A moment whose distance is a setting.
      if (one.kind === 'unknown' && one.label?.[0] === 'timedelta') return one
      if (one.kind === 'env') return { ...one, number: true }
      const number = numeric(one)
      return number === undefined ? unknown(at) : { kind: 'literal', value: number, at: one.at }
    }),
    at,
  )
