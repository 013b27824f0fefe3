/** Limiters of an application: @fastify/rate-limit where it reaches, hooks of the project's own, and Portcullis. */
import type { Value } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { answered, isFreshKey, keyOf, limiterIn, perMinuteOf, skipsAll } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { resolve } from './decorators.ts'
import { cameTo, entryOf, isLiteral, optionOf, optionValue, textIn } from './expressions.ts'
import { HOOKS } from './guarding.ts'
import { memberOfInstance } from './instances.ts'
import { type Added, type Application, isWithin, type PluginUse, type RouteEntry, sees } from './model.ts'
import { isPortcullis } from './portcullis.ts'
import { whenAdded } from './when.ts'

export const isRateLimit = (from: string): boolean => from === '@fastify/rate-limit' || from === 'fastify-rate-limit'

interface Standing {
  readonly added: Added
  readonly limiter: Omit<Limiter, 'mounted'>
  readonly kind: 'plugin' | 'hook' | 'portcullis'
  readonly global: boolean
  readonly plugin?: PluginUse
}

interface Limits {
  readonly of: (route: RouteEntry) => readonly Limiter[]
  readonly limiters: () => readonly Limiter[]
}

export const limitsOf = (reading: Reading, app: Application): Limits => {
  const standing = standingOf(reading, app)
  const byRoute = new Map(app.routes.map((route) => [route, covering(reading, app, standing, route)] as const))
  const covered = (one: Standing) => app.routes.filter((route) => byRoute.get(route)?.some(({ from }) => from === one))
  const mountedOf = (one: Standing): Limiter['mounted'] => {
    const held = covered(one).length
    if (one.global && one.added.context === app.root && held === app.routes.length) return 'everywhere'
    return held > 0
      ? 'somewhere'
      : one.global
        ? one.added.context === app.root && app.routes.length === 0
          ? 'everywhere'
          : 'nowhere'
        : 'nowhere'
  }
  const mounted = new Map(standing.map((one) => [one, mountedOf(one)] as const))
  const limiterFor = ({ from, limiter, own }: Covering): Limiter => ({
    ...limiter,
    mounted: own || from === undefined ? 'somewhere' : (mounted.get(from) ?? 'somewhere'),
  })
  return {
    of: (route) => (byRoute.get(route) ?? []).map(limiterFor),
    limiters: () => {
      const all = [
        ...standing.map((one): Limiter => ({ ...one.limiter, mounted: mounted.get(one) ?? 'unknown' })),
        ...app.routes.flatMap((route) => (byRoute.get(route) ?? []).map(limiterFor)),
      ]
      return all.filter(
        (one, index) =>
          all.findIndex(
            (other) =>
              other.at.file === one.at.file && other.at.line === one.at.line && other.perMinute === one.perMinute,
          ) === index,
      )
    },
  }
}

const standingOf = (reading: Reading, app: Application): Standing[] => {
  const ofPlugins = app.plugins.flatMap((plugin): Standing[] => {
    const when = whenAdded(reading, plugin)
    if (when === 'development') return []
    if (isPortcullis(plugin.from, plugin.path)) return [portcullisLimit(reading, plugin, ['client'], 200)]
    if (!isRateLimit(plugin.from)) return []
    // A switch that nobody sets leaves it out.
    const off = when === 'never' ? plugin.call.node : undefined
    const limiter = rateLimit(reading, plugin.settings, undefined, plugin.call.node.at)
    return [
      {
        added: plugin,
        plugin,
        kind: 'plugin',
        global: !isLiteral(entryOf(plugin.settings, 'global'), false),
        limiter: off === undefined ? limiter : { ...limiter, off: placeOf(reading, off.at) },
      },
    ]
  })
  const ofHooks = app.hooks.flatMap((hook): Standing[] => {
    if (!HOOKS.includes(hook.name) || whenAdded(reading, hook) === 'development') return []
    const limiter = hookLimiter(reading, app, hook.value)
    return limiter === undefined ? [] : [{ added: hook, kind: 'hook', global: true, limiter }]
  })
  return [...ofPlugins, ...ofHooks]
}

const portcullisLimit = (reading: Reading, plugin: PluginUse, names: readonly string[], normal: number): Standing => {
  const at = placeOf(reading, plugin.call.node.at)
  const quota = /^(\d+)\s*\/\s*(second|minute|hour)/.exec(
    textIn(entryOf(entryOf(plugin.settings, 'limits'), ...names)) ?? '',
  )
  const perMinute =
    quota === null ? normal : Number(quota[1]) * (quota[2] === 'second' ? 60 : quota[2] === 'hour' ? 1 / 60 : 1)
  return {
    added: plugin,
    plugin,
    kind: 'portcullis',
    global: true,
    limiter: { at, library: 'portcullis', perMinute, key: { kind: 'client', at } },
  }
}

/** The plugin's own numbers where nobody gives any: 1000 in a minute. */
export const rateLimit = (
  reading: Reading,
  settings: Value | undefined,
  own: Value | undefined,
  node: Value['at'],
): Omit<Limiter, 'mounted'> => {
  const at = placeOf(reading, node)
  const option = (name: string): Value | undefined => entryOf(own, name) ?? entryOf(settings, name)
  const literal = (value: number): Value => ({ kind: 'literal', value, at: node })
  const given = named(reading, answered(reading, option('max')))
  const perMinute = perMinuteOf(
    reading,
    given ?? literal(1000),
    named(reading, option('timeWindow')) ?? literal(60_000),
    0.001,
  )
  const generator = option('keyGenerator')
  const skip = option('allowList') ?? option('whitelist')
  const off = skipsAll(reading, skip) ?? (generator && isFreshKey(reading, generator) ? generator : undefined)
  return {
    at,
    library: '@fastify/rate-limit',
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(off === undefined ? {} : { off: placeOf(reading, off.at) }),
    ...(skip === undefined ? {} : { skip }),
    key: generator === undefined ? { kind: 'client', at } : keyOf(reading, generator),
  }
}

/** `fastify.config.RATE_LIMIT_MAX`: what the schema of @fastify/env gives it. */
const named = (reading: Reading, value: Value | undefined): Value | undefined => {
  const member = value && memberOfInstance(value)
  const last = member?.path.at(-1)
  return last === undefined ? value : (reading.evaluator.configuration.defaultOf(last) ?? value)
}

const hookLimiter = (reading: Reading, app: Application, value: Value): Omit<Limiter, 'mounted'> | undefined => {
  for (const { value: one } of resolve(reading, app, value)) {
    if (one.kind === 'list') {
      const found = one.items.map((item) => hookLimiter(reading, app, item)).find((each) => each !== undefined)
      if (found !== undefined) return found
      continue
    }
    const member = memberOfInstance(one)
    if (member?.path.join('.') === 'rateLimit.()' && one.kind === 'external' && one.call !== undefined) {
      const plugin = app.plugins.find((each) => isRateLimit(each.from))
      const [given] = one.call.node.args
      return rateLimit(
        reading,
        plugin?.settings,
        given && reading.evaluator.value(given, one.call.scope, one.frame),
        one.call.node.at,
      )
    }
    const found = limiterIn(reading, one)
    if (found !== undefined) return found
  }
  return
}

interface Covering {
  readonly from: Standing | undefined
  readonly limiter: Omit<Limiter, 'mounted'>
  readonly own: boolean
}

const covering = (reading: Reading, app: Application, standing: readonly Standing[], route: RouteEntry): Covering[] => {
  const found: Covering[] = []
  // @fastify/rate-limit reads it in config, and nowhere else.
  const config = optionOf(reading, optionOf(reading, route.options, 'config'), 'rateLimit')
  const given = config && cameTo(reading, config)
  for (const one of standing) {
    if (one.kind === 'plugin' ? !sees(one.added, route) : !isWithin(route.context, one.added.context)) continue
    if (one.kind === 'plugin') {
      if (isLiteral(given, false)) continue
      if (given !== undefined && given.kind !== 'literal')
        found.push({
          from: one,
          limiter: rateLimit(reading, one.plugin?.settings, given, config?.node.at ?? route.call.node.at),
          own: true,
        })
      else if (one.global) found.push({ from: one, limiter: one.limiter, own: false })
    } else {
      found.push({ from: one, limiter: one.limiter, own: false })
      if (one.kind === 'portcullis' && one.plugin !== undefined) {
        const limit =
          route.neutral === true
            ? textIn(optionValue(reading, route.options, 'limit'))
            : textIn(optionValue(reading, optionOf(reading, route.options, 'config'), 'limit'))
        if (limit === 'credentials')
          found.push({
            from: one,
            limiter: portcullisLimit(reading, one.plugin, ['credentials'], 10).limiter,
            own: true,
          })
      }
    }
  }
  for (const name of HOOKS) {
    const value = optionValue(reading, route.options, name)
    const limiter = value && hookLimiter(reading, app, value)
    if (limiter !== undefined) found.push({ from: undefined, limiter, own: true })
  }
  return found
}
