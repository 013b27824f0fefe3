import type { Part } from './pointers.ts'
import { chained, isPart } from './pointers.ts'

/** The methods of a path item: OpenAPI 3.1 §4.8.9. */
export const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
/** Those that it does not know, and tools write beside the others: NestJS makes `search` of `@All()`. */
export const OTHER_VERBS = ['query', 'search', 'propfind', 'proppatch', 'mkcol', 'copy', 'move', 'lock', 'unlock']

const READ = ['parameters', ...VERBS, ...OTHER_VERBS]

/** A path item, with what it refers to. */
export interface PathItem {
  readonly item: Part
  /** What both have, so that nobody knows which of them counts. */
  readonly twice: readonly string[]
}

/**
 * Joins a path item and what it refers to. Its own operations stand beside the reference: left out, they would be reached by another path's
 * template, under the rule of that one.
 *
 * @throws TypeError that says what is wrong with the reference
 */
export const readPathItem = (document: Part, given: unknown): PathItem => {
  const parts = chained(document, given)
  return {
    item: Object.fromEntries(parts.toReversed().flatMap((part) => Object.entries(part))),
    twice: READ.filter((field) => parts.filter((part) => Object.hasOwn(part, field)).length > 1),
  }
}

/** The methods that it has, in capitals. */
export const methodsOf = (item: Part): readonly string[] =>
  [...VERBS, ...OTHER_VERBS].filter((verb) => isPart(item[verb])).map((verb) => verb.toUpperCase())
