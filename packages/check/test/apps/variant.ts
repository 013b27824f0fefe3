// A variant is a secure backend with one item broken: what the checker must notice, and must not blame on the other nine.

import type { ItemId } from '../../src/items/items.ts'

// `find` must occur exactly once in `file`, so that an edit can't apply somewhere else than its author meant.
export type Edit = { file: string; find: string; replace: string }

export type AddedFile = { file: string; text: string }

export type Variant = {
  item: ItemId
  name: string
  // overlooked: one that a reader of the diff would wave through
  kind: 'obvious' | 'overlooked'
  edits: readonly Edit[]
  adds?: readonly AddedFile[]
  // Committed first, then removed by the next commit: only the history holds them.
  history?: readonly AddedFile[]
  // Whether it changes what a running backend shows to a probe from outside.
  live: boolean
}
