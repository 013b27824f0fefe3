// Where something else than a failure on the diagonal and a pass elsewhere is right, and why. Each must be needed by some row.

import type { ItemId, Outcome } from '../../src/items/index.ts'
import type { Variant } from '../apps/variant.ts'

export interface Exception {
  readonly side: 'source' | 'live'
  readonly column: ItemId
  readonly outcome: Outcome
  /** The rows; the secure app has no variant. */
  readonly rows: string
  readonly holds: (stack: string, variant: Variant | undefined) => boolean
  readonly reason: string
}

const breaks =
  (item: ItemId) =>
  (_stack: string, variant: Variant | undefined): boolean =>
    variant?.item === item

export const exceptions: readonly Exception[] = [
  {
    side: 'source',
    column: 'forwarded-for',
    outcome: 'not-applicable',
    rows: 'auth-rate-limit, no limiter anywhere',
    holds: (_, variant) => variant?.item === 'auth-rate-limit' && variant.name === 'no limiter anywhere',
    reason: 'where nothing is counted, nothing is counted by the wrong key',
  },
  {
    side: 'live',
    column: 'forwarded-for',
    outcome: 'not-applicable',
    rows: 'auth-rate-limit',
    holds: breaks('auth-rate-limit'),
    reason: 'no limit was met, so there is none that a forged address could lift',
  },
  {
    side: 'live',
    column: 'default-deny',
    outcome: 'not-proven',
    rows: 'default-deny',
    holds: breaks('default-deny'),
    reason:
      'from outside a guard on each route looks like one in front of all, but for the path that nobody has: its 404, or a secured route that answers anybody, takes the pass away and proves no failure; the source does',
  },
]
