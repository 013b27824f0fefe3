/** Whether what a setting switches is off where nobody sets it. */
import { type Located, lastName, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import { type Reading, whenTrue } from '../reading.ts'
import { settingsOf, startsWithout } from '../switches/index.ts'
import { definitionOf } from './definitions.ts'

const FALSE = /^(?:false|0|no|off|n|f|)$/i

/** Off for sure: by what is written, by its default, or by what the project's files set it to. On in production only counts as on. */
export const isOff = (reading: Reading, at: Located | undefined, values: readonly Value[]): boolean => {
  if (at !== undefined && whenTrue(reading, at.node, at.scope) === 'production') return false
  return (
    values.length > 0 &&
    (switched(reading, values, settledOf) ?? (at && asked(reading, at.node, at.scope, 0, settledOf))) === false
  )
}

/**
 * Whether an expression is true where nobody sets what it asks: `bool(os.getenv('DEBUG', '1'))`. One that a file of the project
 * sets for more than development is that file's to say.
 */
export const isOnUnset = (reading: Reading, { node, scope }: Located): boolean => {
  const found = definitionOf(reading, node, scope)
  const when = found.node.kind === 'call' ? 'always' : whenTrue(reading, found.node, found.scope)
  return when !== 'development' && when !== 'production' && asked(reading, node, scope, 0, defaultsOf) === true
}

/** Whether it is on by what a file of the project sets for more than development, `ENV DEBUG=True`; undefined where none does. */
export const isOnAsSet = (reading: Reading, { node, scope }: Located): boolean | undefined =>
  asked(reading, node, scope, 0, setOf)

type Texts = (reading: Reading, values: readonly Value[]) => readonly string[] | undefined

const defaultsOf: Texts = (reading, values) => {
  const isSet = values.some(
    (one) =>
      one.kind === 'env' && settingsOf(reading, one.name).some(({ example, development }) => !example && !development),
  )
  return isSet ? undefined : initialOf(reading, values)
}

const setOf: Texts = (reading, values) => {
  const set = values
    .flatMap((one) => (one.kind === 'env' ? settingsOf(reading, one.name) : []))
    .filter(({ example, development }) => !example && !development)
  return set.length > 0 ? set.map(({ value }) => value.trim()) : undefined
}

/** What a switch is by itself; undefined where that is not known. */
const switched = (reading: Reading, values: readonly Value[], textsOf: Texts): boolean | undefined => {
  const texts = textsOf(reading, values)
  return texts === undefined ? undefined : texts.some((one) => !FALSE.test(one))
}

/** The texts that a value can be: what the project's files set counts; else its default, or the example that some copy and some do not. */
const settledOf: Texts = (reading, values) => {
  const set = values.flatMap((one) => (one.kind === 'env' ? settingsOf(reading, one.name) : []))
  const texts = set.map(({ value }) => value.trim())
  if (set.some(({ example }) => !example)) return texts
  const initial = initialOf(reading, values)
  return texts.length === 0 ? initial : [...texts, ...(initial ?? [])]
}

/** Without a default it is None. */
const initialOf = (reading: Reading, values: readonly Value[]): readonly string[] | undefined => {
  if (values.length > 0 && values.every((one) => one.kind === 'env' && startsWithout(reading, one))) return ['']
  const initial = values.filter((one) => one.kind !== 'env')
  return initial.length > 0 && initial.every((one) => one.kind === 'literal')
    ? initial.map((one) => String((one.kind === 'literal' ? one.value : undefined) ?? ''))
    : undefined
}

/** `getenv('LIMITS', 'false').lower() == 'true'`, `in ('1', 'true')`, `not …`. */
const asked = (reading: Reading, node: Node, scope: Scope, depth: number, textsOf: Texts): boolean | undefined => {
  const found = definitionOf(reading, node, scope)
  if (depth > 8) return
  const inner = (one: Node) => {
    const values = possibilities(reading.evaluator.value(one, found.scope))
    return switched(reading, values, textsOf) ?? asked(reading, one, found.scope, depth + 1, textsOf)
  }
  if (found.node.kind === 'unary' && found.node.operator === '!') {
    const of = inner(found.node.operand)
    return of === undefined ? undefined : !of
  }
  if (found.node.kind === 'call' && /^(?:bool|strtobool)$/.test(lastName(found.node.callee) ?? '')) {
    const [of] = found.node.args
    const values = of === undefined ? [] : possibilities(reading.evaluator.value(of, found.scope))
    // Any text that is not empty is true to Python: bool('false').
    if (lastName(found.node.callee) === 'bool' && values.some(isText))
      return textsOf(reading, values)?.some((one) => one !== '')
    return of && inner(of)
  }
  if (found.node.kind !== 'binary' || !/^(?:===|in)$/.test(found.node.operator)) return
  const [left, right] = [found.node.left, found.node.right].map((one) => reading.evaluator.value(one, found.scope))
  const words = left && textsOf(reading, possibilities(left))
  const listed = right?.kind === 'list' ? right.items : right === undefined ? [] : [right]
  if (words === undefined || !listed.every((one) => one.kind === 'literal')) return
  const wanted = listed.map((one) => String(one.kind === 'literal' ? one.value : '').toLowerCase())
  return words.some((one) => wanted.includes(one.toLowerCase()))
}

const isText = (value: Value): boolean => value.kind === 'literal' && typeof value.value === 'string'
