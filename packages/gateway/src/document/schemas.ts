import { gatherer } from './gathered.ts'
import { heirs, joined, tagged } from './inheritance.ts'
import {
  ASKED,
  bounded,
  INSIDE,
  INSIDE_MAPS,
  isChecked,
  listsKeys,
  MAPS,
  NAMED,
  nullable,
  PLAIN,
  requiredNames,
  SAME,
  SAME_LISTS,
  translated,
} from './keywords.ts'
import { SPELLED } from './letters.ts'
import { withNumeral } from './numerals.ts'
import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'
import {
  describedProperties,
  isReadOnly,
  mayBeOpen,
  neverSent,
  readOnlyNames,
  saidOrElse,
  saidTogether,
} from './read-only.ts'
import { comesBack, says } from './same-value.ts'
import { NO_SCHEMA, served } from './served.ts'
import { LOCAL } from './slow.ts'

/** A JSON Schema of draft 2020-12 that stands on its own: what it refers to is under its `$defs`. */
export type ClosedSchema = Part | boolean

type Kind = 'closed' | 'open' | 'written'

/** Whether a reference under `$defs` means a value that is closed by itself. */
export const isWhole = (reference: string): boolean => reference.startsWith(`${LOCAL}${'closed' satisfies Kind}`)

/** What other parts of the same value say. */
interface Beside {
  /** Names that are never sent. */
  readonly unsent: readonly string[]
  /** Whether they say how long a text may be. */
  readonly isMeasured: boolean
}
const NOTHING: Beside = { unsent: [], isMeasured: false }

/** Turns schemas of one document into closed ones. */
export interface SchemaCloser {
  /**
   * A schema in which every object that lists its keys takes no others. `additionalProperties: false` in each part of an `allOf`
   * would refuse the keys of the other parts, so each object is closed once, at its outermost, by `unevaluatedProperties`.
   *
   * @throws TypeError that says what can't be expressed
   */
  close(schema: unknown): ClosedSchema
}

/** @param given OpenAPI 3.0 or 3.1: 3.0's own keywords (`nullable`, boolean `exclusiveMinimum`) are translated */
export const schemaCloser = (given: Part): SchemaCloser => {
  const { document, gather } = gatherer(given)
  const names = new Map<string, string>()
  const defs: Record<string, ClosedSchema> = {}
  /** How many names were given. None is given again: whoever compiles has what was first called so. */
  let count = 0
  /** What was referred to and is still to be made. Made where it is met, two hundred schemas that lead from one to the next were too deep for V8. */
  const waiting: (() => void)[] = []

  /** The name under `$defs` of what a reference means, as a whole value, as a part of one, or as it is written. */
  const define = (reference: string, kind: Kind, above = NOTHING): Part => {
    const said = kind === 'written' ? NOTHING : mattering(reference, above)
    const key = JSON.stringify([kind, reference, said])
    const known = names.get(key)
    if (known !== undefined) return { $ref: `${LOCAL}${known}` }
    const name = `${kind}${count}`
    count += 1
    names.set(key, name)
    waiting.push(() => {
      const schema = follow(document, reference)
      if (comesBack(document, schema))
        throw new TypeError(`refers to ${reference}, which asks for itself of the same value`)
      defs[name] = makers[kind](schema, said)
    })
    return { $ref: `${LOCAL}${name}` }
  }

  /** A value of its own: the body, a property, an item. */
  const whole = (schema: unknown, above = NOTHING): ClosedSchema => {
    if (typeof schema === 'boolean') return schema
    if (!isPart(schema)) throw new TypeError(NO_SCHEMA)
    if (typeof schema['$ref'] === 'string' && !beside(schema)) return define(schema['$ref'], 'closed', above)
    return counted(schema, spelled(schema, shut(schema, above)))
  }

  const shut = (schema: Part, { isMeasured }: Beside): ClosedSchema => {
    const union = ['anyOf', 'oneOf'].find((keyword) => Array.isArray(schema[keyword]))
    const said = { unsent: neverSent(document, schema), isMeasured }
    if (union !== undefined && !keysBeside(schema, union))
      return without(said.unsent, nullable(schema, translate(schema, true, said)))
    const all = heirs(document, schema)
    return union !== undefined || all.size === 0 ? closed(schema, said) : inherited(schema, said, all)
  }

  const closed = (schema: Part, said: Beside): ClosedSchema => {
    const keyed = says(document, schema, listsKeys)
    const open = without(said.unsent, part(gather(keyed ? joined(document, schema) : schema), said))
    if (typeof open === 'boolean' || 'unevaluatedProperties' in open || !keyed) return open
    // Of keys that all stand in one list ajv makes a table. Of others it makes one expression, which with 900 is too deep for V8.
    if (COMPOSING_OTHERS.some((keyword) => keyword in open)) return { ...open, unevaluatedProperties: false }
    return 'additionalProperties' in open ? open : { ...open, additionalProperties: false }
  }

  /** One of a class itself, whose tag is none of its heirs', or of the heir that its tag names. */
  const inherited = (schema: Part, said: Beside, all: ReturnType<typeof heirs>): ClosedSchema => {
    const { propertyName } = schema['discriminator'] as { readonly propertyName: string }
    const own = {
      not: { required: [propertyName], properties: { [propertyName]: { enum: [...all.values()].flat() } } },
    }
    return {
      anyOf: [
        { allOf: [own, closed(schema, said)] },
        ...[...all.keys()].map((reference) => whole(tagged(schema, { $ref: reference }))),
      ],
    }
  }

  /** Of an object that takes any name: none of them is a described one in other letters. */
  const spelled = (schema: Part, made: ClosedSchema): ClosedSchema => {
    if (typeof made === 'boolean' || !mayBeOpen(document, schema)) return made
    const described = [...describedProperties(document, schema).keys()]
    return described.length === 0 ? made : { ...made, [SPELLED]: described }
  }

  /** A number that may be a text is within what any part says of numbers. */
  const counted = (schema: Part, made: ClosedSchema): ClosedSchema =>
    typeof made === 'boolean' ? made : withNumeral(saidTogether(document, schema), saidOrElse(document, schema), made)

  /** A part of a value: of what the other parts say this alone is known here. */
  const part = (schema: unknown, above = NOTHING): ClosedSchema => {
    if (typeof schema === 'boolean') return schema
    if (!isPart(schema)) throw new TypeError(NO_SCHEMA)
    return nullable(schema, translate(schema, false, above))
  }

  /**
   * What only the server sets is not sent (API3:2023): under such a name nothing is taken. Left out, it would be one of those that an open
   * object takes, or that another part of an `allOf` does.
   */
  const property = (schema: unknown): ClosedSchema => (isReadOnly(document, schema) ? false : whole(schema))

  const translate = (original: Part, closeUnions: boolean, above: Beside): Part => {
    const schema = served(original)
    const unsent = [...above.unsent, ...readOnlyNames(document, schema)]
    const isMeasured =
      above.isMeasured || saidTogether(document, schema).some(({ maxLength }) => maxLength !== undefined)
    const ofAlternatives = { unsent: [], isMeasured }
    // To ajv all items are what `contains` has found, and none would be left to judge: JSON Schema 2020-12, Core §11.2.
    if (schema['unevaluatedItems'] !== undefined && says(document, schema, (one) => 'contains' in one))
      throw new TypeError('uses contains beside unevaluatedItems, which is not served')
    const made: Record<string, unknown> = {}
    for (const keyword of ASKED) if (schema[keyword] !== undefined) made[keyword] = written(schema[keyword])
    for (const keyword of PLAIN) if (schema[keyword] !== undefined) made[keyword] = schema[keyword]
    if (typeof schema['$ref'] === 'string') Object.assign(made, define(schema['$ref'], 'open', { unsent, isMeasured }))
    for (const keyword of SAME) if (schema[keyword] !== undefined) made[keyword] = part(schema[keyword], ofAlternatives)
    if (made['if'] !== undefined) {
      // It describes a value that is so, and no other: JSON Schema 2020-12, Core §10.2.2.1. ajv has what it names for described in either case.
      made['then'] = { allOf: [made['if'], made['then'] ?? true] }
      made['if'] = { not: { not: made['if'] } }
    }
    for (const keyword of SAME_LISTS) {
      if (!Array.isArray(schema[keyword])) continue
      const each = (branch: unknown): ClosedSchema =>
        keyword === 'allOf'
          ? part(branch, { unsent, isMeasured })
          : (closeUnions ? whole : part)(tagged(schema, branch), ofAlternatives)
      made[keyword] = schema[keyword].map(each)
    }
    for (const keyword of INSIDE) if (schema[keyword] !== undefined) made[keyword] = insideBy(keyword)(schema[keyword])
    for (const keyword of INSIDE_MAPS) if (isPart(schema[keyword])) made[keyword] = mapped(schema[keyword], property)
    if (Array.isArray(schema['prefixItems'])) made['prefixItems'] = schema['prefixItems'].map((one) => whole(one))
    if (Array.isArray(made['required'])) made['required'] = made['required'].filter((name) => !unsent.includes(name))
    return withNumeral([schema], [schema], translated(bounded(made, isMeasured)))
  }

  /** `contains` asks for an item, and for at most so many: made stricter, it would not find one that is there, and let more through. */
  const insideBy = (keyword: string): ((schema: unknown) => ClosedSchema) =>
    NAMED.has(keyword) ? property : keyword === 'contains' ? written : whole

  /** What a value may not be, or is asked for: made stricter as the others are, it would let more through. */
  const written = (original: unknown): ClosedSchema => {
    if (typeof original === 'boolean') return original
    if (!isPart(original)) throw new TypeError(NO_SCHEMA)
    const schema = served(original)
    const made: Record<string, unknown> = {}
    for (const [keyword, value] of Object.entries(schema)) {
      if (PLAIN.includes(keyword)) made[keyword] = value
      else if (MAPS.has(keyword) && isPart(value)) made[keyword] = mapped(value, written)
      else if (LISTS.has(keyword) && Array.isArray(value)) made[keyword] = value.map(written)
      else if (SINGLE.has(keyword)) made[keyword] = written(value)
    }
    if (typeof schema['$ref'] === 'string') Object.assign(made, define(schema['$ref'], 'written'))
    return nullable(schema, translated(made))
  }

  /** What of this makes a difference to what is referred to. Mostly nothing does, and one definition is for all who refer to it. */
  const mattering = (reference: string, { unsent, isMeasured }: Beside): Beside => {
    if (unsent.length === 0 && !isMeasured) return NOTHING
    const said = saidOrElse(document, follow(document, reference))
    const asked = new Set(said.flatMap(requiredNames))
    return {
      unsent: [...new Set(unsent)].filter((name) => asked.has(name)).toSorted(),
      isMeasured: isMeasured && said.some(isChecked),
    }
  }

  const makers: Readonly<Record<Kind, (schema: unknown, said: Beside) => ClosedSchema>> = {
    closed: whole,
    open: part,
    written,
  }

  return {
    close: (schema) => {
      const before = names.size
      try {
        const made = whole(schema)
        for (let make = waiting.pop(); make !== undefined; make = waiting.pop()) make()
        return typeof made === 'boolean' ? made : { ...made, $defs: defs }
      } catch (error) {
        // What was made since may refer to what can't be expressed, and the next that asks for it must be refused as well.
        waiting.length = 0
        for (const [key, name] of [...names].slice(before)) {
          names.delete(key)
          delete defs[name]
        }
        throw error
      }
    },
  }
}

const mapped = (schemas: Part, each: (schema: unknown) => ClosedSchema): Part =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, each(schema)]))

/** Such names are not taken, by whatever part or alternative. */
const without = (names: readonly string[], made: ClosedSchema): ClosedSchema =>
  typeof made === 'boolean' || names.length === 0
    ? made
    : {
        ...made,
        properties: { ...(made['properties'] as Part), ...Object.fromEntries(names.map((name) => [name, false])) },
      }

const beside = (schema: Part): boolean => Object.keys(schema).some((keyword) => MEANINGFUL.has(keyword))
const keysBeside = (schema: Part, union: string): boolean =>
  Object.keys(schema).some((keyword) => keyword !== union && COMPOSING.has(keyword))

const LISTS = new Set([...SAME_LISTS, 'prefixItems'])
const SINGLE = new Set([...ASKED, ...SAME, ...INSIDE])
const MEANINGFUL = new Set([
  ...PLAIN,
  ...ASKED,
  ...SAME,
  ...SAME_LISTS,
  ...INSIDE,
  ...INSIDE_MAPS,
  'dependentSchemas',
  'prefixItems',
  'nullable',
])
const COMPOSING_OTHERS = ['$ref', ...ASKED, ...SAME, ...SAME_LISTS, 'dependentSchemas']
const COMPOSING = new Set([...COMPOSING_OTHERS, ...INSIDE_MAPS, 'additionalProperties'])
