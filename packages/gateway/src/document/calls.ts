import type { IncomingHttpHeaders } from 'node:http'
import { trimOws } from 'portcullis/client'
import { Problem } from 'portcullis/fastify'
import { cookieReader, inCookie } from './cookies.ts'
import type { Operation } from './operations.ts'
import type { Pairs } from './pairs.ts'
import { leadsToPrototype, parsePairs, valuesByName, valuesOf, writePairs } from './pairs.ts'
import type { Parameter, Place } from './parameters.ts'
import { parameterCheck } from './parameters.ts'
import type { PatternTime } from './patterns.ts'
import { OutOfTime, patternTime, TOOK_TOO_LONG, within } from './patterns.ts'
import { fillTemplate } from './templates.ts'
import type { Fault, Validator } from './validator.ts'
import { UNKNOWN_KEYS } from './validator.ts'
import type { Sent } from './values.ts'

/** The values of a request, as the router and node:http give them. */
export interface Sendings {
  readonly params: Readonly<Record<string, string>>
  /** What stands after the question mark, '' when nothing does. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
}

/** A fault, and where it stands: path, query, header, cookie, body. */
export type PlacedFault = Fault & { readonly in: Place | 'body' }

/** Refuses a call by the library's own answer: which field, and what it must be; never what was sent. */
export const refusal = (faults: readonly PlacedFault[]): Problem => new Problem('invalid', { errors: faults })

/** Judges a part of a call within the time of that call; refuses it when the time is over. */
export const judgedIn = <Result>(place: PlacedFault['in'], time: PatternTime, judge: () => Result): Result => {
  try {
    return within(time, judge)
  } catch (error) {
    if (error instanceof OutOfTime) throw refusal([{ in: place, field: '', problem: TOOK_TOO_LONG }])
    throw error
  }
}

/**
 * Prepares the check of everything but the body.
 *
 * @returns judges a request: its target at the upstream, in one spelling. Throws Problem when a value is not what the document says
 */
export const targetCheck = (
  operation: Operation,
  validator: Validator,
): ((sendings: Sendings, time?: PatternTime) => string) => {
  const checks = (place: Place) =>
    operation.parameters
      .filter((parameter) => parameter.place === place)
      .map((parameter) => ({ parameter, check: parameterCheck(parameter, validator) }))
  const [paths, queries, headers, cookies] = [checks('path'), checks('query'), checks('header'), checks('cookie')]
  const keys = new Map(operation.template.values.map(({ name, key }) => [name, key]))
  const readCookies = cookieReader(cookies.map(({ parameter }) => parameter.name))
  const known = queryNames(queries.map(({ parameter }) => parameter))

  return (sendings, time = patternTime()) => {
    const faults: PlacedFault[] = []
    const add = (place: Place, judge: () => readonly Fault[]): void => {
      for (const fault of judgedIn(place, time, judge)) faults.push({ in: place, ...fault })
    }
    for (const { parameter, check } of paths)
      add('path', () => inPath(sendings.params[keys.get(parameter.name) ?? ''], check))
    const pairs = parsePairs(sendings.query)
    if (pairs === undefined) throw new Problem('malformed-request')
    if (!pairs.every(([name]) => known(name))) add('query', () => UNKNOWN_KEYS)
    for (const { parameter, check } of queries) add('query', () => check(inQuery(parameter, pairs)))
    for (const { parameter, check } of headers) add('header', () => check(inHeader(parameter, sendings.headers)))
    if (cookies.length > 0) {
      const sent = readCookies(sendings.headers.cookie ?? '')
      if (sent === undefined) throw new Problem('malformed-request')
      for (const { parameter, check } of cookies) add('cookie', () => inCookie(parameter, sent, check))
    }
    if (faults.length > 0) throw refusal(faults)
    if (operation.takesAnother?.(sendings.params) === true) throw new Problem('not-found')
    const path = fillTemplate(operation.template, sendings.params)
    return pairs.length === 0 ? path : `${path}?${writePairs(pairs)}`
  }
}

/** A value in a path is text of one line: what else it may be is the document's. */
const inPath = (text: string | undefined, check: (sent: Sent | undefined) => readonly Fault[]): readonly Fault[] => {
  if (text === undefined || text === '') return check(undefined)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (/[\0-\x1f\x7f]/.test(text)) return [{ field: '', problem: 'holds a control character' }]
  return check([text])
}

/** `filter[name]` is a member of `filter` when that is an object. */
const memberOf = (name: string): readonly [string, string] | undefined => {
  const [, object, member] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name) ?? []
  return object === undefined || member === undefined || leadsToPrototype(member) ? undefined : [object, member]
}

const queryNames = (parameters: readonly Parameter[]): ((name: string) => boolean) => {
  const plain = new Set(parameters.filter(({ reading }) => reading.kind !== 'deep').map(({ name }) => name))
  const deep = new Set(parameters.filter(({ reading }) => reading.kind === 'deep').map(({ name }) => name))
  return (name) => plain.has(name) || (deep.size > 0 && deep.has(memberOf(name)?.[0] ?? ''))
}

const inQuery = ({ name, reading }: Parameter, pairs: Pairs): Sent | undefined => {
  if (reading.kind !== 'deep') return valuesOf(name, pairs)
  const members = valuesByName(
    pairs.flatMap(([full, value]) => {
      const [object, member] = memberOf(full) ?? []
      return object === name && member !== undefined ? [[member, value] as const] : []
    }),
  )
  return members.size === 0 ? undefined : members
}

/**
 * Blanks around the commas are no part of a list's items (RFC 9110 §5.6.1), and are part of a text: it is judged as it goes on. A field that
 * holds nothing does not go on (forwarding/fields.ts): one that is required is missing then.
 */
const inHeader = ({ name, reading }: Parameter, headers: IncomingHttpHeaders): Sent | undefined => {
  const value = headers[name.toLowerCase()]
  if (typeof value !== 'string' || value === '') return undefined
  return [reading.kind === 'separated' ? value.split(',').map(trimOws).join(',') : value]
}
