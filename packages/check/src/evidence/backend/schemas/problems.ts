/** The problems of one schema, as it stands in a route or a middleware. */
import { type Frame, lastName, type Node, type Scope } from '../../source/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Validated } from './inline.ts'
import { judge, type Problem } from './judge.ts'
import { SPREAD } from './readers.ts'
import { shapeOf } from './schema-shape.ts'
import { drops, keysOf } from './shape.ts'

export interface SchemaProblems {
  readonly problems: readonly Problem[]
  /** Why it could not be read, where a part of it could not. */
  readonly unread?: string
  /** The keys that it names, where it is an object. */
  readonly keys?: readonly string[]
  /** The same, where it drops all others: what came in still has them. */
  readonly named?: readonly string[]
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
  const isWhole = drops(shape) && !keys.includes(SPREAD)
  return {
    ...judge(reading, shape, from),
    ...(keys.length > 0 ? { keys, ...(isWhole ? { named: keys } : {}) } : {}),
  }
}

/** The problems of what a middleware or a handler validates by: whatever the schema says, a result that nobody looks at refuses nothing. */
export const validatedProblems = (
  reading: Reading,
  { schema, scope, frame, unheeded, skipped }: Validated,
  from: 'body' | 'query' | 'path',
): SchemaProblems => {
  if (skipped !== undefined) {
    const what = skipped.by === 'setting' ? 'a setting has switched it on' : 'whoever calls wants it'
    return { problems: [{ what: `it is checked only where ${what}`, at: placeOf(reading, skipped.at.at) }] }
  }
  if (unheeded === undefined) return schemaProblems(reading, schema, scope, from, frame)
  if (unheeded.kind === 'if') {
    const what = 'what is found wrong stops nothing: the handler goes on after this test'
    return { problems: [{ what, at: placeOf(reading, unheeded.at) }] }
  }
  const name = unheeded.kind === 'call' ? (lastName(unheeded.callee) ?? 'the validation') : 'the validation'
  return { problems: [{ what: `nobody looks at what ${name} found`, at: placeOf(reading, unheeded.at) }] }
}
