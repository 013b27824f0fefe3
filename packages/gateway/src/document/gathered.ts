import { isDeepStrictEqual } from 'node:util'
import { tagged } from './inheritance.ts'
import { tupled } from './keywords.ts'
import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'
import { saidAnyhow, saidTogether } from './read-only.ts'
import { served } from './served.ts'
import type { SharedPlaces } from './shared-places.ts'
import { LISTINGS, partOf, sharedPlaces, withoutPlaces } from './shared-places.ts'

/** Where in the document stands what several parts say of one place. */
const GATHERED = 'x-portcullis-gathered'

/** Gathers what the parts of a value say of one place in it. */
export interface Gatherer {
  /** The document, with what was gathered. */
  readonly document: Part
  /**
   * The same schema, where each place that two parts describe is described once, by both: closed by each part alone, an object there would take no names but
   * those that both list. Of a place that alternatives describe as well, each of these is told what the parts say: it is closed by that and one
   * alternative, and never by two.
   *
   * @throws TypeError that says what can't be expressed
   */
  gather(schema: Part): Part
}

/** @param given an OpenAPI document */
export const gatherer = (given: Part): Gatherer => {
  const named: Record<string, Part> = {}
  const document = { ...given, [GATHERED]: named }
  const numbers = new Map<string, number>()
  /** What several parts say of a place, by what refers to it. */
  const partsOf = new Map<unknown, readonly Part[]>()
  /** What refers to what was made of a schema; undefined where nothing was to be made. */
  const known = new Map<string, Part | undefined>()

  /** One number for all that say the same. */
  const numberOf = (said: Part): number => {
    const text = JSON.stringify(said)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }

  /** By its name what comes back to itself in a value inside is known again: written out, there would be no end of it. */
  const refer = (name: string, schema: Part): Part => {
    named[name] = schema
    return { $ref: `#/${GATHERED}/${name}` }
  }

  /** Each thing once, and each of the parts of what was gathered before. */
  const distinct = (said: readonly Part[]): readonly Part[] => {
    const parts = said.flatMap((one) => partsOf.get(one['$ref']) ?? one)
    return [...new Map(parts.map((one) => [numberOf(one), one])).values()]
  }

  const joined = (all: readonly Part[]): Part => {
    const [first = {}, ...others] = all
    if (others.length === 0) return first
    const made = refer(
      all
        .map(numberOf)
        .toSorted((one, other) => one - other)
        .join('-'),
      { allOf: all },
    )
    partsOf.set(made['$ref'], all)
    return made
  }

  const gather = (schema: Part): Part => {
    const all = saidAnyhow(document, schema).map(tupled)
    if (all.length < 2) return schema
    const text = JSON.stringify(schema)
    if (!known.has(text)) {
      // What comes back to itself of the same value is refused where its references are followed.
      known.set(text, undefined)
      const made = gatheredFrom(schema, all)
      if (made !== schema) known.set(text, refer(`of-${Object.keys(named).length}`, made))
    }
    return known.get(text) ?? schema
  }

  const gatheredFrom = (schema: Part, all: readonly Part[]): Part => {
    const together = saidTogether(document, schema).map(tupled)
    const shared = LISTINGS.map((listing) => sharedPlaces(document, listing, { together, all, distinct }))
    /** What is said together of some of the shared places. */
    const partsOn = (isMeant: IsMeant): readonly Part[] =>
      shared.flatMap((one) => {
        const places = [...one.places].filter((place) => isMeant(one, place))
        return places.length === 0 ? [] : [partOf(one, places, (place) => joined(one.said(together, place)))]
      })
    const isSaidIn = (union: readonly unknown[]): IsMeant => {
      const parts = union.flatMap((branch) => saidAnyhow(document, branch)).map(tupled)
      return ({ said }, place) => said(parts, place).length > 0
    }
    /** Alternatives, each told of the places that one of them describes. */
    const told = (union: readonly unknown[], of: Part = {}): readonly unknown[] => {
      const around = partsOn(isSaidIn(union))
      return union.map((branch) => {
        const one = tagged(of, branch)
        const made = around.length > 0 ? gather({ allOf: [one ?? true, ...around] }) : isPart(one) ? gather(one) : one
        // As a bare reference it would be tagged by that.
        return made === one ? branch : { allOf: [made] }
      })
    }
    const retold = (said: unknown, above: ReadonlySet<unknown>): unknown => {
      if (!isPart(said) || above.has(said)) return said
      const part = served(said)
      const each = (one: unknown): unknown => retold(one, new Set([...above, said]))
      const made: Record<string, unknown> = { ...part }
      for (const one of shared) Object.assign(made, withoutPlaces(document, made, one))
      for (const keyword of ['anyOf', 'oneOf']) if (isList(part[keyword])) made[keyword] = told(part[keyword], part)
      if (part['if'] !== undefined) {
        const [then, otherwise] = told([part['then'], part['else']])
        Object.assign(made, then === undefined ? {} : { then }, otherwise === undefined ? {} : { else: otherwise })
      }
      if (isList(part['allOf'])) made['allOf'] = part['allOf'].map(each)
      if (typeof part['$ref'] === 'string') {
        const target = follow(document, part['$ref'])
        const one = each(target)
        if (one !== target) {
          delete made['$ref']
          made['allOf'] = withOne(made['allOf'], one)
        }
      }
      return isDeepStrictEqual(made, part) ? said : made
    }
    const unions = together.flatMap(unionsOf).map(isSaidIn)
    const made = retold(schema, new Set()) as Part
    const here = partsOn((one, place) => !unions.some((isSaid) => isSaid(one, place)))
    return here.length === 0 ? made : { ...made, allOf: here.reduce(withOne, made['allOf']) }
  }

  return { document, gather }
}

type IsMeant = (one: SharedPlaces, place: Parameters<SharedPlaces['said']>[1]) => boolean

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const withOne = (list: unknown, one: unknown): readonly unknown[] => [...(isList(list) ? list : []), one]

/** The alternatives of a value, of each of which one or several hold. */
const unionsOf = ({ anyOf, oneOf, if: asked, then: so, else: otherwise, dependentSchemas = {} }: Part) => [
  ...[anyOf, oneOf].filter(isList),
  ...(asked === undefined ? [] : [[so, otherwise]]),
  ...Object.values(dependentSchemas as Part).map((one) => [one]),
]
