/** Which requests a guard lets through by a list of its own, where it is mounted as Express and Hono mount their middleware. */
import type { Value } from '../../source/index.ts'
import type { GlobalGuard, Place } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { type Asked, unmarked } from './asked.ts'
import { checks } from './checks.ts'
import { saysOf } from './truth.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** A guard that stands before what it is mounted for. */
export interface Standing {
  readonly guard: FunctionValue | undefined
  /** Where Express mounts it, which `req.path` leaves out; `/` for what is on the application itself. */
  readonly prefix: string
  /** Express answers `/API` as `/api`, unless it is told not to. */
  readonly anyCase?: boolean
}

export interface Opening {
  /** It checks what comes to the route. */
  readonly holds: boolean
  /** It lets that route through by its name: what is added beside it is closed. */
  readonly byName: boolean
}

const SAMPLE = '1'

/** What a request for the route has in the place of its parameters. */
const sampled = (path: string): string =>
  path
    .split('/')
    .map((one) => (one.startsWith(':') ? SAMPLE : one))
    .join('/')

/** What a function answers for a route where it is asked of each request, by the path and the method alone; undefined where it asks something else. */
export const answerFor = (
  reading: Reading,
  { node, scope, frame }: FunctionValue,
  prefix: string,
  path: string,
  method: string,
): boolean | undefined => {
  const asked = askedFor({ guard: undefined, prefix }, sampled(path), method === 'ALL' ? 'POST' : method)
  return saysOf({ reading, asked, frame, depth: 0 }, node, scope)
}

const askedFor = ({ prefix }: Standing, url: string, method: string): Asked => {
  const mount = prefix.split('/').filter((one) => one !== '' && !/[*({]/.test(one)).length
  const below = `/${url
    .split('/')
    .slice(mount + 1)
    .join('/')}`
  return { config: undefined, url, method, ...(mount > 0 ? { below } : {}) }
}

const holdsAt = (reading: Reading, standing: Standing, url: string, method: string): boolean =>
  standing.guard === undefined || checks(reading, standing.guard, askedFor(standing, url, method))

/** Whether a guard checks a route, and how it lets it through where it does not. */
export const openingOf = (reading: Reading, standing: Standing, path: string, method: string): Opening => {
  const url = sampled(path)
  if (holdsAt(reading, standing, url, method)) return { holds: true, byName: false }
  return { holds: false, byName: holdsAt(reading, standing, beside(url), method) }
}

/** A route that nobody named, in the same folder of paths. */
const beside = (url: string): string => `${url.slice(0, url.lastIndexOf('/'))}${unmarked.url}`

/** What is wrong with a guard that checks these paths, and not what is added to them tomorrow. */
export const listingFaults = (
  reading: Reading,
  standing: Standing,
  paths: readonly string[],
  at: Place,
): GlobalGuard['faults'] => {
  if (paths.length === 0) return []
  const added = `${commonFolder(paths.map(sampled))}${unmarked.url}`
  const reads = holdsAt(reading, standing, added, 'GET')
  const writes = holdsAt(reading, standing, added, 'POST')
  if (reads && writes)
    return standing.anyCase && minds(reading, standing, paths.map(sampled))
      ? [{ what: 'an exception by capitals: Express answers /API as /api', at }]
      : []
  if (reads !== writes) return [{ what: `an exception by the method: ${reads ? 'POST' : 'GET'}`, at }]
  return [{ what: 'an exception for all but the paths that it lists: what is added tomorrow is open', at }]
}

/** Whether what it checks is let through where it is written in capitals. */
const minds = (reading: Reading, standing: Standing, urls: readonly string[]): boolean =>
  urls.some((url) =>
    ['GET', 'POST'].some(
      (method) => holdsAt(reading, standing, url, method) && !holdsAt(reading, standing, url.toUpperCase(), method),
    ),
  )

const commonFolder = (paths: readonly string[]): string => {
  const [first = [], ...others] = paths.map((one) => one.split('/').filter((part) => part !== ''))
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part))
  return [...(length === -1 ? first : first.slice(0, length))].map((part) => `/${part}`).join('')
}
