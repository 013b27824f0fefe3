import { listsKeys } from './keywords.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'
import { isReadOnly, saidAnyhow } from './read-only.ts'

/** The keywords that say something of the places in a value: of those that they list, and of all others. */
export const LISTINGS = [
  { listed: 'properties', others: 'additionalProperties' },
  { listed: 'patternProperties', others: undefined },
  { listed: 'prefixItems', others: 'items' },
] as const
type Listing = (typeof LISTINGS)[number]

/** A name, a pattern or an index that is listed; undefined for all others. */
type Place = string | undefined

/** The places in a value that are described twice: in two of its parts, or in one and in an alternative. */
export interface SharedPlaces {
  readonly listing: Listing
  readonly places: ReadonlySet<Place>
  /** All that are listed somewhere. */
  readonly listed: readonly string[]
  /** What parts say of a place, each thing once. */
  said(parts: readonly Part[], place: Place): readonly Part[]
}

/**
 * Whether a schema says which names an object has, at any depth. Of what does not, it makes no difference whether it is closed together with
 * others.
 */
const saysNames = (document: Part, schema: unknown, seen = new Set<unknown>()): schema is Part => {
  if (!isPart(schema) || seen.has(schema)) return false
  seen.add(schema)
  return saidAnyhow(document, schema).some((part) => {
    const { additionalProperties = false, items, prefixItems } = part
    const inside = [items, prefixItems].flat()
    return listsKeys(part) || additionalProperties !== false || inside.some((one) => saysNames(document, one, seen))
  })
}

/** What is read-only is not sent, whatever else is said of it. */
const isClosed = (document: Part, schema: unknown): schema is Part =>
  saysNames(document, schema) && !isReadOnly(document, schema)

/**
 * Finds them.
 *
 * @param together what holds of the value in any case
 * @param all that, and what its alternatives say
 * @param distinct leaves each of what is said once
 */
export const sharedPlaces = (
  document: Part,
  listing: Listing,
  {
    together,
    all,
    distinct,
  }: {
    readonly together: readonly Part[]
    readonly all: readonly Part[]
    distinct(said: readonly Part[]): readonly Part[]
  },
): SharedPlaces => {
  // Which of the others a pattern matches as well can't be known: what is said of them stays where it is.
  const others = all.some((part) => 'patternProperties' in part) ? undefined : listing.others
  const ofOthers = (part: Part): unknown => (others === undefined ? undefined : part[others])
  const isListed = (part: Part, place: Place): place is string =>
    place !== undefined && Object.hasOwn(part[listing.listed] ?? {}, place)
  const saidIn = (part: Part, place: Place): unknown =>
    isListed(part, place) ? (part[listing.listed] as Part)[place] : ofOthers(part)
  const said = (parts: readonly Part[], place: Place): readonly Part[] =>
    distinct(parts.map((part) => saidIn(part, place)).filter((one) => isClosed(document, one)))
  const listed = [...new Set(all.flatMap((part) => Object.keys(part[listing.listed] ?? {})))]
  const told = [...listed, undefined].filter((place) => said(together, place).length > 0)
  const places = new Set(told.filter((place) => said(all, place).length > 1))
  // What is said of all others is said of each name that does not stand beside it, and goes where that goes.
  const asOthers = told.filter((place) =>
    together.some((part) => !isListed(part, place) && isClosed(document, ofOthers(part))),
  )
  if (asOthers.some((place) => places.has(place))) for (const place of asOthers) places.add(place)
  return { listing, places, listed, said }
}

/** A part that says of some places what is said of them together. */
export const partOf = (
  { listing: { listed: keyword, others }, listed }: SharedPlaces,
  places: readonly Place[],
  together: (place: Place) => Part,
): Part => {
  const hasOthers = places.includes(undefined)
  const of = (place: string): unknown => (places.includes(place) ? together(place) : true)
  const rest = hasOthers && others !== undefined ? { [others]: together(undefined) } : {}
  if (keyword !== 'prefixItems') {
    // Beside what is said of all others each name is listed that has its own.
    const names = hasOthers ? listed : places.filter((place) => place !== undefined)
    return { [keyword]: Object.fromEntries(names.map((name) => [name, of(name)])), ...rest }
  }
  const length = hasOthers ? listed.length : 1 + Math.max(...places.map(Number))
  const prefixItems = Array.from({ length }, (_, index) => of(String(index)))
  return { ...(length === 0 ? {} : { prefixItems }), ...rest }
}

/** A part, without what it says of these places. */
export const withoutPlaces = (document: Part, part: Part, { listing, places }: SharedPlaces): Part => {
  const isTaken = (place: Place, said: unknown): boolean => places.has(place) && isClosed(document, said)
  const listed = (part[listing.listed] ?? {}) as Part
  const taken = Object.keys(listed).filter((name) => isTaken(name, listed[name]))
  const left = { ...listed, ...Object.fromEntries(taken.map((name) => [name, true])) }
  return {
    ...part,
    ...(taken.length === 0 ? {} : { [listing.listed]: Array.isArray(listed) ? Object.values(left) : left }),
    ...(listing.others !== undefined && isTaken(undefined, part[listing.others]) ? { [listing.others]: true } : {}),
  }
}
