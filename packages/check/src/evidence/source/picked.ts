/** `pick(user, ['id'])` and `omit(user, ['password'])`, of the packages that have them and of the project's own. */
import type { Evaluator } from './evaluate.ts'
import type { Evaluated } from './known-calls.ts'
import { withoutKeys } from './records.ts'
import { either, possibilities, unknown, type Value, withoutDefault } from './value.ts'
import { lastName } from './walk.ts'

/** What is left of the record; undefined where it is another call, or a list that says nothing of its own. */
export const picked = (evaluator: Evaluator, callee: Value, call: Evaluated): Value | undefined => {
  const way = wayOf(callee, call)
  if (way === undefined) return
  const { args, at } = call.located.node
  const given = args.map((one, index) => (one.kind === 'spread' ? undefined : call.arg(index)))
  const [first, second] = given
  if (first === undefined || second === undefined) return
  // ramda has the names first; lodash takes them one by one too.
  const turned = first.kind === 'list'
  const record = turned ? second : first
  const names = namesOf(turned ? [first] : given.slice(1))
  if (names === undefined) return
  if (way === 'omit') return without(evaluator, record, names.known, at)
  return {
    kind: 'object',
    entries: new Map(names.known.map((name) => [name, evaluator.member(record, name, at)])),
    rest: names.whole ? [] : [unknown(at)],
    at,
  }
}

const wayOf = (callee: Value, { located }: Evaluated): 'pick' | 'omit' | undefined => {
  const name =
    callee.kind === 'external' && callee.from !== 'global' && !callee.path.includes('()')
      ? (withoutDefault(callee.path).at(-1) ?? callee.from.split(/[./]/).at(-1))
      : callee.kind === 'function' && callee.self === undefined
        ? lastName(located.node.callee)
        : undefined
  return name === 'pick' || name === 'omit' ? name : undefined
}

const namesOf = (
  given: readonly (Value | undefined)[],
): { readonly known: readonly string[]; readonly whole: boolean } | undefined => {
  const items = given.flatMap((one): readonly (Value | undefined)[] => (one?.kind === 'list' ? one.items : [one]))
  const known = items.flatMap((one) => (one?.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []))
  return known.length === 0 && items.length > 0 ? undefined : { known, whole: known.length === items.length }
}

/** Whichever record it is: each is without the names. */
const without = (evaluator: Evaluator, record: Value, names: readonly string[], at: Value['at']): Value =>
  either(
    possibilities(record).map((one) => withoutKeys(evaluator, one, names, at)),
    at,
  )
