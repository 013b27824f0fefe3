import { type Call, type Node, type Scope, walk } from '../source/index.ts'
import type { Reading } from './reading.ts'

/** Whether such a node stands in a body, or in those of the functions that are called from it, so many calls deep. */
export const standsIn = (
  reading: Reading,
  body: readonly Node[],
  scope: Scope,
  isSuch: (node: Node) => boolean,
  calls: number,
): boolean => {
  const inCalled = (node: Call): boolean => {
    const called = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? scope)
    if (called.kind !== 'function' || called.node.body === body) return false
    return standsIn(reading, called.node.body, called.scope, isSuch, calls - 1)
  }
  let found = false
  walk(body, (node) => {
    found ||= isSuch(node) || (calls > 0 && node.kind === 'call' && inCalled(node))
    return !found
  })
  return found
}
