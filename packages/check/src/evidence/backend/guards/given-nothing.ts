/** Guards that go on with what an optional dependency found, where that is nothing: `if user and user.disabled: raise …`. */
import { type Node, pathOf, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { chosen, truthOf } from './choices.ts'
import { goesThrough, NONE } from './going-on.ts'

/** Only what certainly comes to its end is said to: whatever else is asked or called may be the refusal. */
export const goesOnForNothing = (
  reading: Reading,
  { node: { body } }: Extract<Value, { kind: 'function' }>,
  names: ReadonlySet<string>,
): boolean => {
  const isFound = (one: Node): boolean => names.has(pathOf(one)?.join('.') ?? '')
  const left = chosen(body, (test) => truthOf(test, (part) => (isFound(part) ? false : isNone(part, isFound))))
  // What finds it, `found = await super().__call__(request)`, has come to nothing already.
  const after = left?.filter((one) => one.kind !== 'assign' || !isFound(one.target))
  return after !== undefined && goesThrough(reading, after, 'end', { ...NONE, empty: names })
}

/** `user is None`, `user != None` */
const isNone = (part: Node, isFound: (one: Node) => boolean): boolean | undefined =>
  part.kind === 'binary' &&
  /^[!=]==$/.test(part.operator) &&
  isFound(part.left) &&
  part.right.kind === 'literal' &&
  part.right.value === null
    ? part.operator === '==='
    : undefined
