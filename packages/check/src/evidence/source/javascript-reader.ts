/** What the files that read JavaScript's tree share: the parser's nodes, and the reader that they call back. */
import type { At, Name, Node, Other } from './tree.ts'

// biome-ignore lint/suspicious/noExplicitAny: the parser's nodes are read by their documented ESTree fields.
export type Es = any

/** Reads the nodes of one file. Functions hold statements and statements functions: each part calls back the whole. */
export interface Reader {
  at(node: Es): At
  node(node: Es): Node
  statement(node: Es): Node[]
  statements(nodes: readonly Es[]): Node[]
  /** Anything: what is in it is read, its shape is not. */
  unknown(node: Es): Other
}

export const named = (name: string, at: At): Name => ({ kind: 'name', name, at })

export const nameOf = (node: Es): string =>
  `${node?.type === 'PrivateIdentifier' ? '#' : ''}${node?.name ?? node?.value ?? ''}`
