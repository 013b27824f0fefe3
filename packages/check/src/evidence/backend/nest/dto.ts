/** What a DTO class lets through, by its class-validator decorators. */

import {
  type Assign,
  type At,
  type ClassNode,
  isUndefined,
  lastName,
  type Node,
  possibilities,
  type Scope,
  textsOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { both, isBoundingPattern, type ObjectShape, type Shape, unread } from '../schemas/index.ts'
import { basesOf, type ClassValue } from './classes.ts'
import { argOf, type Decorator, decoratorsOf, named } from './decorators.ts'

interface DtoRules {
  /** The pipe drops or refuses keys that the class doesn't name. */
  readonly closed: boolean
  /** GraphQL's own types hold for what has no decorator. */
  readonly graphql: boolean
}

const DEEPEST = 6

/** A class of TypeScript, which is there at run time; an interface or an alias of a type is not. */
export const isRuntimeClass = (reading: Reading, node: ClassNode): boolean => {
  const text = reading.program.modules.get(node.at.file)?.text.slice(node.at.start, node.at.start + 400) ?? ''
  return !/^(?:export\s+)?(?:declare\s+)?(?:interface|type)\b|^\{/.test(text.trimStart())
}

export const dtoShape = (reading: Reading, value: Value, rules: DtoRules, depth = 0): Shape => {
  if (depth > DEEPEST) return { kind: 'fixed', at: value.at }
  if (value.kind === 'class') return ofClass(reading, value, rules, depth)
  if (value.kind === 'external' && value.call !== undefined) {
    const made = mapped(reading, value, rules, depth)
    if (made !== undefined) return made
    return unread(`a class that ${value.from} makes`, value.at)
  }
  return { kind: 'any', at: value.at }
}

/** PartialType, PickType, OmitType and IntersectionType, of mapped-types, swagger or graphql. */
const mapped = (
  reading: Reading,
  value: Extract<Value, { kind: 'external' }>,
  rules: DtoRules,
  depth: number,
): Shape | undefined => {
  const { call } = value
  const name = withoutDefault(value.path).at(-2)
  if (call === undefined || name === undefined || !/^@nestjs\//.test(value.from)) return
  const args = call.node.args.map((one) => reading.evaluator.value(one, call.scope, value.frame))
  const [first, second] = args
  if (first === undefined) return
  if (name === 'PartialType') return dtoShape(reading, first, rules, depth + 1)
  if (name === 'IntersectionType') return args.map((one) => dtoShape(reading, one, rules, depth + 1)).reduce(both)
  if (name !== 'PickType' && name !== 'OmitType') return
  const base = dtoShape(reading, first, rules, depth + 1)
  const keys =
    second === undefined
      ? []
      : possibilities(second).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : []))
  if (base.kind !== 'object') return base
  return { ...base, fields: new Map([...base.fields].filter(([key]) => keys.includes(key) === (name === 'PickType'))) }
}

const ofClass = (reading: Reading, type: ClassValue, rules: DtoRules, depth: number): Shape => {
  if (!isRuntimeClass(reading, type.node)) return { kind: 'any', at: type.at }
  const above = basesOf(reading, type).map((one) => dtoShape(reading, one, rules, depth + 1))
  const strange = above.find((one) => one.kind === 'unread')
  const fields = new Map<string, Shape>(above.flatMap((one) => (one.kind === 'object' ? [...one.fields] : [])))
  let told = above.some((one) => one.kind === 'object' && one.fields.size > 0)
  const own = type.node.members.flatMap((one) => (one.kind === 'assign' && one.target.kind === 'name' ? [one] : []))
  for (const field of own) {
    const shape = fieldShape(reading, field, rules, depth)
    if (shape === undefined) continue
    told = true
    fields.set(lastName(field.target) ?? '', shape)
  }
  for (const field of own) {
    const twin = fields.get(twinOf(reading, field) ?? '')
    if (twin !== undefined) fields.set(lastName(field.target) ?? '', twin)
  }
  if (strange !== undefined && !told) return strange
  // No decorator on any field: the validator has nothing to go by.
  if (!told && own.length > 0) return { kind: 'any', at: type.node.at }
  const shape: ObjectShape = { kind: 'object', closed: rules.closed || rules.graphql, fields, at: type.node.at }
  return shape
}

const FIXED =
  /^(?:IsBoolean|IsBooleanString|IsDate|IsDateString|IsISO8601|IsRFC3339|IsEnum|IsIn|Equals|IsUUID|IsULID|IsMongoId|IsEmail|IsUrl|IsURL|IsPhoneNumber|IsMobilePhone|IsIP|IsFQDN|IsHexColor|IsRgbColor|IsHSL|IsPostalCode|IsLocale|IsCreditCard|IsISO31661Alpha\d|IsISO4217CurrencyCode|IsMilitaryTime|IsTimeZone|IsMACAddress|IsLatLong|IsLatitude|IsLongitude|IsHash|IsMD5|IsEAN|IsISBN|IsISIN|IsISSN|IsISRC|IsIBAN|IsBIC|IsSemVer|IsPort|IsEthereumAddress|IsBtcAddress|IsTaxId|IsIdentityCard|IsPassportNumber|IsFirebasePushId|MaxDate|MinDate|IsRegion|IsCurrency)$/
/** `@Length(1)` is a minimum alone. */
const BOUNDS_BY_SECOND = /^(?:Length|IsByteLength)$/
const TEXT =
  /^(?:IsString|MinLength|Length|IsByteLength|IsAlpha\w*|IsAscii|IsBase\d\w*|IsNumberString|IsLowercase|IsUppercase|Contains|NotContains|IsHexadecimal|IsOctal|IsDecimal|IsJSON|IsJWT|IsStrongPassword|IsMultibyte|IsFullWidth|IsHalfWidth|IsVariableWidth|IsSurrogatePair|IsMagnetURI|IsDataURI|IsMimeType)$/
const NUMBER = /^(?:IsInt|IsNumber|IsPositive|IsNegative|IsDivisibleBy|Min|Max)$/
const LIST = /^(?:IsArray|Array\w+)$/
const NEUTRAL = /^(?:IsOptional|IsDefined|IsNotEmpty|IsEmpty|Allow|ValidateIf|NotEquals|IsNotIn)$/

const VALIDATOR = /^class-validator/

/** What one field lets through; undefined where nothing is said of it (the pipe then drops it, or GraphQL doesn't know it). */
const fieldShape = (reading: Reading, field: Assign, rules: DtoRules, depth: number): Shape | undefined => {
  const { at } = field.target
  const decorators = decoratorsOf(reading, field.decorators)
  const checks = decorators.filter((one) => VALIDATOR.test(one.from))
  const own = decorators.filter((one) => one.from === 'own' && one.made !== undefined && isValidator(one))
  const isField = rules.graphql && decorators.some((one) => /graphql/.test(one.from))
  if (checks.length === 0 && own.length === 0 && !isField)
    return rules.graphql && depth === 0 && decorators.length === 0 ? ofType(field, at) : undefined
  const scope = reading.program.scopeOf(field)
  const each = checks.filter((one) => eachOf(reading, one))
  const isList = checks.some((one) => LIST.test(one.name)) || each.length > 0 || isArrayType(field.type)
  const item = itemShape(reading, {
    field,
    decorators,
    checks: isList
      ? checks.filter((one) => !LIST.test(one.name) && (each.includes(one) || one.name === 'ValidateNested'))
      : checks,
    own,
    at,
    rules,
    depth,
    scope,
  })
  if (!isList) return item
  const bounded =
    checks.some((one) => one.name === 'ArrayMaxSize') ||
    (checks.some((one) => one.name === 'ArrayUnique') && item.kind === 'fixed')
  return { kind: 'array', bounded, items: [item], at }
}

interface FieldRead {
  readonly field: Assign
  readonly decorators: readonly Decorator[]
  readonly checks: readonly Decorator[]
  readonly own: readonly Decorator[]
  readonly at: At
  readonly rules: DtoRules
  readonly depth: number
  readonly scope: Scope | undefined
}

const itemShape = (reading: Reading, read: FieldRead): Shape => {
  const { checks, own, at, rules, field } = read
  const has = (pattern: RegExp) => checks.some((one) => pattern.test(one.name))
  if (has(/^ValidateNested$/)) return nested(reading, read)
  if (has(FIXED)) return { kind: 'fixed', at }
  if (checks.some((one) => isBoundOfText(reading, one))) return { kind: 'string', bounded: true, at }
  const custom =
    own.some((one) => boundsItself(one)) ||
    checks.some(
      (one) =>
        /^(?:Validate|ValidateBy)$/.test(one.name) &&
        /phone|enum|uuid|id|email|url|date/i.test(textOfArgs(reading, one)),
    )
  if (has(NUMBER)) return { kind: 'number', bounded: custom || (has(/^Max$/) && has(/^(?:Min|IsPositive)$/)), at }
  if (has(TEXT)) return { kind: 'string', bounded: custom, at }
  if (custom) return { kind: 'fixed', at }
  if (rules.graphql) return ofType(field, at) ?? { kind: 'string', bounded: false, at }
  if (
    checks.some(
      (one) =>
        !NEUTRAL.test(one.name) &&
        !/^(?:IsObject|IsNotEmptyObject|IsInstance|Validate|ValidateBy|IsType)$/.test(one.name),
    )
  )
    return unread(`the check ${checks.find((one) => !NEUTRAL.test(one.name))?.name ?? ''}`, at)
  return { kind: 'any', at }
}

const isBoundOfText = (reading: Reading, one: Decorator): boolean => {
  if (one.name === 'Matches') return isBoundingPattern(argOf(reading, one, 0))
  if (!BOUNDS_BY_SECOND.test(one.name)) return one.name === 'MaxLength'
  const most = argOf(reading, one, 1)
  const isNone = most?.kind === 'object' || isUndefined(one.args[1])
  return most !== undefined && !isNone
}

/** GraphQL's own types: a text, a number, or what the schema lists. */
const ofType = (field: Assign, at: At): Shape | undefined => {
  const name = typeName(field.type)
  if (name === undefined) return
  if (name === 'string') return { kind: 'string', bounded: false, at }
  if (name === 'number') return { kind: 'number', bounded: false, at }
  return { kind: 'fixed', at }
}

export const typeName = (type: Node | undefined): string | undefined => {
  if (type === undefined) return
  if (type.kind === 'type')
    return type.name === 'union'
      ? type.args.map(typeName).find((one) => one !== 'null' && one !== 'undefined')
      : type.name
  return lastName(type)?.replace(/^(?:String|Number|Boolean)$/, (one) => one.toLowerCase())
}

const isArrayType = (type: Node | undefined): boolean =>
  type !== undefined &&
  ((type.kind === 'type' && (type.name === 'array' || (type.name === 'union' && type.args.some(isArrayType)))) ||
    (type.kind === 'member' && lastName(type.object) === 'Array' && type.property.kind !== 'literal'))

/** `@ValidateNested() @Type(() => AddressDto)`; without Type there is no class to go by. */
const nested = (reading: Reading, { field, decorators, at, rules, depth, scope }: FieldRead): Shape => {
  const [type] = named(decorators, 'Type', /class-transformer/)
  const given = type && argOf(reading, type, 0)
  const made = given?.kind === 'function' ? reading.evaluator.returned(given) : undefined
  const classes = made === undefined ? [] : possibilities(made).filter((one) => one.kind === 'class')
  if (classes.length > 0)
    return classes.length === 1 && classes[0]
      ? dtoShape(reading, classes[0], rules, depth + 1)
      : { kind: 'union', of: classes.map((one) => dtoShape(reading, one, rules, depth + 1)), at }
  if (made !== undefined) return unread('a nested class', at)
  const typed = field.type && scope ? reading.evaluator.value(field.type, scope) : undefined
  return rules.graphql && typed?.kind === 'class' ? dtoShape(reading, typed, rules, depth + 1) : { kind: 'any', at }
}

const eachOf = (reading: Reading, one: Decorator): boolean =>
  one.args.some((_, index) => {
    const value = argOf(reading, one, index)
    const each = value?.kind === 'object' ? value.entries.get('each') : undefined
    return each?.kind === 'literal' && each.value === true
  })

const SAME = /^(?:Is)?(?:Match(?:es)?(?:Property)?|Equals?(?:To)?|Same(?:As)?)$/

/** `@Match('password')` of the project's own: what has to be the same as another field is bounded as that one is. */
const twinOf = (reading: Reading, field: Assign): string | undefined =>
  decoratorsOf(reading, field.decorators)
    .filter((one) => one.from === 'own' && one.made !== undefined && SAME.test(one.name) && isValidator(one))
    .map((one) => argOf(reading, one, 0))
    .flatMap((one) => (one === undefined ? [] : textsOf(one)))[0]

const isValidator = (one: Decorator): boolean => {
  let found = false
  if (one.made)
    walk(one.made.body, (node) => {
      if (
        node.kind === 'call' &&
        /^(?:registerDecorator|ValidateBy|Validate|buildMessage)$/.test(lastName(node.callee) ?? '')
      )
        found = true
    })
  return found
}

/** A check of the project's own that looks at a pattern, a length or a library's format. */
const boundsItself = (one: Decorator): boolean => {
  if (/phone|enum|uuid|email|url|date|objectid|slug|time/i.test(one.name)) return true
  let found = false
  if (one.made)
    walk(one.made.body, (node) => {
      if (node.kind === 'pattern') found = true
      if (node.kind === 'binary' && /^[<>]/.test(node.operator)) found = true
      if (
        node.kind === 'call' &&
        /^(?:is[A-Z]\w*|test|match|maxLength|length)$/.test(lastName(node.callee) ?? '') &&
        lastName(node.callee) !== 'isString'
      )
        found = true
    })
  return found
}

const textOfArgs = (reading: Reading, one: Decorator): string =>
  one.args.map((arg) => writtenAt(reading, arg)).join(' ')
