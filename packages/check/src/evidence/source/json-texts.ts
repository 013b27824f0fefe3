/** What a text of JSON holds: `json.loads(os.environ["ORIGINS"])`, `JSON.parse(process.env.ORIGINS ?? '["https://…"]')`. */
import type { At } from './tree.ts'
import { either, possibilities, unknown, type Value } from './value.ts'

/** A setting stays what it is; of a text that is written out its words and numbers, and their lists. Undefined for any other. */
export const ofJson = (text: Value | undefined, at: At): Value | undefined => {
  const read = text === undefined ? [] : possibilities(text).map(readOf)
  const known = read.filter((one) => one !== undefined)
  return known.length > 0 && known.length === read.length ? either(known, at) : undefined
}

const readOf = (text: Value): Value | undefined =>
  text.kind === 'literal' ? written(text.value, text.at) : text.kind === 'env' ? text : undefined

const written = (text: unknown, at: At): Value => {
  try {
    return held(JSON.parse(String(text)), at)
  } catch {
    return unknown(at)
  }
}

const held = (value: unknown, at: At): Value => {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((one) => held(one, at)), at }
  return value === null || /^(?:string|number|boolean)$/.test(typeof value)
    ? { kind: 'literal', value: value as string | number | boolean | null, at }
    : unknown(at)
}
