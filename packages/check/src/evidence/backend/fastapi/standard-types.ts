/** What Python's and pydantic's own types let through, with the bounds that stand beside them. */
import type { Place } from '../facts.ts'

interface Problem {
  readonly what: string
  readonly at: Place
}

export interface Findings {
  readonly problems: readonly Problem[]
  readonly unread?: string
}

export const joined = (findings: readonly Findings[]): Findings => {
  const unread = findings.find((one) => one.unread !== undefined)?.unread
  return { problems: findings.flatMap((one) => one.problems), ...(unread === undefined ? {} : { unread }) }
}

/** What stands beside a type: `Field(max_length=80)`, by name. */
export type Bounds = ReadonlySet<string>

export const FINE = new Set(
  (
    'bool StrictBool UUID UUID1 UUID3 UUID4 UUID5 UUID7 date datetime time timedelta AwareDatetime NaiveDatetime PastDate FutureDate PastDatetime FutureDatetime ' +
    'EmailStr NameEmail HttpUrl AnyUrl AnyHttpUrl FileUrl PostgresDsn RedisDsn Url AnyWebsocketUrl WebsocketUrl IPvAnyAddress IPvAnyNetwork IPvAnyInterface IPv4Address IPv6Address ' +
    'Color PaymentCardNumber MacAddress CountryAlpha2 CountryAlpha3 PhoneNumber PhoneNumberType ULID ObjectId PydanticObjectId PyObjectId ZoneInfo TimeZoneName Currency ISO4217 Coordinate Latitude Longitude ' +
    'UploadFile None NoneType Request Response WebSocket BackgroundTasks HTTPConnection SecurityScopes Enum'
  ).split(' '),
)
export const STRINGS = new Set(
  'str StrictStr SecretStr bytes StrictBytes SecretBytes AnyStr Base64Str Base64Bytes Base64UrlStr FilePath Path constr conbytes'.split(
    ' ',
  ),
)
export const NUMBERS = new Set(
  'int float Decimal StrictInt StrictFloat complex PositiveInt NonNegativeInt NegativeInt NonPositiveInt PositiveFloat NonNegativeFloat NegativeFloat NonPositiveFloat FiniteFloat conint confloat condecimal Number ByteSize'.split(
    ' ',
  ),
)
export const LISTS = new Set(
  'list List Sequence set Set frozenset FrozenSet Iterable Collection MutableSequence MutableSet deque conlist conset confrozenset UniqueList'.split(
    ' ',
  ),
)
export const UNTYPED = new Set(
  'dict Dict Mapping MutableMapping Any object Json JSON JsonValue defaultdict OrderedDict Hashable'.split(' '),
)

/** What is said of a text that may be of any length. */
export const UNBOUNDED = 'a string without a greatest length'

const ID_NAME = /^(?:id|identifier|pk|uid)s?$|_(?:id|pk|uid)s?$|[a-z]Ids?$/

export const has = (bounds: Bounds, ...names: string[]): boolean => names.some((one) => bounds.has(one))

/** Of a type by its name; undefined for one that is neither. `name` is what the value is called. */
export const ofStandard = (word: string, bounds: Bounds, name: string, at: Place): Findings | undefined => {
  const problem = (what: string): Findings => ({ problems: [{ what: `${name}: ${what}`, at }] })
  if (FINE.has(word)) return { problems: [] }
  if (STRINGS.has(word))
    return has(bounds, 'max_length', 'str_max_length', 'regex', 'pattern', 'curtail_length', 'const')
      ? { problems: [] }
      : problem(UNBOUNDED)
  if (NUMBERS.has(word)) {
    if (ID_NAME.test(name.split('.').at(-1) ?? '')) return { problems: [] }
    // So many digits are an end on both sides.
    const least = has(bounds, 'ge', 'gt', 'max_digits') || /^(?:Positive|NonNegative)/.test(word)
    const most = has(bounds, 'le', 'lt', 'max_digits') || /^(?:Negative|NonPositive)/.test(word)
    if (least && most) return { problems: [] }
    return problem(
      most ? 'a number without a least value' : least ? 'a number without a greatest value' : 'a number without bounds',
    )
  }
  if (LISTS.has(word) || word === 'tuple')
    return has(bounds, 'max_length', 'max_items')
      ? problem('a list of anything')
      : problem('a list of anything, of any length')
  if (UNTYPED.has(word)) return problem('anything')
  return
}
