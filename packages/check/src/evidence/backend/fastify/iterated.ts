/** What a loop, or a callback of `forEach`, is run with. */
import { type Frame, lastName, type Node, pathOf, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** A list that is longer is read no further: each item is a run of the whole body. */
const MOST_ITEMS = 200

/** The items of a list, or of `Object.entries(…)` and `Object.values(…)`. */
export const itemsOf = (
  reading: Reading,
  node: Node,
  scope: Scope,
  frame: Frame | undefined,
): readonly Value[] | undefined => {
  const of =
    node.kind === 'call' && /^Object\.(?:entries|values)$/.test(pathOf(node.callee)?.join('.') ?? '') ? node : undefined
  const value = reading.evaluator.value(of?.args[0] ?? node, scope, frame)
  const list = possibilities(value).find((one) => one.kind === 'list')
  if (list?.kind === 'list') return list.items.slice(0, MOST_ITEMS)
  if (of === undefined || (value.kind !== 'object' && value.kind !== 'module')) return
  const pairs = lastName(of.callee) === 'entries'
  return entriesOf(reading, value)
    .slice(0, MOST_ITEMS)
    .map(([key, one]) =>
      pairs ? { kind: 'list', items: [{ kind: 'literal', value: key, at: one.at }, one], at: one.at } : one,
    )
}

/** The members of an object, or of a module that was imported whole. */
const entriesOf = (
  reading: Reading,
  value: Extract<Value, { kind: 'object' | 'module' }>,
): readonly (readonly [string, Value])[] => {
  if (value.kind === 'object') return [...value.entries]
  const names = value.module.body.flatMap((one) =>
    one.kind === 'export' ? one.names.map(({ exported }) => exported) : [],
  )
  return names
    .filter((one) => one !== '*')
    .map((name) => [name, reading.evaluator.member(value, name, value.at)] as const)
}
