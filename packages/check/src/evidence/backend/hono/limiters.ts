/** Rate limiters: the usual packages', and the project's own middlewares that answer 429. */
import {
  type Call,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { answersOnly } from '../guards/index.ts'
import { answered, isEndless, isFreshKey, skipsAll } from '../limits/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { isUp } from '../switches/index.ts'
import { keyIn, keyOf } from './limiter-key.ts'
import { type Leaf, leavesOf } from './middleware.ts'
import type { Entry } from './model.ts'
import { covers, starred } from './paths.ts'

interface Limiting {
  readonly limiters: readonly Limiter[]
  of(entry: Entry): readonly Limiter[]
}

const PACKAGES =
  /^(?:npm:)?(?:hono-rate-limiter|@hono-rate-limiter\/[\w-]+|hono-rate-limit|hono-ratelimit|@elithrar\/workers-hono-rate-limit|hono-limiter|hono-throttle)$/
const MAKERS = ['rateLimiter', 'rateLimit', 'cloudflareRateLimiter', 'honoRateLimiter', 'limiter']

interface Made {
  readonly id: string
  readonly library: string
  readonly node: Node
  readonly options: Value | undefined
  readonly key: Limiter['key']
}

export const limitingOf = (reading: Reading, entries: readonly Entry[]): Limiting => {
  const routes = entries.filter((one) => one.kind === 'route' || one.kind === 'mount')
  const byId = new Map<string, { made: Made; on: Set<Entry>; everywhere: boolean; unseen: boolean }>()
  const found = (made: Made) => {
    const known = byId.get(made.id) ?? { made, on: new Set<Entry>(), everywhere: false, unseen: false }
    byId.set(made.id, known)
    return known
  }
  for (const [index, entry] of entries.entries()) {
    const leaves = entry.handlers
      .slice(0, entry.kind === 'use' ? undefined : -1)
      .flatMap((handler) => leavesOf(reading, handler))
    for (const leaf of leaves) {
      const made = madeIn(reading, leaf)
      if (made === undefined) continue
      const known = found(made)
      // Only where one develops, or where a switch is set that nobody sets: it is not there in production.
      const off = [entry.registration.node, leaf.node].filter((node) => !isUp(reading, node))
      known.unseen ||= off.some((node) => whenOf(reading, node) !== 'development')
      if (off.length > 0) continue
      if (entry.kind !== 'use') known.on.add(entry)
      else {
        const met = routes.filter(
          (one) =>
            entry.path !== undefined &&
            one.path !== undefined &&
            covers(entry.path, one.path) &&
            !leaf.except.some((path) => covers(path, one.path ?? '')) &&
            (entry.method === 'ALL' || entry.method === one.method),
        )
        const after = entries.slice(index + 1).filter((one) => routes.includes(one))
        for (const one of met) if (after.includes(one)) known.on.add(one)
        // `app.use('/rpc/*', limit); app.use('/rpc/*', server)`: what is below that path answers by a middleware.
        if (met.length === 0) known.unseen = true
        if (entry.root && entry.path !== undefined && starred(entry.path) === '' && after.length > 0)
          known.everywhere = true
      }
    }
  }
  for (const made of unmounted(reading)) found(made)
  const limiters = new Map(
    [...byId].map(([id, { made, on, everywhere, unseen }]) => {
      if (everywhere || (on.size > 0 && on.size === routes.length)) return [id, limiterOf(reading, made, 'everywhere')]
      return [id, limiterOf(reading, made, on.size > 0 ? 'somewhere' : unseen ? 'unknown' : 'nowhere')]
    }),
  )
  return {
    limiters: [...limiters.values()],
    of: (entry) => [...byId].flatMap(([id, { on }]) => (on.has(entry) ? (limiters.get(id) ?? []) : [])),
  }
}

/** The limiter that a middleware is. */
const madeIn = (reading: Reading, leaf: Leaf): Made | undefined => {
  const { value } = leaf
  if (value.kind === 'external' && value.call) {
    const last =
      withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ?? ''
    if (PACKAGES.test(value.from) || (value.from !== 'global' && /rate-?limit|throttl/i.test(`${value.from} ${last}`)))
      return fromPackage(reading, value.from, value.call, value)
  }
  if (value.kind === 'function') {
    const inner = limiterCalled(reading, value)
    if (inner !== undefined) return inner
    const refuses = (body: readonly Node[]) => standsIn(reading, body, value.scope, isTooMany, 2)
    if (refuses(value.node.body) && !answersOnly(reading, value, 'next', refuses)) return own(reading, value, leaf.node)
  }
  return
}

const fromPackage = (
  reading: Reading,
  library: string,
  call: Located<Call>,
  value: Extract<Value, { kind: 'external' }>,
): Made => {
  const [given] = call.node.args
  const made = given && reading.evaluator.value(given, call.scope, value.frame)
  // rateLimiter((c) => ({ … }))
  const options = made?.kind === 'function' ? reading.evaluator.returned(made) : made
  const member = (name: string) =>
    options
      ? possibilities(options)
          .map((one) => (one.kind === 'object' ? one.entries.get(name) : undefined))
          .find((one) => one !== undefined)
      : undefined
  const through = value.frame?.call?.node.at.start ?? ''
  return {
    id: `${call.node.at.file}:${call.node.at.start}<${through}`,
    library,
    node: call.node,
    options,
    key: keyOf(reading, member('keyGenerator') ?? member('key') ?? member('getKey'), call.node.at),
  }
}

/** `(c, next) => rateLimiter({…})(c, next)`: Workers make it where the bindings are. */
const limiterCalled = (reading: Reading, value: Extract<Value, { kind: 'function' }>): Made | undefined => {
  let found: Made | undefined
  walk(value.node.body, (node) => {
    if (found !== undefined || node.kind !== 'call') return found === undefined
    const made = reading.evaluator.value(node, reading.program.scopeOf(node) ?? value.scope, value.frame)
    if (made.kind === 'external' && PACKAGES.test(made.from) && made.call?.node === node)
      found = fromPackage(reading, made.from, made.call, made)
    return found === undefined
  })
  return found
}

const own = (reading: Reading, value: Extract<Value, { kind: 'function' }>, node: Node): Made => {
  const given = value.frame?.call?.node.args[0]
  const options = given && value.frame?.call ? reading.evaluator.value(given, value.frame.call.scope) : undefined
  const generator =
    options?.kind === 'object'
      ? (options.entries.get('keyGenerator') ??
        options.entries.get('key') ??
        options.entries.get('getKey') ??
        options.entries.get('keyFn'))
      : undefined
  const key = generator?.kind === 'function' ? keyIn(reading, generator) : keyIn(reading, value)
  return {
    id: `${value.node.at.file}:${value.node.at.start}<${value.frame?.call?.node.at.start ?? ''}`,
    library: 'own',
    node: value.frame?.call?.node ?? (node.kind === 'call' ? node : value.node),
    options: options?.kind === 'object' ? options : undefined,
    key,
  }
}

const isTooMany = (node: Node): boolean =>
  node.kind === 'literal'
    ? node.value === 429 || (typeof node.value === 'string' && /^too many requests/i.test(node.value))
    : (node.kind === 'member' || node.kind === 'name') &&
      /^(?:TOO_MANY_REQUESTS|TooManyRequests\w*|RateLimit\w*Error|HTTP_429\w*)$/i.test(lastName(node) ?? '')

/** Limiters that are made, and may be mounted nowhere. */
const unmounted = (reading: Reading): Made[] =>
  MAKERS.flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) =>
      reading.evaluator.callGraph.frames(scope).flatMap((frame) => {
        const value = reading.evaluator.value(node, scope, frame)
        return value.kind === 'external' && PACKAGES.test(value.from) && value.call?.node === node
          ? [fromPackage(reading, value.from, value.call, value)]
          : []
      }),
    ),
  )

const limiterOf = (reading: Reading, { library, node, options, key }: Made, mounted: Limiter['mounted']): Limiter => {
  const number = (...names: string[]): number | undefined => {
    for (const name of names) {
      const value = answered(reading, options?.kind === 'object' ? options.entries.get(name) : undefined)
      const literals = (value ? possibilities(value) : []).flatMap((one) => {
        if (one.kind === 'external' && isEndless(one)) return [Number.POSITIVE_INFINITY]
        return one.kind === 'literal' && typeof one.value === 'number' ? [one.value] : []
      })
      if (literals.length > 0) return Math.max(...literals)
    }
    return
  }
  const [limit, ms, seconds] = [
    number('limit', 'max', 'points', 'maxRequests', 'requests'),
    number('windowMs', 'interval', 'windowInMs'),
    number('windowSeconds', 'windowSec', 'duration', 'window'),
  ]
  const span = ms ?? (seconds === undefined ? undefined : seconds * 1000)
  const known = PACKAGES.test(library) ? { limit: limit ?? 5, span: span ?? 60_000 } : { limit, span }
  const exact = library === 'hono-rate-limiter' || library === 'own'
  const perMinute = exact && known.limit !== undefined && known.span ? (known.limit * 60_000) / known.span : undefined
  const skip = options?.kind === 'object' ? options.entries.get('skip') : undefined
  const generator = options?.kind === 'object' ? options.entries.get('keyGenerator') : undefined
  const off = skipsAll(reading, skip) ?? (isFreshKey(reading, generator) ? generator : undefined)
  return {
    at: placeOf(reading, node.at),
    library,
    mounted,
    ...(off ? { off: placeOf(reading, off.at) } : {}),
    ...(skip === undefined ? {} : { skip }),
    ...(perMinute === undefined ? {} : { perMinute }),
    key,
  }
}
