/** Tests of a path against what the program lists: texts, patterns, objects of path and method. */
import {
  type Call,
  type FunctionNode,
  frameGiven,
  inTurn,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
} from '../../source/index.ts'
import { listIn } from '../known-lists.ts'
import type { Reading } from '../reading.ts'
import { deeper, type Reader, textIn } from './asked.ts'
import { fits } from './patterns.ts'

/** One way through a body: with what a loop's variable is in this turn. */
export interface Turn {
  readonly reader: Reader
  readonly body: readonly Node[]
}

type Says = (reader: Reader, callback: FunctionNode, scope: Scope) => boolean | undefined

/** `list.method(first)`, and the value of the list. */
interface Question {
  readonly node: Call
  readonly object: Node
  readonly list: Value
  readonly scope: Scope
}

export const asksList = (reader: Reader, question: Question, says: Says): boolean | undefined => {
  const { node, object, list: given, scope } = question
  const name = lastName(node.callee) ?? ''
  const [first] = node.args
  if (first === undefined) return
  const text = textIn(reader, object, scope)
  if (text !== undefined)
    return ofText(reader.reading, name, text, reader.reading.evaluator.value(first, scope, reader.frame))
  const asked = textIn(reader, first, scope)
  if (given.kind === 'pattern')
    return /^(?:test|exec)$/.test(name) && asked !== undefined ? fits(reader.reading, given, asked) : undefined
  const list = listIn(reader.reading, given)
  if (list === undefined) return
  if (/^(?:includes|has|indexOf)$/.test(name) && asked !== undefined) return isAmong(list, asked)
  return /^(?:some|find|findIndex)$/.test(name) ? anyOf(reader, list, first, scope, says) : undefined
}

/** `path.startsWith('/auth/')`, `path.match(/^\/auth\//)`. */
const ofText = (reading: Reading, name: string, text: string, given: Value): boolean | undefined => {
  const all = possibilities(given)
  if (/^(?:match|search)$/.test(name))
    return all.every((one) => one.kind === 'pattern')
      ? all.some((one) => one.kind === 'pattern' && fits(reading, one, text))
      : undefined
  if (!/^(?:startsWith|endsWith|includes)$/.test(name)) return
  const texts = all.flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []))
  if (texts.length === 0) return
  return texts.some((one) =>
    name === 'startsWith' ? text.startsWith(one) : name === 'endsWith' ? text.endsWith(one) : text.includes(one),
  )
}

const isAmong = (list: readonly Value[], text: string): boolean | undefined =>
  list.some((one) => one.kind === 'literal' && one.value === text) ||
  (list.every((one) => one.kind === 'literal') ? false : undefined)

/** `PUBLIC.some((one) => path.startsWith(one))`, `.some(([method, path]) => path === req.path && method === req.method)`. */
const anyOf = (
  reader: Reader,
  list: readonly Value[],
  callback: Node,
  scope: Scope,
  says: Says,
): boolean | undefined => {
  if (callback.kind !== 'function' || reader.depth > 3) return
  const answers = list.map((one) => {
    const frame = frameGiven(reader.reading.evaluator, callback, [one], reader.frame)
    return says({ ...deeper(reader), frame }, callback, reader.reading.program.scopeOf(callback) ?? scope)
  })
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
}

/** The turns of `for (const one of PUBLIC) …`: its variable, the list, and what is done in each. */
export const itemsIn = (
  reader: Reader,
  [variable, listed, ...body]: readonly Node[],
  scope: Scope,
): readonly Turn[] | undefined => {
  if (variable?.kind !== 'assign' || variable.value !== undefined || listed === undefined) return
  const list = listIn(reader.reading, reader.reading.evaluator.value(listed, scope, reader.frame))
  return list?.map((one) => ({ reader: { ...reader, frame: inTurn(reader.frame, scope, variable, one) }, body }))
}
