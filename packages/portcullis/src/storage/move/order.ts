import type { TableShape } from './side.ts'

/** The tables, each after those that it refers to. Throws an Error with one sentence when some refer to each other in a circle. */
export const inOrder = (tables: readonly TableShape[]): readonly TableShape[] => {
  const left = new Set(tables.map(({ name }) => name))
  const ordered: TableShape[] = []
  while (left.size > 0) {
    const free = tables.filter(
      ({ name, refersTo }) => left.has(name) && !refersTo.some((other) => other !== name && left.has(other)),
    )
    if (free.length === 0)
      throw new Error(
        `The tables ${[...left].join(', ')} refer to each other in a circle, and no order lets them be copied: make one of those foreign keys by a migration after the move.`,
      )
    for (const table of free) {
      ordered.push(table)
      left.delete(table.name)
    }
  }
  return ordered
}
