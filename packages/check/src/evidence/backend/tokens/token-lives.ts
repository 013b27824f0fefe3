/** How long a token lives: what its option or its own `exp` comes to. */
import { pathOf, possibilities, spanOf, type Value, walk } from '../../source/index.ts'
import { decoratedMember } from '../decorated.ts'
import type { Life, Token } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'
import type { Signing } from './signing-libraries.ts'

/** The life of a token: its option, else its own `exp`. */
export const livesOf = (reading: Reading, signing: Signing): readonly Life[] => whereSet(saidBy(reading, signing))

const saidBy = (reading: Reading, signing: Signing): readonly Life[] => {
  const { claims } = signing
  if (signing.expires !== undefined && !isNothing(signing.expires))
    return possibilities(signing.expires)
      .flatMap((one) => possibilities(decoratedMember(reading, one) ?? one))
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, signing, 'span'))
  const exp = possibilities(claims).flatMap((one) =>
    one.kind === 'object' ? [one.entries.get('exp') ?? one.entries.get('expires') ?? one.entries.get('expiry')] : [],
  )
  const known = exp.filter((one) => one !== undefined)
  if (known.length > 0)
    return known
      .flatMap(possibilities)
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, signing, 'moment'))
  const opaque = possibilities(claims).every(
    (one) => one.kind === 'unknown' && /claim|payload|data/i.test(one.label?.at(-1) ?? ''),
  )
  return opaque || possibilities(claims).some(setsExpiry)
    ? [{ at: placeOf(reading, claims.at), why: 'its claims come from somewhere else' }]
    : []
}

/** An object of a class whose constructor gives it an `exp`: which one could not be followed. */
const setsExpiry = (claims: Value): boolean => {
  if (claims.kind === 'object') return claims.rest.some(setsExpiry)
  if (claims.kind !== 'instance') return false
  let found = false
  for (const member of claims.class.node.members)
    if (member.kind === 'function' && member.name === 'constructor')
      walk(member.body, (one) => {
        if (one.kind === 'assign' && /^this\.exp$/.test(pathOf(one.target)?.join('.') ?? '')) found = true
      })
  return found
}

/** An argument that was left out, or a way through the code where there is no span. */
const isNothing = (value: Value): boolean =>
  (value.kind === 'literal' && value.value === null) || (value.kind === 'unknown' && value.label?.[0] === 'nothing')

/** A setting that no file sets is what its fallback says. */
const whereSet = (lives: readonly Life[]): readonly Life[] =>
  lives.some((one) => one.seconds !== undefined)
    ? lives.filter((one) => one.seconds !== undefined || !one.unset)
    : lives

/** What a number of minutes can come to. Empty where there is none; no mend, which would be one in seconds. */
export const livesInMinutes = (reading: Reading, value: Value): readonly Life[] =>
  whereSet(
    possibilities(value)
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, { unit: 60, digits: 60 }, 'span')),
  ).map((one) => (one.seconds === undefined ? one : { at: one.at, seconds: one.seconds }))

const lifeOf = (
  reading: Reading,
  value: Value,
  signing: Pick<Signing, 'unit' | 'digits'>,
  meaning: 'span' | 'moment',
): Life[] => {
  const at = placeOf(reading, value.at)
  switch (value.kind) {
    case 'duration':
      return [{ seconds: value.seconds, at }]
    case 'instant':
      // Milliseconds where seconds are meant: a date some fifty thousand years ahead.
      return [{ seconds: value.scale === 'ms' ? Number.POSITIVE_INFINITY : value.seconds, at }]
    case 'literal': {
      const seconds = secondsOfLiteral(value.value, signing)
      if (seconds === undefined) return [{ at, why: `${JSON.stringify(value.value)} is no span of time` }]
      if (meaning === 'moment') return [{ seconds: Number.POSITIVE_INFINITY, at }]
      return [
        {
          seconds,
          at,
          fix: {
            start: value.at.start,
            end: value.at.end,
            from: (reading.program.modules.get(value.at.file)?.text ?? '').slice(value.at.start, value.at.end),
            to: typeof value.value === 'string' ? "'15m'" : String(900 / signing.unit),
          },
        },
      ]
    }
    case 'env':
      // A text of digits is milliseconds to the ms package; a number is in the unit of the library.
      return envLives(reading, value.name, value.number ? { ...signing, digits: signing.unit } : signing, 1, at)
    case 'text':
      return ofText(reading, value, signing, at)
    case 'unknown': {
      // timedelta(minutes=settings.X) where X comes from the environment alone.
      const [what, unit = '', name] = value.label ?? []
      if (what === 'timedelta' && name) {
        const size = sizeOf(unit)
        return envLives(reading, name, { ...signing, unit: size, digits: size }, 1, at)
      }
      const setting = value.label?.at(-1) ?? ''
      if (SETTING.test(setting)) {
        const initial = reading.evaluator.configuration.defaultOf(setting)
        const lives = envLives(reading, setting, signing, 1, at)
        return initial === undefined || lives.some((one) => one.seconds !== undefined)
          ? lives
          : [...lives, ...possibilities(initial).flatMap((one) => lifeOf(reading, one, signing, meaning))]
      }
      if (what === 'timedelta') return [{ at, why: 'the length of its timedelta is not known' }]
      return [{ at, why: `${value.label?.join('.') ?? 'an expression'} could not be followed` }]
    }
    default:
      return [{ at, why: 'it could not be followed' }]
  }
}

/** `${env.ACCESS_MINUTES}m`: a number, and the unit behind it. */
const ofText = (
  reading: Reading,
  { parts }: Extract<Value, { kind: 'text' }>,
  signing: Pick<Signing, 'unit' | 'digits'>,
  at: Token['at'],
): Life[] => {
  const [number, behind, ...others] = parts
  const unit = behind?.kind === 'literal' && others.length === 0 ? spanOf(`1${behind.value}`) : undefined
  if (number === undefined || unit === undefined) return [{ at, why: 'it could not be followed' }]
  const scaled = { ...signing, unit, digits: unit }
  return possibilities(number).flatMap((one): Life[] => {
    if (one.kind !== 'literal') return lifeOf(reading, one, scaled, 'span')
    const seconds = secondsOfLiteral(one.value, scaled)
    return [seconds === undefined ? { at, why: 'it could not be followed' } : { seconds, at: placeOf(reading, one.at) }]
  })
}

/** What settings are called, by custom: `config.ACCESS_TOKEN_LIFE` of an object that nothing more is known of. */
const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/

/** How many seconds one of a unit is; a number is what the source multiplies by. */
const sizeOf = (unit: string): number =>
  /^\d/.test(unit) ? Number(unit) : unit === 'days' ? 86400 : unit === 'hours' ? 3600 : unit === 'seconds' ? 1 : 60

const secondsOfLiteral = (
  value: string | number | boolean | null,
  signing: Pick<Signing, 'unit' | 'digits'>,
): number | undefined => {
  if (typeof value === 'number') return value * signing.unit
  if (typeof value !== 'string') return
  return /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) * signing.digits : spanOf(value)
}

const envLives = (
  reading: Reading,
  name: string,
  signing: Pick<Signing, 'unit' | 'digits'>,
  _factor: number,
  at: Token['at'],
): Life[] => {
  const settings = settingsOf(reading, name)
  if (settings.length === 0) return [{ at, why: `${name} is set by no file of the project`, unset: true }]
  return settings.map((one) => {
    const seconds = secondsOfLiteral(one.value.trim(), signing)
    return seconds === undefined ? { at: one.at, why: `${name} is no span of time there` } : { seconds, at: one.at }
  })
}
