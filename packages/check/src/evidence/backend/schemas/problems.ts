/** The problems of one schema, as it stands in a route or a middleware. */
import type { Frame, Node, Scope } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { judge, type Problem } from './judge.ts'
import { shapeOf } from './schema-shape.ts'
import { keysOf } from './shape.ts'

export interface SchemaProblems {
  readonly problems: readonly Problem[]
  /** Why it could not be read, where a part of it could not. */
  readonly unread?: string
  /** The keys that it names, where it is an object. */
  readonly keys?: readonly string[]
}

export const schemaProblems = (
  reading: Reading,
  node: Node,
  scope: Scope,
  from: 'body' | 'query' | 'path',
  frame?: Frame,
): SchemaProblems => {
  const shape = shapeOf(reading, reading.evaluator.value(node, scope, frame))
  const keys = keysOf(shape)
  return { ...judge(reading, shape, from), ...(keys.length > 0 ? { keys } : {}) }
}
