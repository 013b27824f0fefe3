/** Express's routes in the order in which a request meets them, with what stands before each. */
import { possibilities } from '../../source/index.ts'
import { askedInside } from '../asked-limiters.ts'
import { BETTER_AUTH } from '../better-auth-logins.ts'
import type { GlobalGuard, Limiter, Route } from '../facts.ts'
import { exceptionFaults, type Guard, guardIn } from '../guards.ts'
import { limiterIn } from '../limiters.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { AppId, Apps, Handler, Registration } from './apps.ts'
import { handledBy } from './handler-names.ts'
import { inputsOf } from './inputs.ts'

/** A middleware that is up when a route is reached. */
interface Active {
  readonly prefix: string
  readonly handler: Handler
  /** How deep the router is that it was put on: 0 is the application. */
  readonly depth: number
  readonly guard: Guard | undefined
  readonly limiter: Limiter | undefined
}

interface Found {
  readonly route: Omit<Route, 'guard' | 'guardAt'>
  readonly own: Guard | undefined
  readonly guards: readonly Active[]
  readonly depth: number
}

export interface Walked {
  readonly routes: readonly Route[]
  readonly guards: readonly GlobalGuard[]
  /** Every handler that was put before something, with where: for CORS, docs, errors. */
  readonly used: readonly {
    readonly handler: Handler
    readonly path: string
    readonly registration: Registration
    readonly guarded: boolean
  }[]
  readonly limiters: readonly Limiter[]
}

export const walkApps = (reading: Reading, apps: Apps): Walked => {
  const found: Found[] = []
  const used: { handler: Handler; path: string; registration: Registration; guarded: boolean }[] = []
  const limiters = new Map<string, Limiter>()

  const limiterOf = (handler: Handler, everywhere: boolean): Limiter | undefined => {
    const seen = limiterIn(reading, handler.value)
    if (seen === undefined) return
    const key = `${seen.at.file}:${seen.at.line}`
    const known = limiters.get(key)
    const limiter: Limiter = known ?? { ...seen, mounted: everywhere ? 'everywhere' : 'somewhere' }
    limiters.set(key, limiter)
    return limiter
  }

  const askedBy = ({ value }: Handler): readonly Limiter[] =>
    possibilities(value)
      .flatMap((one) => (one.kind === 'function' ? askedInside(reading, one.node.body, one.scope) : []))
      .map((one) => {
        const key = `${one.at.file}:${one.at.line}`
        const known = limiters.get(key) ?? one
        limiters.set(key, known)
        return known
      })

  /** What it puts on stays on: a request that no route of a router answers comes through its middleware to what is mounted next. */
  const enter = (
    id: AppId,
    prefix: string,
    before: readonly Active[],
    depth: number,
    seen: ReadonlySet<AppId>,
  ): readonly Active[] => {
    const active = [...before]
    for (const registration of apps.registrations.get(id) ?? []) {
      for (const path of registration.path) {
        const whole = join(prefix, path)
        const covering = active.filter((one) => covers(one.prefix, whole))
        if (registration.method === 'USE') {
          const here: Active[] = []
          const inner: Active[] = []
          for (const handler of registration.handlers) {
            const child = apps.idOf(handler.value)
            if (child !== undefined && child !== id && !seen.has(child) && seen.size < 12) {
              const around = active.filter((one) => covers(one.prefix, whole) || covers(whole, one.prefix))
              const known = [...around, ...here, ...inner]
              // A router for every path is on the application as much as what is put there itself.
              const below = whole === join(prefix, '/') ? depth : depth + 1
              const left = enter(child, whole, known, below, new Set([...seen, child]))
              inner.push(...left.slice(known.length))
              continue
            }
            used.push({
              handler,
              path: whole,
              registration,
              guarded: [...covering, ...here].some((one) => one.guard !== undefined && !one.guard.optional),
            })
            const limiter = limiterOf(handler, depth === 0 && whole === '/')
            const guard = limiter === undefined ? guardIn(reading, handler.value, handler.name) : undefined
            if (limiter !== undefined || guard !== undefined)
              here.push({ prefix: whole, handler, depth, guard, limiter })
          }
          // app.use('/admin', auth, router): what stands before the router is for it alone.
          if (!registration.handlers.some((one) => apps.idOf(one.value) !== undefined)) active.push(...here)
          active.push(...inner)
          continue
        }
        // A login that a route of its own answers before better-auth is asked.
        if (
          registration.delegated &&
          found.some(({ route }) => route.path === whole && /^(?:POST|ALL)$/.test(route.method))
        )
          continue
        const before = registration.handlers.slice(0, -1)
        const last = registration.handlers.at(-1)
        const own = before
          .map((one) => guardIn(reading, one.value, one.name))
          .find((one) => one !== undefined && !one.optional)
        const ownLimiters = [
          ...before.map((one) => limiterOf(one, false)).filter((one) => one !== undefined),
          ...(last === undefined ? [] : askedBy(last)),
        ]
        for (const handler of registration.handlers)
          used.push({
            handler,
            path: whole,
            registration,
            guarded: own !== undefined || covering.some((one) => one.guard !== undefined && !one.guard.optional),
          })
        found.push({
          route: {
            framework: 'express',
            method: registration.method,
            path: whole,
            at: placeOf(reading, registration.call.node.at),
            limiters: [...covering.flatMap((one) => one.limiter ?? []), ...ownLimiters],
            inputs: registration.delegated ? [] : inputsOf(reading, registration, whole),
            handler: registration.delegated ? BETTER_AUTH : last === undefined ? '' : handledBy(reading, last),
          },
          own,
          guards: covering.filter((one) => one.guard !== undefined && !one.guard.optional),
          depth,
        })
      }
    }
    return active
  }
  for (const root of apps.roots) enter(root, '', [], 0, new Set([root]))
  return { ...judged(reading, unique(found)), used, limiters: [...limiters.values()] }
}

const unique = (found: readonly Found[]): Found[] => {
  const seen = new Set<string>()
  return found.filter(({ route }) => {
    const key = `${route.method} ${route.path} ${route.at.file}:${route.at.line}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/**
 * Whether one guard covers what nobody marked. It does when it stands on the application (or on the one router that holds every
 * route it is about) and what comes without it comes before it: a route that is added later is behind it.
 */
const judged = (reading: Reading, found: readonly Found[]): { routes: Route[]; guards: GlobalGuard[] } => {
  const counts = new Map<Handler, number>()
  for (const { guards } of found) for (const { handler } of guards) counts.set(handler, (counts.get(handler) ?? 0) + 1)
  const [widest] = [...counts].sort((a, b) => b[1] - a[1])
  const about =
    widest === undefined ? [] : found.filter(({ guards }) => guards.some((one) => one.handler === widest[0]))
  const outside = found.filter((one) => !about.includes(one))
  const routers = new Set(outside.map(({ route }) => route.at.file))
  const shallow = widest !== undefined && (about[0]?.guards.find((one) => one.handler === widest[0])?.depth ?? 9) === 0
  // A guard of an inner router counts as the whole's only where everything else is what stands before any guard.
  const isGlobal =
    widest !== undefined &&
    shallow &&
    outside.every(({ own, guards }) => own === undefined && guards.length === 0) &&
    routers.size < found.length
  const routes = found.map(({ route, own, guards }): Route => {
    if (isGlobal && guards.some((one) => one.handler === widest[0]))
      return { ...route, guard: 'global', guardAt: placeOf(reading, widest[0].node.at) }
    if (own !== undefined) return { ...route, guard: 'own', guardAt: own.at }
    const [group] = guards
    if (group !== undefined) return { ...route, guard: 'group', guardAt: placeOf(reading, group.handler.node.at) }
    return { ...route, guard: isGlobal ? 'exempt' : 'none' }
  })
  const guards: GlobalGuard[] = isGlobal
    ? [
        {
          at: placeOf(reading, widest[0].node.at),
          what: guardIn(reading, widest[0].value, widest[0].name)?.what ?? widest[0].name,
          faults: exceptionFaults(reading, widest[0].value),
        },
      ]
    : []
  return { routes, guards }
}

const join = (prefix: string, path: string): string =>
  `${prefix.replace(/\/$/, '')}/${path.replace(/^\//, '')}`.replace(/(.)\/$/, '$1')

/** Whether a middleware on a prefix is met by a request for a path: express matches whole segments; `*` and patterns match all. */
const covers = (prefix: string, path: string): boolean => {
  const plain = prefix.replace(/\/?(?:\*\w*|\{\*\w+\}|\(\.\*\)|\.\*)$/, '')
  return plain === '' || plain === '/' || path === plain || path.startsWith(`${plain}/`)
}
