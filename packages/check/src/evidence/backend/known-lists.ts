/** Lists that the program writes out, in any of the ways that JavaScript has for them. */
import type { Value } from '../source/index.ts'
import type { Reading } from './reading.ts'

/** `new Set([…])`, lists, and what a `new Map([[…]])` has entries for. */
export const listIn = (reading: Reading, value: Value): readonly Value[] | undefined => {
  if (value.kind === 'list') return value.items
  const entries = entriesIn(reading, value)
  return entries === undefined ? madeOf(reading, value, 'Set') : [...entries].map(([key]) => key)
}

/** The entries of a `new Map([['/login', ['POST']]])`. */
export const entriesIn = (reading: Reading, value: Value): readonly (readonly [Value, Value])[] | undefined => {
  const pairs = madeOf(reading, value, 'Map')?.map((one) => (one.kind === 'list' ? one.items : []))
  return pairs?.flatMap(([key, kept]) => (key === undefined || kept === undefined ? [] : [[key, kept] as const]))
}

const madeOf = (reading: Reading, value: Value, name: 'Map' | 'Set'): readonly Value[] | undefined => {
  if (value.kind !== 'external' || value.from !== 'global' || !value.path.includes(name)) return
  if (value.call?.node.args[0] === undefined) return
  const given = reading.evaluator.value(value.call.node.args[0], value.call.scope, value.frame)
  return given.kind === 'list' ? given.items : undefined
}
