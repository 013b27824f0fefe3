/** What is wrong with a shape: values without a type or a bound, and keys that nobody named. */
import type { At } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Shape } from './shape.ts'

export interface Problem {
  readonly what: string
  readonly at: Place
}

interface Judgement {
  readonly problems: readonly Problem[]
  readonly unread?: string
}

const MOST = 30
const DEEPEST = 12

/** A number that names a record needs no maximum: the store answers what it has. */
export const isIdentifier = (name: string): boolean => /(?:^|_|-)(?:id|pk|uid)s?$|[a-z0-9](?:Id|ID|Pk|PK)s?$/.test(name)

export const judge = (reading: Reading, shape: Shape, from: 'body' | 'query' | 'path'): Judgement => {
  const problems: Problem[] = []
  const unread = new Set<string>()
  const add = (what: string, at: At) => {
    const place = placeOf(reading, at)
    const known = problems.some((one) => one.what === what && one.at.file === place.file && one.at.line === place.line)
    if (!known && problems.length < MOST) problems.push({ what, at: place })
  }
  const visit = (one: Shape, path: string, key: string, depth: number): void => {
    if (depth > DEEPEST) return
    switch (one.kind) {
      case 'string':
        if (!one.bounded) add(`${path}: a string without a maximum length`, one.at)
        return
      case 'number':
        if (!one.bounded && !isIdentifier(key)) add(`${path}: a number without a maximum`, one.at)
        return
      case 'array':
        if (!one.bounded) add(`${path}: an array without a maximum of items`, one.at)
        for (const item of one.items) visit(item, `${path}[]`, key, depth + 1)
        return
      case 'object':
        // The keys of a path are those of the route: a caller can't add one.
        if (!one.closed && !(from === 'path' && depth === 0)) add(`${path}: unknown keys pass`, one.at)
        for (const [name, field] of one.fields) visit(field, `${path}.${name}`, name, depth + 1)
        return
      case 'any':
        add(`${path}: anything passes`, one.at)
        return
      case 'union':
        for (const each of one.of) visit(each, path, key, depth)
        return
      case 'unread':
        unread.add(one.why)
    }
  }
  visit(shape, from, '', 0)
  const [why] = unread
  return why === undefined ? { problems } : { problems, unread: why }
}
