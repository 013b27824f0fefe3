/** The CORS settings. */
export interface CorsOptions {
  /** Each one origin, scheme and host and port: `https://app.example.com`. None by default: no page of another origin may read an answer. */
  readonly origins?: readonly string[]
  /** Fields that their pages may send besides `Authorization` and `Content-Type`: `['Idempotency-Key']`. None by default. */
  readonly allowedHeaders?: readonly string[]
  /** Fields that their pages may read besides those of the limits: `['X-Total-Count']`. None by default. */
  readonly exposedHeaders?: readonly string[]
  /** Lets every page on the web read every answer. Refused outside development. */
  readonly unsafeAllowAnyOrigin?: boolean
}

/** What CORS adds to an answer, and how it answers a preflight. */
export interface Cors {
  /** True when the origin is listed (or any is allowed). */
  knows(origin: string | undefined): boolean
  /** The fields for an answer to a request with this Origin field. Frozen, shared between answers. */
  fields(origin: string | undefined): Readonly<Record<string, string>>
  /** The fields of the 204 to a preflight, or undefined when it is refused. */
  preflight(origin: string | undefined): Readonly<Record<string, string>> | undefined
}

/** The same for every path, so that it tells nobody which routes there are. */
export const methodsField = 'GET, HEAD, POST, PUT, PATCH, DELETE'

const readOrigin = (origin: unknown): string => {
  if (typeof origin !== 'string') throw new TypeError('an origin is text, such as https://app.example.com')
  if (origin === '*') throw new TypeError("'*' would let every page on the web read every answer; list the origins")
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.origin !== origin) {
    throw new TypeError(
      'an origin is a scheme, a host and at most a port, in lower case and without a path: https://app.example.com',
    )
  }
  // URL takes it for a host of that name, which no browser ever sends.
  if (url.hostname.includes('*')) throw new TypeError('an origin is one host; a wildcard would never match')
  return origin
}

/** RFC 9110 §5.1. With credentials `*` is the name of a field like any other, and lets nothing pass (Fetch §3.3.5). */
const FIELD_NAME = /^[!#$%&'+.^_`|~\dA-Za-z-]+$/

/** The text of a list of field names: the door's own first. */
const readNames = (option: string, own: string, names: unknown, faults: string[]): string => {
  if (names === undefined) return own
  if (!Array.isArray(names)) {
    faults.push(`cors.${option} takes a list, such as ['X-Request-Id']`)
    return own
  }
  for (const [index, name] of names.entries())
    if (typeof name !== 'string' || !FIELD_NAME.test(name))
      faults.push(
        `cors.${option}[${index}]: the name of one header field, such as X-Request-Id; a wildcard would never match`,
      )
  return [own, ...names].join(', ')
}

/**
 * Prepares CORS: everything is computed here, a request costs one look-up. WHATWG Fetch §3.2, ASVS 3.4.2.
 *
 * @throws TypeError with `faults`, one for each entry that is no origin, or no field's name
 */
export const cors = (options: CorsOptions = {}): Cors => {
  const { origins = [] } = options
  if (!Array.isArray(origins)) throw new TypeError("cors.origins takes a list, such as ['https://app.example.com']")
  const faults: string[] = []
  const sent = readNames('allowedHeaders', 'Authorization, Content-Type', options.allowedHeaders, faults)
  const exposed = readNames(
    'exposedHeaders',
    'RateLimit, RateLimit-Policy, Retry-After',
    options.exposedHeaders,
    faults,
  )
  const allowed = new Map<string, Answers>()
  for (const [index, origin] of origins.entries()) {
    try {
      allowed.set(readOrigin(origin), answers(allowFields(readOrigin(origin), exposed), sent))
    } catch (error) {
      faults.push(`cors.origins[${index}]: ${(error as Error).message}`)
    }
  }
  if (faults.length > 0) throw Object.assign(new TypeError(faults.join('; ')), { faults })

  // Any origin goes without credentials: a cookie must never be usable from everywhere.
  const unlisted = options.unsafeAllowAnyOrigin === true ? answers(anyFields(exposed), sent) : undefined
  const none: Fields = allowed.size > 0 ? Object.freeze({ vary: 'Origin' }) : Object.freeze({})
  const answersTo = (origin: string | undefined): Answers | undefined =>
    origin === undefined ? undefined : (allowed.get(origin) ?? unlisted)
  return {
    knows: (origin) => answersTo(origin) !== undefined,
    fields: (origin) => answersTo(origin)?.fields ?? none,
    // The same answer whatever the path, so that a preflight tells nobody which routes there are; and whatever the method: a browser that
    // finds its own not in the list says so (`patch` is not `PATCH`), where a refusal would only say that the origin is not listed.
    preflight: (origin) => answersTo(origin)?.preflight,
  }
}

type Fields = Readonly<Record<string, string>>

/** What is said to a page of one origin. */
interface Answers {
  readonly fields: Fields
  readonly preflight: Fields
}

const answers = (fields: Fields, sent: string): Answers => ({
  fields,
  preflight: Object.freeze({
    ...fields,
    'access-control-allow-methods': methodsField,
    'access-control-allow-headers': sent,
    'access-control-max-age': '600',
  }),
})

const anyFields = (exposed: string): Fields =>
  Object.freeze({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': exposed,
  })

const allowFields = (origin: string, exposed: string): Fields =>
  Object.freeze({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': exposed,
    vary: 'Origin',
  })
