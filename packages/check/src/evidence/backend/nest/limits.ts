/** The throttler: its limits, where its guard stands, and which routes skip it. */
import { isFrom, type Node, pathOf, possibilities, type Value, walkBody, withoutDefault } from '../../source/index.ts'
import type { Limiter, Place } from '../facts.ts'
import { isFreshKey, keyOf, perMinuteOf, skipsAll } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { type ClassValue, methodOf } from './classes.ts'
import { argOf, type Decorator, named } from './decorators.ts'
import type { GuardKind } from './guard-kinds.ts'

export interface Throttler {
  readonly name: string
  readonly at: Place
  readonly perMinute?: number
  /** In what a `ttl` counts: 0.001 since version 5, seconds before. */
  readonly unit: number
  readonly off?: Place
  readonly key?: Limiter['key']
}

const LIBRARY = '@nestjs/throttler'

/** What the module was set to; one without settings that can be read is there too. */
export const throttlers = (reading: Reading): readonly Throttler[] =>
  ['forRoot', 'forRootAsync'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      if (!isFrom(reading.evaluator.value(node.callee, scope), LIBRARY, 'ThrottlerModule', name)) return []
      const at = placeOf(reading, node.at)
      const options = node.args[0] && reading.evaluator.value(node.args[0], scope)
      const settings =
        options === undefined ? [] : name === 'forRoot' ? possibilities(options) : factory(reading, options)
      const found = settings.flatMap((one) => fromSettings(reading, one, at))
      return found.length > 0 ? found : [{ name: 'default', at, unit: 0.001 }]
    }),
  )

const factory = (reading: Reading, options: Value): readonly Value[] => {
  if (options.kind !== 'object') return []
  const made = options.entries.get('useFactory')
  if (made?.kind === 'function') return possibilities(reading.evaluator.returned(made))
  const type = options.entries.get('useClass') ?? options.entries.get('useExisting')
  const create = type?.kind === 'class' ? methodOf(reading, type, 'createThrottlerOptions') : undefined
  return create === undefined ? [] : possibilities(reading.evaluator.returned(create))
}

const fromSettings = (reading: Reading, settings: Value, at: Place): readonly Throttler[] => {
  if (settings.kind === 'list') return listed(reading, settings, at, {})
  if (settings.kind !== 'object') return []
  const list = settings.entries.get('throttlers')
  const shared = extras(reading, settings)
  if (list?.kind === 'list') return listed(reading, list, at, shared)
  return list === undefined ? [throttler(reading, settings, at, 1, shared)] : []
}

/** Where there is a list it alone counts, whatever `ttl` and `limit` stand beside it: an empty one limits nothing. */
const listed = (
  reading: Reading,
  list: Extract<Value, { kind: 'list' }>,
  at: Place,
  shared: Extras,
): readonly Throttler[] =>
  list.items.length > 0
    ? list.items.map((one) => throttler(reading, one, at, 0.001, shared))
    : [{ ...shared, name: 'default', at, unit: 0.001, off: placeOf(reading, list.at) }]

type Extras = Pick<Throttler, 'off' | 'key'>

const extras = (reading: Reading, one: Value): Extras => {
  if (one.kind !== 'object') return {}
  const skip = one.entries.get('skipIf')
  const tracker = one.entries.get('getTracker')
  const off =
    skipsAll(reading, skip) ?? ignoredAgents(one.entries) ?? (isFreshKey(reading, tracker) ? tracker : undefined)
  return {
    ...(off === undefined ? {} : { off: placeOf(reading, off.at) }),
    ...(tracker === undefined ? {} : { key: keyOf(reading, tracker) }),
  }
}

/** `ignoreUserAgents: [/googlebot/i]`: anybody says that they are one. */
const ignoredAgents = (options: ReadonlyMap<string, Value>): Value | undefined => {
  const agents = options.get('ignoreUserAgents')
  return agents?.kind === 'list' && agents.items.length > 0 ? agents : undefined
}

const throttler = (reading: Reading, one: Value, at: Place, unit: number, shared: Extras): Throttler => {
  const entry = (name: string) => (one.kind === 'object' ? one.entries.get(name) : undefined)
  const name = entry('name')
  const perMinute = rate(reading, entry('limit'), entry('ttl'), unit)
  return {
    ...shared,
    ...extras(reading, one),
    name: name?.kind === 'literal' ? String(name.value) : 'default',
    at: one.kind === 'object' ? placeOf(reading, one.at) : at,
    unit,
    ...(perMinute === undefined ? {} : { perMinute }),
  }
}

const SPANS: Readonly<Record<string, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

/** The throttler's own `minutes(5)` is milliseconds. */
const rate = (reading: Reading, limit: Value | undefined, ttl: Value | undefined, unit: number): number | undefined => {
  const span =
    ttl === undefined
      ? []
      : possibilities(ttl).map((one): Value => {
          const scale =
            one.kind === 'external' && one.from === LIBRARY ? SPANS[withoutDefault(one.path)[0] ?? ''] : undefined
          const arg =
            one.kind === 'external' && one.call?.node.args[0]
              ? reading.evaluator.value(one.call.node.args[0], one.call.scope, one.frame)
              : undefined
          return scale !== undefined && arg?.kind === 'literal'
            ? { kind: 'literal', value: Number(arg.value) * scale, at: one.at }
            : one
        })
  return perMinuteOf(
    reading,
    limit,
    span.length === 0 || ttl === undefined ? undefined : { kind: 'either', values: span, at: ttl.at },
    unit,
  )
}

/** What a guard counts by: its own `getTracker`, or the framework's idea of the client. */
const trackerOf = (reading: Reading, guard: ClassValue | undefined, at: Place): Limiter['key'] => {
  const tracker = guard && methodOf(reading, guard, 'getTracker')
  return tracker === undefined ? { kind: 'client', at } : keyOf(reading, tracker)
}

/** A guard that never counts: `shouldSkip` that is always true, or a `canActivate` that asks nobody. */
const offAt = (reading: Reading, guard: ClassValue | undefined): Place | undefined => {
  for (const name of ['shouldSkip', 'canActivate', 'handleRequest']) {
    const method = guard && methodOf(reading, guard, name)
    if (method === undefined || (name !== 'shouldSkip' && asksSomebody(method.node.body))) continue
    if (possibilities(reading.evaluator.returned(method)).every((one) => one.kind === 'literal' && one.value === true))
      return placeOf(reading, method.at)
  }
  return
}

/** `await this.limiter.consume(key); return true`: it throws what it refuses. */
const asksSomebody = (body: readonly Node[]): boolean => {
  let asks = false
  walkBody(body, (node) => {
    asks ||=
      node.kind === 'throw' ||
      (node.kind === 'call' && !/\blog(?:ger)?\b|^console\b/.test(pathOf(node.callee)?.join('.') ?? ''))
  })
  return asks
}

/** The limiters that a throttler guard stands for, one for each set of limits. */
export const limitersOf = (
  reading: Reading,
  all: readonly Throttler[],
  guard: GuardKind,
  mounted: Limiter['mounted'],
): readonly (Limiter & { readonly name: string; readonly unit: number })[] => {
  const off = offAt(reading, guard.class)
  const settings: readonly Throttler[] = all.length > 0 ? all : [{ name: 'default', at: guard.at, unit: 0.001 }]
  return settings.map((one) => ({
    at: one.at,
    library: LIBRARY,
    mounted,
    name: one.name,
    unit: one.unit,
    ...((off ?? one.off) ? { off: off ?? one.off } : {}),
    ...(one.perMinute === undefined ? {} : { perMinute: one.perMinute }),
    key: one.key ?? trackerOf(reading, guard.class, one.at),
  })) as readonly (Limiter & { readonly name: string; readonly unit: number })[]
}

/** Whether `@SkipThrottle` takes a throttler away; the method's own word wins over its class's. */
const skips = (reading: Reading, decorators: readonly Decorator[], name: string): boolean | undefined => {
  const [skip] = named(decorators, 'SkipThrottle')
  if (skip === undefined) return
  const value = argOf(reading, skip, 0)
  if (value === undefined) return name === 'default' ? true : undefined
  if (value.kind === 'literal') return value.value !== false
  const one = value.kind === 'object' ? value.entries.get(name) : undefined
  return one?.kind === 'literal' ? one.value !== false : undefined
}

/** What is left of the limiters for one route, with what `@Throttle` says of it. */
export const forRoute = (
  reading: Reading,
  limiters: readonly (Limiter & { readonly name: string; readonly unit: number })[],
  ofMethod: readonly Decorator[],
  ofClass: readonly Decorator[],
): readonly Limiter[] =>
  limiters.flatMap((limiter): readonly Limiter[] => {
    const skipped = skips(reading, ofMethod, limiter.name) ?? skips(reading, ofClass, limiter.name) ?? false
    if (skipped) return []
    const { name, unit, ...rest } = limiter
    const [throttle] = [...named(ofMethod, 'Throttle'), ...named(ofClass, 'Throttle')]
    if (throttle === undefined) return [rest]
    const first = argOf(reading, throttle, 0)
    // Version 4: `@Throttle(limit, ttl)` in seconds.
    if (first?.kind === 'literal')
      return [
        { ...rest, ...rated(rate(reading, first, argOf(reading, throttle, 1), 1)), at: placeOf(reading, throttle.at) },
      ]
    const own = first?.kind === 'object' ? first.entries.get(name) : undefined
    if (own?.kind !== 'object') return [rest]
    return [
      {
        ...rest,
        ...rated(rate(reading, own.entries.get('limit'), own.entries.get('ttl'), unit) ?? rest.perMinute),
        at: placeOf(reading, throttle.at),
      },
    ]
  })

const rated = (perMinute: number | undefined): { perMinute?: number } => (perMinute === undefined ? {} : { perMinute })
