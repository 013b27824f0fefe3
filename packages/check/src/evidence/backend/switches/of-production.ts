import type { Value } from '../../source/index.ts'
import { type Reading, whenOf } from '../reading.ts'

/**
 * Of the values that a setting may have, those that it has in production: `let origin = '*'; if (production) origin = LIST` is the
 * list there. All of them where none is.
 */
export const ofProduction = (reading: Reading, values: readonly Value[]): readonly Value[] => {
  if (values.length < 2) return values
  const read = values.map((value) => ({ value, when: value.by === undefined ? 'always' : whenOf(reading, value.by) }))
  const kept = read.filter(({ when }) => when !== 'development')
  const only = kept.filter(({ when }) => when === 'production')
  const [last = read] = [only, kept].filter((one) => one.length > 0)
  return last.map(({ value }) => value)
}
