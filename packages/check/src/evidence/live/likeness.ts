import type { Place } from './auth-routes.ts'
import { type Exchange, wasAnswered } from './exchange.ts'

const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g, '(time)'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ GMT/g, '(time)'],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, '(id)'],
  [/("(?:req(?:uest)?|trace|correlation|error)[-_]?id"\s*:\s*)"[^"]*"/gi, '$1"(id)"'],
  [/\b(?=\w*\d)[\da-z]{12,}\b/gi, '(id)'],
  [/\d{5,}/g, '(number)'],
]

/** A body without what changes from answer to answer: times, ids, and the values that were sent. */
export const lasting = (text: string, sent: readonly string[]): string =>
  CHANGING.reduce(
    (rest, [pattern, name]) => rest.replace(pattern, name),
    sent.filter((value) => value !== '').reduce((rest, value) => rest.replaceAll(value, '(sent)'), text),
  )

/** Whether two requests were answered alike, whatever path each asked for. */
export const isAlike = (a: Exchange, b: Exchange): boolean =>
  a.status === b.status && lasting(a.text, [a.path]) === lasting(b.text, [b.path])

/** Whether there may be something at a place: one that no document lists is not answered like a path that nobody has. */
export const isThere = (exchange: Exchange, nowhere: Exchange, { operation }: Place): boolean =>
  !wasAnswered(exchange) ||
  (![404, 405, 501].includes(exchange.status) && (operation !== undefined || !isAlike(exchange, nowhere)))
