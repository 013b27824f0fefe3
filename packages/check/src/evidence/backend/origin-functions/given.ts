/** What is not the origin: settings, lists and switches, and when they are true. */
import { type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import { type Reading, whenTrue } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'
import { and, or, type Reach } from './reach.ts'
import { type Said, test, UNKNOWN } from './said.ts'

interface Truth {
  readonly yes: Reach
  readonly no: Reach
}

const ALWAYS: Truth = { yes: 'any', no: 'nobody' }
const NEVER: Truth = { yes: 'nobody', no: 'any' }
const OPEN: Truth = { yes: 'unknown', no: 'unknown' }
/** Off, unless somebody sets it. */
const UNSET: Truth = { yes: 'chosen', no: 'any' }

const either = (all: readonly Truth[]): Truth =>
  all.length === 0 ? OPEN : { yes: or(...all.map((one) => one.yes)), no: or(...all.map((one) => one.no)) }

/** When a condition that doesn't ask for the origin is true; of development nothing is said. */
export const truthOf = (reading: Reading, node: Node, scope: Scope, value: Value): Truth => {
  const all = possibilities(value)
  if (all.every((one) => one.kind === 'literal')) {
    const truths = all.map((one) => (one.value ? ALWAYS : NEVER))
    // `const isProduction = mode === 'production'` comes to nothing that is known; a literal is what it is.
    if (truths.every((one) => one === truths[0])) return truths[0] ?? OPEN
  }
  const when = whenTrue(reading, node, scope)
  if (when === 'production') return ALWAYS
  if (when === 'development') return NEVER
  return either(all.map((one) => truth(reading, one)))
}

const truth = (reading: Reading, value: Value): Truth => {
  switch (value.kind) {
    case 'literal':
      return value.value ? ALWAYS : NEVER
    case 'env':
      return switchOf(reading, value.name)
    case 'unknown':
    case 'external':
      // `new Error('no')` is there; what a package answers may be anything.
      return value.kind === 'external' && value.call?.node.constructs ? ALWAYS : OPEN
    default:
      return ALWAYS
  }
}

const switchOf = (reading: Reading, name: string): Truth => {
  const settings = settingsOf(reading, name)
  return settings.length === 0
    ? UNSET
    : either(settings.map((one) => (/^(?:false|0|no|off|)$/i.test(one.value.trim()) ? UNSET : ALWAYS)))
}

/** `list.length`, `!list.length`: whether there is anything in it. */
export const lengthOf = (value: Value): Said => {
  const all = possibilities(value)
  const told = all.filter((one) => one.kind !== 'env' || all.length === 1)
  const { yes, no } = either(
    told.map((one) => {
      // A setting that is asked for without a default is one that has to be there.
      if (one.kind === 'env') return ALWAYS
      if (one.kind === 'list') return one.items.length > 0 ? ALWAYS : NEVER
      return one.kind === 'literal' && typeof one.value === 'string' ? (one.value === '' ? NEVER : ALWAYS) : OPEN
    }),
  )
  return { is: 'length', yes, no, grants: 'unknown' }
}

const STAR = /(?:^|[\s,;"'[])\*(?:$|[\s,;"'\]])/

/** Whether a setting says `*`. */
const star = (reading: Reading, value: Value): Truth => {
  switch (value.kind) {
    case 'literal':
      return value.value === '*' || STAR.test(String(value.value)) ? ALWAYS : NEVER
    case 'list':
      return anyOf(value.items.map((one) => star(reading, one)))
    case 'either': {
      const told = possibilities(value)
      return either(told.map((one) => star(reading, one)))
    }
    case 'env': {
      const settings = settingsOf(reading, value.name)
      return settings.length === 0 ? UNSET : either(settings.map((one) => (STAR.test(one.value) ? ALWAYS : UNSET)))
    }
    case 'unknown':
      // Somebody's list of origins, in a place that could not be read.
      return isCalledOrigins(value) ? UNSET : OPEN
    case 'external':
      return OPEN
    default:
      return NEVER
  }
}

const anyOf = (all: readonly Truth[]): Truth => ({
  yes: or(...all.map((one) => one.yes)),
  no: all.reduce<Reach>((least, one) => and(least, one.no), 'any'),
})

/** Something of the settings that is called a list of origins. */
export const isCalledOrigins = (value: Value): boolean =>
  value.kind === 'unknown' &&
  /origin|allowed|frontend|client|app_?url|whitelist|domains?/i.test(value.label?.at(-1) ?? '')

export const isStar = (value: Value): boolean => value.kind === 'literal' && value.value === '*'

/** `list.includes('*')`, `allowed === '*'`. */
export const askedForStar = (reading: Reading, value: Value): Said => {
  const { yes, no } = star(reading, value)
  return test(yes, no)
}

/** `process.env.CORS_OPEN === 'true'`, `typeof allowed === 'string'`: two things that are given. */
export const compared = (reading: Reading, left: Value, right: Value): Said => {
  if (isStar(left)) return askedForStar(reading, right)
  if (isStar(right)) return askedForStar(reading, left)
  const [one, other] = left.kind === 'literal' ? [right, left] : [left, right]
  if (other.kind !== 'literal') return UNKNOWN
  const { yes, no } = either(
    possibilities(one).map((each) => {
      if (each.kind === 'literal') return each.value === other.value ? ALWAYS : NEVER
      if (each.kind !== 'env')
        return other.value === null && each.kind !== 'unknown' && each.kind !== 'external' ? NEVER : OPEN
      const settings = settingsOf(reading, each.name)
      if (settings.length === 0) return other.value === null || other.value === '' ? { yes: 'any', no: 'any' } : UNSET
      return either(settings.map((setting) => (setting.value === String(other.value) ? ALWAYS : UNSET)))
    }),
  )
  return test(yes, no)
}

/** What `typeof` says of it. */
export const typeOf = (value: Value, type: string): Said => {
  const { yes, no } = either(
    possibilities(value).map((one) => {
      const said = typeNames(one)
      return said === undefined
        ? OPEN
        : said.includes(type)
          ? said.length === 1
            ? ALWAYS
            : { yes: 'any', no: 'any' }
          : NEVER
    }),
  )
  return test(yes, no)
}

const typeNames = (value: Value): readonly string[] | undefined => {
  switch (value.kind) {
    case 'literal':
      return [value.value === null ? 'undefined' : typeof value.value]
    case 'list':
      return ['object']
    // As it is, or split into a list: both are known as the setting.
    case 'env':
      return ['string', 'object']
    case 'function':
      return ['function']
    default:
      return
  }
}
