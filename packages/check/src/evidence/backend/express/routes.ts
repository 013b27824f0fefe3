/** Express's routes in the order in which a request meets them, with what stands before each. */
import { possibilities } from '../../source/index.ts'
import { askedInside } from '../asked-limiters.ts'
import { BETTER_AUTH } from '../better-auth-logins.ts'
import { isUp } from '../by-default.ts'
import type { GlobalGuard, Limiter, Route } from '../facts.ts'
import { limiterIn } from '../limiters.ts'
import { placeOf, type Reading } from '../reading.ts'
import { answeringIn } from './answering.ts'
import type { AppId, Apps, Handler, Registration } from './apps.ts'
import { type Active, covers, type Found, isGuarded, judged, standingAt } from './coverage.ts'
import { guardOf } from './handler-guards.ts'
import { handledBy } from './handler-names.ts'
import { inputsOf } from './inputs.ts'

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

  /** The same limiter, as it was first met. One factory may make several, at the same place. */
  const once = (limiter: Limiter): Limiter => {
    const key = `${limiter.at.file}:${limiter.at.line}:${limiter.perMinute}`
    const known = limiters.get(key) ?? limiter
    limiters.set(key, known)
    return known
  }

  const limiterOf = (handler: Handler, everywhere: boolean): Limiter | undefined => {
    const seen = limiterIn(reading, handler.value)
    if (seen === undefined) return
    return once({ ...seen, mounted: everywhere ? 'everywhere' : 'somewhere' })
  }

  const askedBy = ({ value }: Handler): readonly Limiter[] =>
    possibilities(value)
      .flatMap((one) => (one.kind === 'function' ? askedInside(reading, one.node.body, one.scope) : []))
      .map(once)

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
              guarded: isGuarded(reading, [...covering, ...here], whole),
            })
            const limiter = limiterOf(handler, depth === 0 && whole === '/')
            const guard =
              limiter === undefined && isUp(reading, registration.call.node) ? guardOf(reading, handler) : undefined
            if (limiter !== undefined || guard !== undefined)
              here.push({ prefix: whole, handler, depth, guard, limiter })
          }
          const answering = answeringIn(registration, whole)
          if (answering !== undefined)
            found.push({
              route: {
                framework: 'express',
                method: 'ALL',
                path: whole,
                at: placeOf(reading, registration.call.node.at),
                limiters: [...covering, ...here].flatMap((one) => one.limiter ?? []),
                inputs: inputsOf(reading, registration, whole),
                handler: handledBy(reading, answering),
              },
              own: here.map(({ guard }) => guard).find((one) => one !== undefined && !one.optional),
              ...standingAt(reading, covering, whole, 'ALL'),
            })
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
        const own = before.map((one) => guardOf(reading, one)).find((one) => one !== undefined && !one.optional)
        const ownLimiters = [
          ...before.map((one) => limiterOf(one, false)).filter((one) => one !== undefined),
          ...(last === undefined ? [] : askedBy(last)),
        ]
        for (const handler of registration.handlers)
          used.push({
            handler,
            path: whole,
            registration,
            guarded: own !== undefined || isGuarded(reading, covering, whole),
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
          ...standingAt(reading, covering, whole, registration.method),
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

const join = (prefix: string, path: string): string =>
  `${prefix.replace(/\/$/, '')}/${path.replace(/^\//, '')}`.replace(/(.)\/$/, '$1')
