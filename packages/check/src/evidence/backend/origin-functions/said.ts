/** What an expression says of the site that asks. */
import { either, type Value } from '../../source/index.ts'
import { and, or, type Reach } from './reach.ts'

/** For whom it is true, for whom it is not, and whom it lets in as an answer. */
interface Judged {
  readonly yes: Reach
  readonly no: Reach
  readonly grants: Reach
}

export type Said = Judged &
  (
    | {
        /** The origin itself, or what was taken out of it; `detail` is its port or path, `part` any other piece. */
        readonly is: 'origin' | 'host' | 'scheme' | 'url' | 'detail' | 'part'
      }
    /** The request: what is in it besides its headers, the caller chose. */
    | { readonly is: 'request' }
    /** What an answer is given to. */
    | { readonly is: 'callback' }
    /** It has nothing to do with the origin. */
    | { readonly is: 'given'; readonly value: Value }
    /** `indexOf`: those that are found, and those that are found at the start. */
    | { readonly is: 'position'; readonly found: Reach; readonly start: Reach }
    /** How many there are of what is given. */
    | { readonly is: 'length' }
    | { readonly is: 'record'; readonly entries: ReadonlyMap<string, Said> }
    | { readonly is: 'list'; readonly items: readonly Said[] }
    /** True or false, or one of several. */
    | { readonly is: 'test' }
  )

const OF_EVERYBODY = { yes: 'any', no: 'nobody', grants: 'unknown' } as const

/** Whoever asks from a browser has one. */
export const ORIGIN: Said = { is: 'origin', ...OF_EVERYBODY, grants: 'reflected' }
export const HOST: Said = { is: 'host', ...OF_EVERYBODY }
export const SCHEME: Said = { is: 'scheme', ...OF_EVERYBODY }
export const URL_OF_IT: Said = { is: 'url', ...OF_EVERYBODY }
export const DETAIL: Said = { is: 'detail', yes: 'any', no: 'any', grants: 'unknown' }
export const PART: Said = { is: 'part', yes: 'unknown', no: 'unknown', grants: 'unknown' }
export const REQUEST: Said = { is: 'request', yes: 'any', no: 'any', grants: 'unknown' }
export const CALLBACK: Said = { is: 'callback', ...OF_EVERYBODY }
export const UNKNOWN: Said = { is: 'test', yes: 'unknown', no: 'unknown', grants: 'unknown' }

/** A boolean as the answer lets in those for whom it is true. */
export const test = (yes: Reach, no: Reach = 'any'): Said => ({ is: 'test', yes, no, grants: and(yes, 'reflected') })

export const not = (said: Said): Said => test(said.no, said.yes)

/** `indexOf` gives a place, the others say yes or no. */
export const located = (method: string, found: Said, start: Said = found): Said =>
  /[iI]ndexOf$|^search$/.test(method)
    ? { is: 'position', found: found.yes, start: start.yes, yes: 'any', no: found.yes, grants: 'unknown' }
    : found

export const isOfOrigin = ({ is }: Said): boolean => /^(?:origin|host|scheme|url|detail|part)$/.test(is)

/** One way that a run can have gone. */
export interface State {
  readonly path: Reach
  readonly names: ReadonlyMap<string, Said>
}

/** One of several, each under its own condition. */
export const oneOf = (ways: readonly { readonly path: Reach; readonly said: Said }[]): Said => {
  const open = ways.filter(({ path }) => path !== 'nobody')
  const [first] = open
  if (first === undefined) return test('nobody', 'nobody')
  if (open.every(({ said }) => said === first.said)) return first.said
  const judged: Judged = {
    yes: or(...open.map(({ path, said }) => and(path, said.yes))),
    no: or(...open.map(({ path, said }) => and(path, said.no))),
    grants: or(...open.map(({ path, said }) => and(path, said.grants))),
  }
  // `let host = ''`, and what it is where the address could be read.
  const told = open.filter(({ said }) => !isEmpty(said))
  const [only] = told
  if (only !== undefined && isOfOrigin(only.said) && told.every(({ said }) => said.is === only.said.is))
    return { ...only.said, ...judged }
  const values = open.flatMap(({ said }) => (said.is === 'given' ? [said.value] : []))
  if (values.length === open.length && values[0] !== undefined)
    return { ...judged, is: 'given', value: either(values, values[0].at) }
  const records = told.flatMap(({ path, said }) => {
    const entries = entriesOf(said)
    return entries === undefined ? [] : [{ path, entries }]
  })
  if (records.length > 0 && records.length === told.length) return { ...judged, is: 'record', entries: merged(records) }
  return { ...judged, is: 'test' }
}

/** `{ host: '' }` stands in for `{ host: url.host }` where the address could not be read. */
const entriesOf = (said: Said): ReadonlyMap<string, Said> | undefined => {
  if (said.is === 'record') return said.entries
  if (said.is !== 'given' || said.value.kind !== 'object') return
  return new Map(
    [...said.value.entries].map(([key, value]) => [
      key,
      { is: 'given', value, yes: 'any', no: 'any', grants: 'unknown' } as const,
    ]),
  )
}

const merged = (
  records: readonly { readonly path: Reach; readonly entries: ReadonlyMap<string, Said> }[],
): ReadonlyMap<string, Said> =>
  new Map(
    [...new Set(records.flatMap(({ entries }) => [...entries.keys()]))].map((key) => [
      key,
      oneOf(
        records.flatMap(({ path, entries }) => {
          const said = entries.get(key)
          return said === undefined ? [] : [{ path, said }]
        }),
      ),
    ]),
  )

const isEmpty = (said: Said): boolean =>
  said.is === 'given' && said.value.kind === 'literal' && (said.value.value === null || said.value.value === '')

/** Where several ways meet again. */
export const meeting = (states: readonly State[]): State => {
  const open = states.filter(({ path }) => path !== 'nobody')
  const [first] = open
  if (first === undefined) return { path: 'nobody', names: states[0]?.names ?? new Map() }
  if (open.length === 1) return first
  const names = new Map<string, Said>()
  for (const name of new Set(open.flatMap((one) => [...one.names.keys()])))
    names.set(
      name,
      oneOf(
        open.flatMap(({ path, names: own }) => {
          const said = own.get(name)
          return said === undefined ? [] : [{ path, said }]
        }),
      ),
    )
  return { path: or(...open.map((one) => one.path)), names }
}
