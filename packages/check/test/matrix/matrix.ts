// Variants × items: what the checker must say of each app, and what it says. Red on the diagonal, and nowhere else.

import { type ItemId, items, type Observation, type Outcome, outcomeOf } from '../../src/items/index.ts'
import type { Variant } from '../apps/variant.ts'
import { exceptions } from './exceptions.ts'
import { fromOutside } from './live.ts'
import { fromSource } from './source.ts'
import { type Stack, unable } from './stacks.ts'

export type Side = 'source' | 'live'

export const ten: readonly ItemId[] = items.filter((item) => item.ten).map(({ id }) => id)

/** No probe judges these: the ground for both is in the source alone. */
export const SOURCE_ONLY: readonly ItemId[] = ['validators', 'hardcoded-secret']

export interface Row {
  readonly stack: string
  readonly side: Side
  /** Undefined for the secure app. */
  readonly variant: Variant | undefined
  /** An item that this side doesn't judge has no cell. */
  readonly cells: ReadonlyMap<ItemId, Outcome>
  /** The cells that aren't what they must be, in words. */
  readonly wrong: readonly string[]
}

/** What has to be looked at: every app's source, and the apps whose flaw shows outside in an item that probes judge. */
export const lookedAt = (side: Side, { variants }: Stack): readonly (Variant | undefined)[] => [
  undefined,
  ...variants.filter((one) => side === 'source' || (one.live && !SOURCE_ONLY.includes(one.item))),
]

const right = (side: Side, column: ItemId, stack: string, variant: Variant | undefined): readonly Outcome[] => {
  const plain: Outcome = variant?.item === column ? 'fail' : 'pass'
  const others = exceptions.filter((one) => one.side === side && one.column === column && one.holds(stack, variant))
  return [plain, ...others.map((one) => one.outcome)]
}

const rowOf = (side: Side, stack: string, variant: Variant | undefined, seen: readonly Observation[]): Row => {
  const of = (id: ItemId): readonly Observation[] => seen.filter((one) => one.id === id)
  const judged = ten.filter((id) => side === 'source' || !SOURCE_ONLY.includes(id))
  const cells = new Map(judged.map((id) => [id, outcomeOf([of(id)])]))
  const wrong = [...cells].flatMap(([id, outcome]) => {
    const expected = right(side, id, stack, variant)
    if (expected.includes(outcome)) return []
    const why = of(id).map((one) => `\n  ${one.outcome}: ${one.summary} ${JSON.stringify(one.evidence)}`)
    return [
      `${id} is ${outcome}, not ${expected.join(' or ')}${why.slice(0, 6).join('') || ': nothing was said of it'}`,
    ]
  })
  return { stack, side, variant, cells, wrong }
}

/** One row: the app as it is committed, or as it runs. */
export const judged = async (side: Side, stack: Stack, variant: Variant | undefined): Promise<Row> => {
  const look = side === 'source' ? () => fromSource(stack.name, variant) : () => fromOutside(stack, variant)
  const row = rowOf(side, stack.name, variant, await look())
  // A machine that is busy answers late, and what wasn't answered in time isn't proven: that alone is asked again, once.
  return isLate(row) ? rowOf(side, stack.name, variant, await look()) : row
}

const isLate = ({ side, wrong }: Row): boolean =>
  side === 'live' && wrong.length > 0 && wrong.every((one) => one.includes(' is not-proven, '))

export const titleOf = (variant: Variant | undefined): string =>
  variant === undefined ? 'the secure app' : `${variant.item}: ${variant.name}`

export interface Matrix {
  readonly rows: readonly Row[]
  /** What could not be run, and why. */
  readonly skipped: readonly string[]
}

/** Every row of one side; at most `width` apps at once. */
export const matrixOf = async (
  side: Side,
  stacks: readonly Stack[],
  width: number,
  done: (row: Row) => void = () => {},
): Promise<Matrix> => {
  const skipped = side === 'live' ? stacks.flatMap((stack) => unable(stack) || []) : []
  const waiting = stacks
    .filter((stack) => side === 'source' || unable(stack) === false)
    .flatMap((stack) => lookedAt(side, stack).map((variant) => ({ stack, variant })))
  const rows: Row[] = new Array(waiting.length)
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < waiting.length; at = next++) {
      const one = waiting[at]
      if (one === undefined) return
      const row = await judged(side, one.stack, one.variant)
      rows[at] = row
      done(row)
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  return { rows, skipped }
}
