/** What a Python type lets through: pydantic's classes and the standard ones, with the bounds that stand beside them. */

import {
  type Call,
  type Located,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isBoundingPattern } from '../schemas/patterns.ts'
import { ancestorsOf, type ClassValue, definitionOf } from './definitions.ts'
import { annotationOf } from './dependencies.ts'
import { configOf } from './model-config.ts'

interface Problem {
  readonly what: string
  readonly at: Place
}

export interface Findings {
  readonly problems: readonly Problem[]
  readonly unread?: string
}

/** What stands beside a type: `Field(max_length=80)`, by name. */
type Bounds = ReadonlySet<string>

const FINE = new Set(
  (
    'bool StrictBool UUID UUID1 UUID3 UUID4 UUID5 UUID7 date datetime time timedelta AwareDatetime NaiveDatetime PastDate FutureDate PastDatetime FutureDatetime ' +
    'EmailStr NameEmail HttpUrl AnyUrl AnyHttpUrl FileUrl PostgresDsn RedisDsn Url AnyWebsocketUrl WebsocketUrl IPvAnyAddress IPvAnyNetwork IPvAnyInterface IPv4Address IPv6Address ' +
    'Color PaymentCardNumber MacAddress CountryAlpha2 CountryAlpha3 PhoneNumber PhoneNumberType ULID ObjectId PydanticObjectId PyObjectId ZoneInfo TimeZoneName Currency ISO4217 Coordinate Latitude Longitude ' +
    'UploadFile None NoneType Request Response WebSocket BackgroundTasks HTTPConnection SecurityScopes Enum'
  ).split(' '),
)
const STRINGS = new Set(
  'str StrictStr SecretStr bytes StrictBytes SecretBytes AnyStr Base64Str Base64Bytes Base64UrlStr FilePath Path constr conbytes'.split(
    ' ',
  ),
)
const NUMBERS = new Set(
  'int float Decimal StrictInt StrictFloat complex PositiveInt NonNegativeInt NegativeInt NonPositiveInt PositiveFloat NonNegativeFloat NegativeFloat NonPositiveFloat FiniteFloat conint confloat condecimal Number ByteSize'.split(
    ' ',
  ),
)
const LISTS = new Set(
  'list List Sequence set Set frozenset FrozenSet Iterable Collection MutableSequence MutableSet deque conlist conset confrozenset UniqueList'.split(
    ' ',
  ),
)
const UNTYPED = new Set(
  'dict Dict Mapping MutableMapping Any object Json JSON JsonValue defaultdict OrderedDict Hashable'.split(' '),
)

const ID_NAME = /^(?:id|pk|uid)s?$|_(?:id|pk|uid)s?$|[a-z]Ids?$/

const has = (bounds: Bounds, ...names: string[]): boolean => names.some((one) => bounds.has(one))

/** The names of what a call such as Field(…) bounds, where that is not None. */
export const boundsOf = (reading: Reading, calls: readonly Located<Call>[]): Bounds => {
  const names = new Set<string>()
  for (const { node, scope } of calls) {
    const callee = lastName(node.callee) ?? ''
    for (const [name, value] of node.named) {
      const given = possibilities(reading.evaluator.value(value, scope))
      if (given.every((one) => one.kind === 'literal' && one.value === null)) continue
      if (/^(?:pattern|regex)$/.test(name) && !given.every(isBoundingPattern)) continue
      names.add(name)
    }
    if (/^(?:MaxLen|Len|MinLen)$/.test(callee) && (callee === 'MaxLen' || node.args.length > 1)) names.add('max_length')
    if (callee === 'Le' || callee === 'Lt') names.add('le')
    if (callee === 'Ge' || callee === 'Gt') names.add('ge')
    if (
      /^(?:AfterValidator|BeforeValidator|PlainValidator|WrapValidator)$/.test(callee) &&
      node.args[0] &&
      boundsInside(reading, node.args[0], scope)
    )
      names.add('validated')
  }
  return names
}

const boundsInside = (reading: Reading, node: Node, scope: Scope): boolean => {
  const value = reading.evaluator.value(node, scope)
  return value.kind === 'function' && limitsValue(value.node.body)
}

/** A validator of its own that looks at how long or large a value is, or at its form. */
const limitsValue = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (node.kind === 'call' && /^(?:len|match|fullmatch|search|validate_email)$/.test(lastName(node.callee) ?? ''))
      found = true
    if (node.kind === 'binary' && node.operator === 'in') found = true
    return !found
  })
  return found
}

export class Types {
  readonly reading: Reading
  readonly #open = new Set<Node>()
  readonly #models = new Map<Node, Findings>()

  constructor(reading: Reading) {
    this.reading = reading
  }

  /** What a type with these bounds lets through; `name` is what the value is called. */
  check(node: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const annotated = annotationOf(this.reading, node, scope)
    if (annotated.calls.length > 0 || annotated.type.node !== node)
      return this.check(
        annotated.type.node,
        annotated.type.scope,
        new Set([...bounds, ...boundsOf(this.reading, annotated.calls)]),
        name,
        at,
      )
    if (bounds.has('validated')) return { problems: [] }
    switch (node.kind) {
      case 'literal':
        return { problems: [] }
      case 'type':
        return node.name === 'union'
          ? this.#all(node.args, scope, bounds, name, at)
          : { problems: [], unread: `${name}: a type that could not be read` }
      case 'list':
        return this.#all(node.items, scope, bounds, name, at)
      case 'member':
        return node.property.kind === 'literal'
          ? this.#named(node, scope, bounds, name, at)
          : this.#generic(node.object, node.property, scope, bounds, name, at)
      case 'call':
        return this.#called({ node, scope }, bounds, name, at)
      case 'name':
        return this.#named(node, scope, bounds, name, at)
      default:
        return { problems: [], unread: `${name}: a type that could not be read` }
    }
  }

  #all(nodes: readonly Node[], scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    return joined(nodes.map((one) => this.check(one, scope, bounds, name, at)))
  }

  #generic(base: Node, property: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const word = lastName(base) ?? ''
    const items = property.kind === 'list' ? property.items : [property]
    if (word === 'Literal' || word === 'type' || word === 'Type' || word === 'ClassVar') return { problems: [] }
    if (/^(?:Optional|Union|Required|NotRequired|ReadOnly|Final|Unpack)$/.test(word))
      return this.#all(items, scope, bounds, name, at)
    if (/^tuple$/i.test(word) && !items.some((one) => one.kind === 'name' && one.name === 'Ellipsis'))
      return this.#all(items, scope, new Set(), name, at)
    if (LISTS.has(word) || /^tuple$/i.test(word)) {
      const inner = this.check(items[0] ?? property, scope, listItemBounds(bounds), name, at)
      return has(bounds, 'max_length', 'max_items')
        ? inner
        : joined([{ problems: [{ what: `${name}: a list of any length`, at }] }, inner])
    }
    if (UNTYPED.has(word)) return { problems: [{ what: `${name}: any keys`, at }] }
    // Page[Item], Response[T]: the class with what it is given.
    return joined([
      this.check(base, scope, bounds, name, at),
      ...items.map((one) => this.check(one, scope, new Set<string>(), name, at)),
    ])
  }

  /** constr(max_length=80) in the place of a type. */
  #called({ node, scope }: Located<Call>, bounds: Bounds, name: string, at: Place): Findings {
    const callee = lastName(node.callee) ?? ''
    if (callee === 'NewType' && node.args[1]) return this.check(node.args[1], scope, bounds, name, at)
    const own = new Set([...bounds, ...boundsOf(this.reading, [{ node, scope }])])
    return this.#standard(callee, own, name, at) ?? { problems: [], unread: `${name}: ${callee}(…)` }
  }

  #standard(word: string, bounds: Bounds, name: string, at: Place): Findings | undefined {
    const problem = (what: string): Findings => ({ problems: [{ what: `${name}: ${what}`, at }] })
    if (FINE.has(word)) return { problems: [] }
    if (STRINGS.has(word))
      return has(bounds, 'max_length', 'str_max_length', 'regex', 'pattern', 'curtail_length', 'const')
        ? { problems: [] }
        : problem('a string without a greatest length')
    if (NUMBERS.has(word)) {
      if (ID_NAME.test(name.split('.').at(-1) ?? '')) return { problems: [] }
      const least = has(bounds, 'ge', 'gt') || /^(?:Positive|NonNegative)/.test(word)
      const most = has(bounds, 'le', 'lt', 'max_digits') || /^(?:Negative|NonPositive)/.test(word)
      if (least && most) return { problems: [] }
      return problem(
        most
          ? 'a number without a least value'
          : least
            ? 'a number without a greatest value'
            : 'a number without bounds',
      )
    }
    if (LISTS.has(word) || word === 'tuple')
      return has(bounds, 'max_length', 'max_items')
        ? problem('a list of anything')
        : problem('a list of anything, of any length')
    if (UNTYPED.has(word)) return problem('anything')
    return
  }

  #named(node: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const found = definitionOf(this.reading, node, scope)
    if (found.node !== node && found.node.kind !== 'class' && found.node.kind !== 'function')
      return this.check(found.node, found.scope, bounds, name, at)
    if (found.node.kind === 'class')
      return this.model({ kind: 'class', node: found.node, scope: found.scope, at: found.node.at }, name, at)
    const word = lastName(node) ?? ''
    const standard = this.#standard(word, bounds, name, at)
    if (standard) return standard
    const isParameter = node.kind === 'name' && lookup(scope, node.name).length === 0
    return isParameter || /^[A-Z]$|^T[A-Z_]\w*$/.test(word)
      ? { problems: [] }
      : { problems: [], unread: `${name}: ${word} is not known` }
  }

  /** The fields of a model of the project. */
  model(type: ClassValue, name: string, at: Place): Findings {
    const { node } = type
    const label = node.name ?? name
    if (FINE.has(label)) return { problems: [] }
    const known = this.#models.get(node)
    if (known) return known
    const above = ancestorsOf(this.reading, type)
    if (above.some((one) => /^(?:Int|Str)?Enum$|^(?:Int)?Flag$/.test(one))) return { problems: [] }
    if (above.some((one) => FINE.has(one))) return { problems: [] }
    if (this.#open.has(node)) return { problems: [] }
    const [plain] = above.filter((one) => STRINGS.has(one) || NUMBERS.has(one))
    if (plain && !above.includes('BaseModel'))
      return limitsValue(node.members)
        ? { problems: [] }
        : (this.#standard(plain, new Set(), name, at) ?? { problems: [] })
    if (!isModel(above, node.decorators)) return { problems: [], unread: `${name}: ${label} is no model that is known` }
    this.#open.add(node)
    const extra = this.#extra(type)
    const findings = joined([
      ...(extra ? [{ problems: [{ what: `${label}: unknown keys are kept`, at: extra }] }] : []),
      ...this.#fields(type).map(([field, one]) => this.#field(type, field, one)),
    ])
    this.#open.delete(node)
    this.#models.set(node, findings)
    return findings
  }

  /** Its own fields and those it inherits, the nearest first. */
  #fields(type: ClassValue, depth = 0): readonly (readonly [string, Located])[] {
    const fields = new Map<string, Located>()
    const inner = this.reading.program.scopeOf(type.node.members[0] ?? type.node) ?? type.scope
    for (const member of type.node.members) {
      const name = member.kind === 'assign' ? lastName(member.target) : undefined
      if (member.kind !== 'assign' || name === undefined || member.type === undefined || /^_|^model_config$/.test(name))
        continue
      if (
        member.value?.kind === 'call' &&
        /^(?:Relationship|PrivateAttr|relationship)$/.test(lastName(member.value.callee) ?? '')
      )
        continue
      fields.set(name, { node: member, scope: inner })
    }
    if (depth < 8)
      for (const base of type.node.bases) {
        const bare = base.kind === 'member' && base.property.kind !== 'literal' ? base.object : base
        const above = this.reading.evaluator.value(bare, type.scope)
        if (above.kind === 'class' && above.node !== type.node)
          for (const [name, one] of this.#fields(above, depth + 1)) if (!fields.has(name)) fields.set(name, one)
      }
    return [...fields]
  }

  #field(type: ClassValue, name: string, { node, scope }: Located): Findings {
    if (node.kind !== 'assign' || node.type === undefined) return { problems: [] }
    const calls: Located<Call>[] = node.value?.kind === 'call' ? [{ node: node.value, scope }] : []
    if (this.#validated(type, name)) return { problems: [] }
    return this.check(
      node.type,
      scope,
      new Set([...boundsOf(this.reading, calls), ...this.#bounded(type)]),
      `${type.node.name ?? ''}.${name}`,
      placeOf(this.reading, node.at),
    )
  }

  /** `@validator('name')` that looks at the length or the form. */
  #validated(type: ClassValue, name: string): boolean {
    return type.node.members.some(
      (member) =>
        member.kind === 'function' &&
        member.decorators.some(
          (one) =>
            one.kind === 'call' &&
            /^(?:field_)?validator$/.test(lastName(one.callee) ?? '') &&
            one.args.some((arg) => arg.kind === 'literal' && (arg.value === name || arg.value === '*')),
        ) &&
        limitsValue(member.body),
    )
  }

  /** Where a model says that it keeps unknown keys. */
  #extra(type: ClassValue): Place | undefined {
    const given = configOf(this.reading, type, 'extra')
    const allows =
      given !== undefined &&
      ((given.kind === 'literal' && given.value === 'allow') ||
        (given.kind === 'member' && lastName(given) === 'allow'))
    return allows ? placeOf(this.reading, given.at) : undefined
  }

  /** What a model says of all of its strings, by the name of today or of Pydantic 1. */
  #bounded(type: ClassValue): readonly string[] {
    const given = ['str_max_length', 'max_anystr_length'].map((name) => configOf(this.reading, type, name))
    return given.some((one) => one !== undefined && !(one.kind === 'literal' && one.value === null))
      ? ['str_max_length']
      : []
  }
}

export const isModel = (ancestors: readonly string[], decorators: readonly Node[]): boolean =>
  ancestors.some((one) =>
    /^(?:BaseModel|SQLModel|GenericModel|BaseSchema|CamelModel|TypedDict|Struct|RootModel|Schema|Document|BaseUser\w*|\w*Model)$/.test(
      one,
    ),
  ) || decorators.some((one) => lastName(one.kind === 'call' ? one.callee : one) === 'dataclass')

const listItemBounds = (bounds: Bounds): Bounds =>
  new Set([...bounds].filter((one) => !/^(?:max_length|max_items|min_length|min_items)$/.test(one)))

export const joined = (findings: readonly Findings[]): Findings => {
  const unread = findings.find((one) => one.unread !== undefined)?.unread
  return { problems: findings.flatMap((one) => one.problems), ...(unread === undefined ? {} : { unread }) }
}

/** Whether a body reads the request as it is: `await request.json()`. */
export const rawReads = (body: readonly Node[], visit: (method: string, node: Node) => void): void => {
  walkBody(body, (node) => {
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      /^(?:json|body|form|stream)$/.test(lastName(node.callee) ?? '') &&
      /^(?:request|req)$/.test(lastName(node.callee.object) ?? '')
    )
      visit(lastName(node.callee) ?? '', node)
    if (
      node.kind === 'member' &&
      /^(?:query_params|path_params)$/.test(lastName(node) ?? '') &&
      /^(?:request|req)$/.test(lastName(node.object) ?? '')
    )
      visit(lastName(node) ?? '', node)
  })
}
