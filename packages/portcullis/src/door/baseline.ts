import type { ClientReader } from '../client/index.ts'
import { clientReader, tooWide } from '../client/index.ts'
import type { Counter, Policy, Quota } from '../layers/limits/index.ts'
import { memoryCounter, parseQuota } from '../layers/limits/index.ts'
import type { Jwk, KeyName, Sessions } from '../layers/sessions/index.ts'
import type { Cors } from '../response/index.ts'
import { cors } from '../response/index.ts'
import { FaultList, nodeFaults, unknownKeys } from '../settings/index.ts'
import type { SecurityEvents } from './events.ts'
import { securityEvents } from './events.ts'
import { isForeign, issuing } from './issuing.ts'
import type { BaselineOptions } from './options.ts'
import { OPTION_KEYS } from './options.ts'
import type { Door } from './order.ts'
import { door } from './order.ts'

/** The layers, prepared. */
export interface Baseline {
  readonly door: Door
  readonly client: ClientReader
  readonly forwardedHeader: string
  readonly sessions: Sessions
  readonly counter: Counter
  readonly policies: {
    readonly client: Policy
    readonly credentials: Policy
    readonly refresh: Policy
    readonly account: Policy
  }
  readonly cors: Cors
  readonly events: SecurityEvents
  readonly development: boolean
  readonly waived: ReadonlySet<string>
  /** The public keys for those who verify elsewhere: the body of a JWKS route. Empty with HS256. */
  jwks(): { keys: Jwk[] }
  /** The keys in use, by name: the first signs, all verify. */
  keys(): readonly KeyName[]
  /**
   * Replaces the keys, between two requests: a key that is gone is refused at once. Sessions go on: their refresh tokens belong to no key.
   *
   * @throws SettingsError with every fault of every key, by its position; then the keys of before stay
   */
  rotateKeys(secrets: string | readonly string[]): void
  /** Forgets a part of the sessions that expired; answers how much, 0 when nothing is left. */
  pruneSessions(): number | Promise<number>
  /** The quotas that a route's `limit` names. @throws TypeError; RangeError for one that the counter can't count */
  routePolicies(limit: unknown, route: string): readonly Policy[]
  /** Things to say at the start, in development or about a default that does not scale. */
  readonly warnings: readonly string[]
}

/**
 * Reads the options and prepares the layers and the door.
 *
 * @param others names of options that stand among these and are read elsewhere: an adapter's own
 * @throws SettingsError that lists every mistake at once; outside development also whatever would be unsafe
 */
export const baseline = (options: BaselineOptions, others: readonly string[] = []): Baseline => {
  const faults = new FaultList()
  const development = options.mode === 'development'
  const clock = options.clock ?? Date.now

  for (const [path, known] of Object.entries(OPTION_KEYS)) {
    const part: unknown = path === '' ? options : options[path.slice(0, -1) as keyof BaselineOptions]
    if (part === undefined && path !== 'sessions.') continue
    if (typeof part !== 'object' || part === null) faults.add(`${path.slice(0, -1) || 'options'} must be an object`)
    else faults.add(...unknownKeys(part, path === '' ? [...known, ...others] : known, path))
  }
  if (options.mode !== undefined && options.mode !== 'production' && !development)
    faults.add("mode takes 'production' or 'development'")
  if (typeof options.identify !== 'function' && !(isForeign(options.sessions) && options.identify === undefined))
    faults.add('identify is missing: a function that looks an account up by its id, (userId) => users.byId(userId)')
  if (!development) {
    faults.add(...nodeFaults({ version: process.version, execArgv: process.execArgv, env: process.env }))
    if (options.cors?.unsafeAllowAnyOrigin === true)
      faults.add("cors.unsafeAllowAnyOrigin is for development only: list the origins, or say mode: 'development'")
  }

  const { waive = [] } = options.validation ?? {}
  if (!Array.isArray(waive) || waive.some((name) => typeof name !== 'string'))
    faults.add("validation.waive takes a list of names, such as ['POST /orders body/note']")
  if (options.limits?.counter !== undefined && typeof options.limits.counter?.take !== 'function')
    faults.add('limits.counter takes a counter: memoryCounter(), or the `counter` of what openRedis answers')
  if (typeof clock !== 'function')
    faults.add('clock takes a function that answers ms since the epoch, such as Date.now')
  if (options.events !== undefined && typeof options.events?.publish !== 'function')
    faults.add('events takes what securityEvents() answers')
  if (![undefined, true, false].includes(options.cors?.unsafeAllowAnyOrigin))
    faults.add('cors.unsafeAllowAnyOrigin takes true or false')
  const issue = issuing(options.sessions, { faults, clock, development })
  const forwardedHeader = options.forwardedHeader ?? 'x-forwarded-for'
  const isKnown = forwardedHeader === 'x-forwarded-for' || forwardedHeader === 'forwarded'
  if (!isKnown) faults.add("forwardedHeader takes 'x-forwarded-for' or 'forwarded': the one that your proxies write")
  const client = faults.try('trustedProxies', () =>
    clientReader({
      trustedProxies: options.trustedProxies ?? [],
      header: isKnown ? forwardedHeader : 'x-forwarded-for',
    }),
  )
  const crossOrigin = faults.try('cors', () => cors(options.cors ?? {}))
  // Not said by cors(): a program that reads CORS_ORIGINS has no such option.
  if (crossOrigin === undefined && [options.cors?.origins].flat().includes('*'))
    faults.add("cors.unsafeAllowAnyOrigin: true does what '*' would, and is for development only")
  const policy = (name: 'client' | 'credentials' | 'refresh' | 'account', fallback: string): Policy | undefined =>
    faults.try(`limits.${name}`, () => ({ name, quota: parseQuota(options.limits?.[name] ?? fallback) }))
  const policies = {
    client: policy('client', '200/minute'),
    credentials: policy('credentials', '10/minute'),
    refresh: policy('refresh', '10/minute'),
    account: policy('account', '20/minute'),
  }
  faults.throwIfAny()

  // Whatever was noted has been thrown: from here on nothing is undefined.
  const all = policies as Baseline['policies']
  const counter = options.limits?.counter ?? memoryCounter(options.clock === undefined ? {} : { clock })
  // The others are looked at with the routes that name them.
  for (const one of [all.client, all.account])
    if (!isCountable(counter, one)) faults.add(`limits.${one.name} ${SHARED}`)
  faults.throwIfAny()
  const events = options.events ?? securityEvents()
  const issued = issue()
  const reader = client as ClientReader
  return Object.freeze({
    door: door({
      client: reader,
      forwardedHeader,
      cors: crossOrigin as Cors,
      counter,
      clientPolicy: all.client,
      tokens: issued.tokens,
      sessions: issued.sessions,
      identify: options.identify,
      events,
    }),
    client: reader,
    forwardedHeader,
    sessions: issued.sessions,
    counter,
    policies: all,
    cors: crossOrigin as Cors,
    events,
    development,
    waived: new Set(options.validation?.waive ?? []),
    jwks: issued.jwks,
    keys: issued.keys,
    rotateKeys: issued.rotateKeys,
    pruneSessions: issued.prune,
    routePolicies: (limit: unknown, route: string) => {
      const own = routePolicies(limit, route, all)
      for (const one of own) counter.expect?.(one)
      return own
    },
    warnings: [...issued.warnings, ...tooWide(options.trustedProxies ?? [])],
  })
}

const SHARED =
  'is another quota than its counter has by that name: applications that share limits.counter share their limits; or give this one a counter of its own'

/** A counter that has another quota by that name would refuse each request, one by one, and nobody would know at the start. */
const isCountable = (counter: Counter, policy: Policy): boolean => {
  try {
    counter.expect?.(policy)
    return true
  } catch {
    return false
  }
}

const routePolicies = (limit: unknown, route: string, policies: Baseline['policies']): readonly Policy[] => {
  if (limit === undefined) return []
  const limits: readonly unknown[] = Array.isArray(limit) ? limit : [limit]
  return limits.map((one) => {
    if (one === 'credentials' || one === 'refresh') return policies[one]
    return { name: `${route} ${one}`, quota: routeQuota(one) }
  })
}

const routeQuota = (limit: unknown): Quota => {
  try {
    return parseQuota(limit as string)
  } catch (error) {
    throw new TypeError(`limit takes 'credentials', 'refresh' or a quota of its own: ${(error as Error).message}`)
  }
}
