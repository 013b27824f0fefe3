/** Whether what a setting switches is off where nobody sets it. */
import { type Located, lastName, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import { type Reading, whenTrue } from '../reading.ts'
import { settingsOf } from '../settings-of.ts'
import { definitionOf } from './definitions.ts'

const FALSE = /^(?:false|0|no|off|n|f|)$/i

/** Off for sure: by what is written, by its default, or by what the project's files set it to. On in production only counts as on. */
export const isOff = (reading: Reading, at: Located | undefined, values: readonly Value[]): boolean => {
  if (at !== undefined && whenTrue(reading, at.node, at.scope) === 'production') return false
  return values.length > 0 && (switched(reading, values) ?? (at && asked(reading, at.node, at.scope, 0))) === false
}

/** What a switch is by itself; undefined where that is not known. */
const switched = (reading: Reading, values: readonly Value[]): boolean | undefined => {
  const texts = textsOf(reading, values)
  return texts === undefined ? undefined : texts.some((one) => !FALSE.test(one))
}

/** The texts that a value can be; what the project's files set counts, its default where they set nothing. */
const textsOf = (reading: Reading, values: readonly Value[]): readonly string[] | undefined => {
  const set = values.flatMap((one) =>
    one.kind === 'env' ? settingsOf(reading, one.name).map(({ value }) => value.trim()) : [],
  )
  if (set.length > 0) return set
  const initial = values.filter((one) => one.kind !== 'env')
  return initial.length > 0 && initial.every((one) => one.kind === 'literal')
    ? initial.map((one) => String((one.kind === 'literal' ? one.value : undefined) ?? ''))
    : undefined
}

/** `getenv('LIMITS', 'false').lower() == 'true'`, `in ('1', 'true')`, `not …`. */
const asked = (reading: Reading, node: Node, scope: Scope, depth: number): boolean | undefined => {
  const found = definitionOf(reading, node, scope)
  if (depth > 8) return
  const inner = (one: Node) => {
    const values = possibilities(reading.evaluator.value(one, found.scope))
    return switched(reading, values) ?? asked(reading, one, found.scope, depth + 1)
  }
  if (found.node.kind === 'unary' && found.node.operator === '!') {
    const of = inner(found.node.operand)
    return of === undefined ? undefined : !of
  }
  if (found.node.kind === 'call' && /^(?:bool|strtobool)$/.test(lastName(found.node.callee) ?? ''))
    return found.node.args[0] && inner(found.node.args[0])
  if (found.node.kind !== 'binary' || !/^(?:===|in)$/.test(found.node.operator)) return
  const [left, right] = [found.node.left, found.node.right].map((one) => reading.evaluator.value(one, found.scope))
  const words = left && textsOf(reading, possibilities(left))
  const listed = right?.kind === 'list' ? right.items : right === undefined ? [] : [right]
  if (words === undefined || !listed.every((one) => one.kind === 'literal')) return
  const wanted = listed.map((one) => String(one.kind === 'literal' ? one.value : '').toLowerCase())
  return words.some((one) => wanted.includes(one.toLowerCase()))
}
