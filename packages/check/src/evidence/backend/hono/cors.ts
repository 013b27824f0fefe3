/** hono/cors: who may read the answers. */
import { type Call, type Frame, isFrom, type Located, possibilities, type Value } from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { callWithoutOptions, literalOf, originsEntry } from '../literals.ts'
import { byAnswer } from '../origin-functions/index.ts'
import { headersAnywhere, originsOf } from '../origins/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'

type Origins = CorsSetting['origins']

/** The loosest of several ways is what counts. */
const LOOSEST: readonly Origins[] = ['any', 'reflected', 'loose', 'null', 'unknown', 'listed']

export const corsOf = (reading: Reading): readonly CorsSetting[] => {
  const found = new Map<string, CorsSetting>()
  for (const name of ['cors', 'honoCors'])
    for (const located of reading.program.callsNamed(name))
      for (const frame of reading.evaluator.callGraph.frames(located.scope)) {
        if (
          !isFrom(
            reading.evaluator.value(located.node.callee, located.scope, frame),
            /^(?:npm:|jsr:@)?hono\/(?:hono\/)?cors$|^@hono\/hono\/cors$/,
            'cors',
          )
        )
          continue
        if (whenOf(reading, located.node) === 'development') continue
        const setting = settingOf(reading, located, frame)
        const key = `${setting.at.file}:${located.node.at.start}`
        const known = found.get(key)
        if (known === undefined || LOOSEST.indexOf(setting.origins) < LOOSEST.indexOf(known.origins))
          found.set(key, setting)
      }
  return [...found.values(), ...headersAnywhere(reading)]
}

const settingOf = (reading: Reading, { node, scope }: Located<Call>, frame: Frame | undefined): CorsSetting => {
  const [given] = node.args
  const at = placeOf(reading, node.at)
  if (given === undefined)
    return {
      at,
      origins: 'any',
      what: 'cors() without a list',
      credentials: false,
      ...literalOf(callWithoutOptions(reading, node, '{ origin: ')),
    }
  const options = reading.evaluator.value(given, scope, frame)
  if (options.kind !== 'object')
    return { at, origins: 'unknown', what: 'its options could not be read', credentials: false }
  const credentials = options.entries.get('credentials')
  const origin =
    options.entries.get('origin') ?? (options.rest.length > 0 ? ({ kind: 'unknown', at: node.at } as Value) : undefined)
  const judged: Judged =
    origin === undefined ? { origins: 'any', what: 'cors() without origin' } : ofValue(reading, origin)
  const entry =
    given.kind === 'object'
      ? given.entries.find((one) => one.key.kind === 'literal' && one.key.value === 'origin')?.key
      : undefined
  return {
    at: entry ? placeOf(reading, entry.at) : at,
    ...judged,
    credentials: credentials?.kind === 'literal' && credentials.value === true,
    ...literalOf(originsEntry(reading, options, 'origin')),
  }
}

interface Judged {
  readonly origins: Origins
  readonly what: string
}

const worst = (all: readonly Judged[]): Judged =>
  [...all].sort((a, b) => LOOSEST.indexOf(a.origins) - LOOSEST.indexOf(b.origins))[0] ?? {
    origins: 'unknown',
    what: 'its origin could not be read',
  }

const ofValue = (reading: Reading, value: Value): Judged =>
  worst(possibilities(value).map((one) => ofOne(reading, one)))

/** What a function gives back, and the patterns that it asks. */
const judged = (reading: Reading, value: Value): Origins =>
  value.kind === 'pattern' || value.kind === 'external'
    ? originsOf(reading, value, 'unknown')
    : ofValue(reading, value).origins

const ofOne = (reading: Reading, value: Value): Judged => {
  switch (value.kind) {
    case 'literal':
      if (value.value === '*') return { origins: 'any', what: "origin: '*'" }
      if (value.value === 'null') return { origins: 'null', what: "origin: 'null'" }
      return value.value === null || value.value === true
        ? { origins: 'any', what: 'its default, without an origin,' }
        : { origins: 'listed', what: String(value.value) }
    case 'text':
      return { origins: 'listed', what: 'one origin' }
    // A list is compared by equality: a star in it is an origin that nobody has.
    case 'list': {
      const texts = value.items
        .flatMap((one) => possibilities(one))
        .flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []))
      return texts.includes('null')
        ? { origins: 'null', what: "'null' in the list" }
        : { origins: 'listed', what: texts.join(', ') }
    }
    case 'env': {
      const star = reading.env.get(value.name)?.find((one) => one.value.trim() === '*')
      return star
        ? { origins: 'any', what: `${value.name}=* in ${star.at.file}` }
        : { origins: 'listed', what: value.name }
    }
    case 'function':
      return { origins: byAnswer(reading, value, (one) => judged(reading, one)), what: 'cors origin' }
    case 'unknown':
      return value.of?.kind === 'env' || value.of?.kind === 'list'
        ? { origins: 'listed', what: value.label?.join('.') ?? 'a list' }
        : { origins: 'unknown', what: 'its origin could not be read' }
    default:
      return { origins: 'unknown', what: 'its origin could not be read' }
  }
}
