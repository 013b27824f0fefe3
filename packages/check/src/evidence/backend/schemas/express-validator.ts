/** express-validator: chains of checks of single fields. What they don't name passes, unless checkExact is around them. */
import type { At, Value } from '../../source/index.ts'
import { argOf, type Chain, type Step, textsIn } from './chain.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength } from './predicates.ts'
import { type Context, listed } from './readers.ts'
import { objects, type Shape, unread } from './shape.ts'

export const EXPRESS_VALIDATOR = /^express-validator(?:\/|$)/

const FORM =
  /^(?:isEmail|isURL|isUUID|isIn|matches|isMongoId|isIP|isISO8601|isDate|isRFC3339|isJWT|isHexColor|isCreditCard|isMobilePhone|isPostalCode|isULID|isFQDN|isMACAddress|isPort|isISO31661Alpha[23]|isISO4217|isLocale|isBoolean|equals|isTime|isIBAN|isBIC|isStrongPasswordMax|isSlug|isLatLong|isMD5|isHash|isISBN|isCurrency|isSemVer)$/
const NUMBER = /^(?:isInt|isFloat|isDecimal|isNumeric|isDivisibleBy)$/

export const expressValidatorShape = (context: Context, chain: Chain): Shape => {
  const [start, ...rest] = chain.steps.filter((one) => one.called)
  if (start === undefined) return unread('it is no call of express-validator', chain.at)
  if (start.name === 'checkExact') return merged(listed(context, argOf(context.reading, start, 0)), true, start.at)
  if (start.name === 'oneOf')
    return { kind: 'union', of: listed(context, argOf(context.reading, start, 0)), at: start.at }
  if (start.name === 'checkSchema') return checkedSchema(context, argOf(context.reading, start, 0), start.at)
  const keys = textsIn(argOf(context.reading, start, 0))
  const field = fieldOfChecks(
    rest.map((one) => [one.name, argOf(context.reading, one, 0), one] as const),
    start.at,
  )
  return { kind: 'object', closed: false, fields: new Map(keys.map((key) => [key, field])), at: start.at }
}

const merged = (shapes: readonly Shape[], closed: boolean, at: At): Shape => {
  const fields = new Map(shapes.flatMap((one) => (one.kind === 'object' ? [...one.fields] : [])))
  return objects({ kind: 'object', closed, fields, at }, (one) => one)
}

const checkedSchema = (context: Context, schema: Value | undefined, at: At): Shape => {
  if (schema?.kind !== 'object') return unread('checkSchema of something made at run time', at)
  const fields = [...schema.entries].map(([key, checks]): [string, Shape] => [
    key,
    checks.kind === 'object'
      ? fieldOfChecks(
          [...checks.entries].map(
            ([name, value]) =>
              [name, value.kind === 'object' ? (value.entries.get('options') ?? value) : value] as const,
          ),
          checks.at,
        )
      : context.shape(checks),
  ])
  return { kind: 'object', closed: false, fields: new Map(fields), at }
}

const fieldOfChecks = (checks: readonly (readonly [string, Value | undefined, Step?])[], at: At): Shape => {
  const has = (value: Value | undefined, key: string): boolean => value?.kind === 'object' && value.entries.has(key)
  const limited = checks.some(
    ([name, value]) =>
      (FORM.test(name) && (name !== 'matches' || isBoundingPattern(value))) ||
      ((name === 'isLength' || name === 'isByteLength') && has(value, 'max')) ||
      (name === 'custom' && boundsLength(value, true)),
  )
  if (checks.some(([name]) => name === 'isArray')) {
    const max = checks.some(([name, value]) => name === 'isArray' && has(value, 'max'))
    return { kind: 'array', bounded: max, items: [], at }
  }
  if (checks.some(([name]) => name === 'isObject')) return { kind: 'object', closed: false, fields: new Map(), at }
  const number = checks.find(([name]) => NUMBER.test(name))
  if (number !== undefined)
    return { kind: 'number', bounded: limited || has(number[1], 'max') || has(number[1], 'lt'), at }
  return limited ? { kind: 'fixed', at } : { kind: 'string', bounded: false, at }
}
