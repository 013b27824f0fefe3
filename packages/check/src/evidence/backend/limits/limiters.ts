/** Limiters, whatever the framework: what they count, by what, and how much. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  pathOf,
  possibilities,
  spanOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Limiter, Place } from '../facts.ts'
import { answersOnly, goesOnBeside, goesPast, isHandedOn, isLeft, isOffByDefault } from '../guards/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { ofProduction } from '../switches/index.ts'
import { neverCounts } from './never-counts.ts'
import { writtenKey } from './written-keys.ts'

const PACKAGES =
  /^(?:express-rate-limit|express-slow-down|rate-limiter-flexible|express-brute|hono-rate-limiter|koa-ratelimit|@fastify\/rate-limit|express-limiter|limiter|@upstash\/ratelimit|@hono-rate-limiter\/.*)$/

/** The limiter that a middleware is; undefined for anything else. `mounted` is the caller's to say. */
export const limiterIn = (reading: Reading, value: Value, depth = 0): Omit<Limiter, 'mounted'> | undefined => {
  for (const one of possibilities(value)) {
    if (
      one.kind === 'external' &&
      PACKAGES.test(one.from) &&
      one.call !== undefined &&
      one.from !== 'express-slow-down'
    )
      return fromOptions(reading, one.from, one.call, one.frame)
    if (one.kind === 'function' && depth < 3) {
      const own = ownLimiter(reading, one) ?? handedTo(reading, one, depth)
      if (own !== undefined) return stopsNobody(reading, one) ? { ...own, off: placeOf(reading, one.node.at) } : own
      for (const inner of possibilities(reading.evaluator.returned(one))) {
        const found = inner === one || isAnswer(inner) ? undefined : limiterIn(reading, inner, depth + 1)
        if (found !== undefined) return found
      }
    }
    if (
      one.kind === 'unknown' &&
      /(?:rate_?limit|throttl|(?<!de)limiter)/i.test(one.label?.filter((part) => part !== '()').at(-1) ?? '')
    )
      return {
        at: placeOf(reading, one.at),
        library: 'unknown',
        key: { kind: 'unknown', at: placeOf(reading, one.at) },
      }
  }
  return
}

/** `limit(req, res, () => {}); next()`, or one that stands back until somebody sets something. */
const stopsNobody = (reading: Reading, value: Extract<Value, { kind: 'function' }>): boolean =>
  goesPast(reading, value) || isOffByDefault(reading, value, 'next')

/** What a limiter gives back for a request is no limiter: `rateLimit({…})(req, res, next)`. */
const isAnswer = (value: Value): boolean =>
  value.kind === 'external' && value.path.at(-1) === '()' && value.path.at(-2) === '()'

/** `(req, res, next) => limiters.login(req, res, next)`: a middleware that hands the request on to a limiter. */
const handedTo = (
  reading: Reading,
  { node, scope, frame }: Extract<Value, { kind: 'function' }>,
  depth: number,
): Omit<Limiter, 'mounted'> | undefined => {
  const own = node.parameters.slice(0, 2).map(({ target }) => (target.kind === 'name' ? target.name : undefined))
  let found: Omit<Limiter, 'mounted'> | undefined
  walk(node.body, (one) => {
    if (one.kind !== 'call' || found !== undefined || own.length < 2 || one.args.length < 2) return found === undefined
    const handsOn = own.every((name, index) => {
      const arg = one.args[index]
      return arg?.kind === 'name' && arg.name === name
    })
    if (!handsOn || whenOf(reading, one) === 'development') return
    const callee = reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope, frame)
    if (callee.kind !== 'function' || callee.node !== node) found = limiterIn(reading, callee, depth + 1)
    // Made anew for each request, with a memory of its own: it counts to one.
    const isNew = one.callee.kind === 'call' && callee.kind === 'external' && callee.call?.node === one.callee
    if (found !== undefined && isNew && !keepsOutside(reading, callee.call)) found = { ...found, off: found.at }
    return found === undefined
  })
  return found
}

/** `store: new RedisStore(…)`: what was counted is not in the limiter itself. */
const keepsOutside = (reading: Reading, call: Located<Call> | undefined): boolean =>
  call?.node.args.some((one) => {
    const options = reading.evaluator.value(one, call.scope)
    return options.kind !== 'object' || options.rest.length > 0 || options.entries.has('store')
  }) ?? true

/** `frame`: where a factory of the project's makes it, what that was called with. */
const fromOptions = (
  reading: Reading,
  library: string,
  call: Located<Call>,
  frame?: Frame,
): Omit<Limiter, 'mounted'> => {
  const at = placeOf(reading, call.node.at)
  const options = call.node.args
    .map((one) => reading.evaluator.value(one, call.scope, frame))
    .find((one) => one.kind === 'object')
  const option = (...names: string[]): Value | undefined =>
    options?.kind === 'object'
      ? names.map((name) => options.entries.get(name)).find((one) => one !== undefined)
      : undefined
  const perMinute = perMinuteOf(
    reading,
    answered(reading, option('max', 'limit', 'points')),
    option('windowMs', 'duration'),
    library === 'rate-limiter-flexible' ? 1 : 0.001,
  )
  const generator = option('keyGenerator')
  const skip = option('skip')
  return {
    at,
    library,
    ...neverCounts(reading, (name) => option(name)),
    ...(skip === undefined ? {} : { skip }),
    ...(perMinute === undefined ? {} : { perMinute }),
    key: generator === undefined ? { kind: 'client', at } : keyOf(reading, generator),
  }
}

/** `limit: (req) => (req.user ? 100 : 10)`: what it answers. */
export const answered = (reading: Reading, count: Value | undefined): Value | undefined =>
  count?.kind === 'function' ? reading.evaluator.returned(count) : count

/** `Infinity`, `Number.MAX_SAFE_INTEGER`. */
export const isEndless = ({ from, path }: Extract<Value, { kind: 'external' }>): boolean =>
  from === 'global' && /^(?:Infinity|Number\.(?:MAX_SAFE_INTEGER|MAX_VALUE|POSITIVE_INFINITY))$/.test(path.join('.'))

/** How many in a minute: the most that the values say. Of `production ? 10 : 10_000` production's side counts. */
export const perMinuteOf = (
  reading: Reading,
  max: Value | undefined,
  window: Value | undefined,
  unit: number,
): number | undefined => {
  const number = (value: Value | undefined, scale: number): number | undefined => {
    const found = ofProduction(reading, value === undefined ? [] : possibilities(value)).flatMap((one) => {
      if (one.kind === 'external' && isEndless(one)) return [Number.POSITIVE_INFINITY]
      if (one.kind !== 'literal') return []
      if (typeof one.value === 'number') return [one.value * scale]
      const text = String(one.value)
      return /^\d+$/.test(text) ? [Number(text) * scale] : [spanOf(text) ?? Number.NaN]
    })
    const usable = found.filter((one) => !Number.isNaN(one))
    return usable.length > 0 ? Math.max(...usable) : undefined
  }
  const [count, seconds] = [number(max, 1), number(window, unit)]
  return count === undefined || seconds === undefined || seconds === 0 ? undefined : (count * 60) / seconds
}

const FORWARDED =
  /^(?:x-forwarded-for|forwarded|x-real-ip|x-client-ip|true-client-ip|fastly-client-ip|x-cluster-client-ip|cf-connecting-ip|x-originating-ip|fly-client-ip)$/i

/** They take the address from the first header of a dozen that is there, whoever sent it. */
const GUESSES = /^(?:@supercharge\/)?request-ip$/

/** `req.clientIp`, `requestIp.getClientIp(req)` */
const isGuess = (node: Node): boolean =>
  (node.kind === 'member' && lastName(node) === 'clientIp') ||
  (node.kind === 'call' && /^getClientIp$/i.test(lastName(node.callee) ?? ''))

/** What a key function counts by. */
export const keyOf = (reading: Reading, generator: Value, depth = 0): Limiter['key'] => {
  const at: Place = placeOf(reading, generator.at)
  if (generator.kind !== 'function') return { kind: 'unknown', at }
  let header: { name: string; at: Place } | undefined
  let client: Place | undefined
  let identity: Place | undefined
  let checked = false
  const guesses = [...reading.program.imports].some((one) => GUESSES.test(one))
  walk(generator.node.body, (node) => {
    if (guesses && isGuess(node)) header ??= { name: 'x-client-ip', at: placeOf(reading, node.at) }
    if (node.kind === 'literal' && typeof node.value === 'string' && FORWARDED.test(node.value))
      header = { name: node.value, at: placeOf(reading, node.at) }
    const path = pathOf(node)?.join('.') ?? ''
    if (node.kind === 'member' && /\.(?:ip|ips|remoteAddress|clientIp|client\.host)$/.test(path))
      client ??= placeOf(reading, node.at)
    if (
      node.kind === 'member' &&
      /\.(?:user(?:\.\w+)?|userId|email|username|body\.\w+|auth(?:\.\w+)?|principal(?:\.\w+)?)$/.test(path)
    )
      identity ??= placeOf(reading, node.at)
    if (node.kind === 'call') {
      if (/trusted|proxies|proxyaddr|isLoopback|blocklist|check$/i.test(pathOf(node.callee)?.join('.') ?? ''))
        checked = true
      if (/^(?:getConnInfo|ipKeyGenerator|getClientIp|requestIp)$/.test(lastName(node.callee) ?? ''))
        client ??= placeOf(reading, node.at)
      const callee =
        depth < 3 ? reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? generator.scope) : undefined
      if (callee?.kind === 'function' && callee.node !== generator.node) {
        const inner = keyOf(reading, callee, depth + 1)
        if (inner.kind === 'header') header ??= { name: inner.what ?? 'a header', at: inner.at }
        if (inner.kind === 'client' || inner.kind === 'peer') {
          client ??= inner.at
          if (inner.what === 'checked') checked = true
        }
      }
    }
  })
  if (header !== undefined && !checked) return { kind: 'header', at: header.at, what: header.name }
  const written = writtenKey(reading, generator, client !== undefined)
  if (written !== undefined) return written
  if (client !== undefined || header !== undefined)
    return { kind: 'client', at: client ?? header?.at ?? at, ...(checked ? { what: 'checked' } : {}) }
  return identity === undefined ? { kind: 'unknown', at } : { kind: 'identity', at: identity }
}

/** A limiter of the project's own: a middleware that counts and answers 429. */
const ownLimiter = (
  reading: Reading,
  value: Extract<Value, { kind: 'function' }>,
): Omit<Limiter, 'mounted'> | undefined => {
  const refuses = (body: readonly Node[]) => standsIn(reading, body, value.scope, isTooMany, 2)
  if (!refuses(value.node.body) || answersOnly(reading, value, 'next', refuses)) return
  const flexible = usesPackage(reading, value)
  const key = keyOf(reading, value)
  const perMinute = givenRate(reading, value) ?? consumedRate(reading, value)
  return {
    at: placeOf(reading, value.node.at),
    library: flexible ?? 'own',
    ...(flexible === 'rate-limiter-flexible' ? unheard(reading, value) : {}),
    ...(perMinute === undefined ? {} : { perMinute }),
    key: key.kind === 'unknown' ? { ...key, at: placeOf(reading, value.node.at) } : key,
  }
}

/** `try { limiter.consume(req.ip) } catch { … 429 }`: it refuses by a promise, and nobody waits for that; nor does what goes on beside it. */
const unheard = (reading: Reading, { node }: Extract<Value, { kind: 'function' }>): Pick<Limiter, 'off'> => {
  const asked: Call[] = []
  walk(node.body, (one) => {
    if (one.kind === 'call' && one.callee.kind === 'member' && lastName(one.callee) === 'consume') asked.push(one)
  })
  const [first] = asked
  const isPast = (one: Call) => isLeft(reading, one, node.body) || goesOnBeside(reading, one, node.body)
  return first !== undefined && asked.every(isPast) ? { off: placeOf(reading, first.at) } : {}
}

/** `limiter({ windowMs: 60_000, max: 10 })` of the project's own: the factory was told how many. */
const givenRate = (reading: Reading, { frame }: Extract<Value, { kind: 'function' }>): number | undefined => {
  for (const given of frame?.parameters.values() ?? []) {
    if (given.kind !== 'object') continue
    const entry = (...names: readonly string[]) =>
      names.map((name) => given.entries.get(name)).find((one) => one !== undefined)
    const found = perMinuteOf(
      reading,
      entry('max', 'limit', 'points', 'maxRequests', 'maxAttempts'),
      entry('windowMs', 'windowMS'),
      0.001,
    )
    if (found !== undefined) return found
  }
  return
}

/** `limiter.consume(req.ip)` of a `new RateLimiterMemory({ points, duration })`, also one that a factory makes of its parameters. */
const consumedRate = (
  reading: Reading,
  { node, scope, frame }: Extract<Value, { kind: 'function' }>,
): number | undefined => {
  const rates: (number | undefined)[] = []
  walk(node.body, (one) => {
    if (one.kind !== 'call' || one.callee.kind !== 'member' || lastName(one.callee) !== 'consume') return
    const limiter = reading.evaluator.value(one.callee.object, reading.program.scopeOf(one) ?? scope, frame)
    if (limiter.kind !== 'external' || limiter.from !== 'rate-limiter-flexible' || limiter.call === undefined) return
    const { call } = limiter
    const options = call.node.args
      .map((arg) => reading.evaluator.value(arg, call.scope, limiter.frame))
      .find((arg) => arg.kind === 'object')
    if (options?.kind === 'object')
      rates.push(perMinuteOf(reading, options.entries.get('points'), options.entries.get('duration'), 1))
  })
  const known = rates.filter((one) => one !== undefined)
  // Of several that are asked, the strictest holds.
  return known.length > 0 && known.length === rates.length ? Math.min(...known) : undefined
}

const usesPackage = (reading: Reading, value: Extract<Value, { kind: 'function' }>): string | undefined => {
  let found: string | undefined
  walk(value.node.body, (node) => {
    if (node.kind !== 'call' || found !== undefined) return
    const callee = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? value.scope)
    if (callee.kind === 'external' && PACKAGES.test(callee.from)) found = callee.from
  })
  return found
}

const isTooMany = (node: Node): boolean =>
  node.kind === 'literal'
    ? node.value === 429
    : (node.kind === 'name' || node.kind === 'member') &&
      /TOO_?MANY_?REQUESTS|TooManyRequests/i.test(lastName(node) ?? '')

/** The packages that limit which a program imports, where nothing of it was found to be one: what they limit was not seen. */
export const importedLimiters = (reading: Reading): Limiter[] =>
  [...reading.program.modules.values()].flatMap(({ language, body }) =>
    body.flatMap((one): readonly Limiter[] => {
      if (language !== 'javascript' || one.kind !== 'import' || !PACKAGES.test(one.from)) return []
      const at = placeOf(reading, one.at)
      return [{ at, library: one.from, mounted: 'unknown', unsure: true, key: { kind: 'unknown', at } }]
    }),
  )

/** Every limiter that is created, by the place where it is: for those that nothing is seen to mount. */
export const createdLimiters = (reading: Reading, names: readonly string[], from: RegExp): Limiter[] =>
  [...new Set(names.flatMap((name) => reading.program.callsNamed(name)))].flatMap((located) => {
    const callee = reading.evaluator.value(located.node.callee, located.scope)
    return possibilities(callee).flatMap((one): readonly Limiter[] =>
      one.kind === 'external' && from.test(one.from) && withoutDefault(one.path).at(-1) !== '()'
        ? [
            {
              ...fromOptions(reading, one.from, located),
              mounted: isHandedOn(reading, located.node) ? 'unknown' : 'nowhere',
            },
          ]
        : [],
    )
  })
