/** ArkType's definitions as texts: `'1 <= string <= 200'`, `'string.email | null'`, `'number.integer[] <= 10'`. */
import type { At } from '../../source/index.ts'
import { isBoundingPattern } from './patterns.ts'
import { both, bounded, type Shape, unread } from './shape.ts'

const FIXED =
  /^(?:boolean|true|false|null|undefined|never|symbol|Date|bigint|number\.(?:epoch|NaN|Infinity|NegativeInfinity)|string\.date(?:\.\w+)?\.parse|-?\d+(?:\.\d+)?n?)$/
const FORMAT =
  /^string\.(?:email|uuid(?:\.v\d)?|url|ip(?:\.v[46])?|creditCard|semver|date(?:\.(?:iso|epoch))?|uuid\.\w+)$/
const NUMBER = /^(?:number(?:\.(?:integer|safe))?|string\.(?:numeric|integer)\.parse)$/

/** What a definition lets through; a name that is no keyword is an alias of a scope, which is not followed. */
export const arktypeText = (text: string, at: At): Shape => {
  const [definition = ''] = split(text.trim(), ' = ')
  const piped = split(definition, '|>')
  if (piped.length > 1) return arktypeText(piped.at(-1) ?? '', at)
  const ways = split(definition, '|')
  if (ways.length > 1) return { kind: 'union', of: ways.map((one) => arktypeText(one, at)), at }
  const all = split(definition, '&')
  if (all.length > 1) return all.map((one) => arktypeText(one, at)).reduce(both)
  const [, operand = '', most] =
    /^(?:-?[\w.'"-]+\s*<=?\s*)?(.*?)(?:\s*(<=?|==|>=?|%)\s*-?[\w.'"-]+)?$/.exec(definition) ?? []
  const shape = isQuoted(definition) ? operandOf(definition, at) : operandOf(operand, at)
  return most !== undefined && /^(?:<=?|==)$/.test(most) ? bounded(shape) : shape
}

const operandOf = (text: string, at: At): Shape => {
  const name = text.trim()
  if (name.endsWith('[]')) return { kind: 'array', bounded: false, items: [operandOf(name.slice(0, -2), at)], at }
  if (/^\(.*\)$/.test(name)) return arktypeText(name.slice(1, -1), at)
  if (isQuoted(name) && !name.startsWith('/')) return { kind: 'fixed', at }
  if (name.startsWith('/'))
    return {
      kind: 'string',
      bounded: isBoundingPattern({ kind: 'pattern', source: name.slice(1, name.lastIndexOf('/')), at }),
      at,
    }
  if (FIXED.test(name)) return { kind: 'fixed', at }
  if (FORMAT.test(name)) return { kind: 'string', bounded: true, at }
  if (NUMBER.test(name)) return { kind: 'number', bounded: false, at }
  if (/^string(?:\.\w+)*$/.test(name)) return { kind: 'string', bounded: false, at }
  if (/^(?:unknown|any|object(?:\.json)?)$/.test(name)) return { kind: 'any', at }
  return unread(`arktype's ${name}`, at)
}

/** A literal or a pattern as a whole: `'open'`, `/^[a-z]+$/`. */
const isQuoted = (text: string): boolean => /^(?:'[^']*'|"[^"]*"|\/.*\/)$/.test(text.trim())

/** Its parts at an operator, which in a literal, a pattern or brackets is none. */
const split = (text: string, operator: string): readonly string[] => {
  const parts: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] ?? ''
    if (quote !== '') {
      if (letter === '\\') index += 1
      else if (letter === quote) quote = ''
    } else if (/['"/]/.test(letter)) quote = letter
    else if (/[([{]/.test(letter)) depth += 1
    else if (/[)\]}]/.test(letter)) depth -= 1
    else if (depth === 0 && text.startsWith(operator, index) && !(operator === '|' && text[index + 1] === '>')) {
      parts.push(text.slice(start, index).trim())
      start = index + operator.length
      index = start - 1
    }
  }
  return [...parts, text.slice(start).trim()]
}
