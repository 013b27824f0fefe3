/** Express's routes in the order in which a request meets them, with what stands before each. */
import type { Value } from '../../source/index.ts'
import { BETTER_AUTH } from '../better-auth/index.ts'
import type { GlobalGuard, Limiter, Route } from '../facts.ts'
import { asLogin } from '../guards/index.ts'
import { askedBy, countingFor, limiterIn } from '../limits/index.ts'
import { placeOf, placeOfCall, type Reading } from '../reading.ts'
import { isChosenOff, isUp } from '../switches/index.ts'
import { answeringIn } from './answering.ts'
import type { AppId, Apps, Handler, Registration } from './apps.ts'
import { type Active, covers, type Found, isGuarded, judged, standingAt } from './coverage.ts'
import { guardOf } from './handler-guards.ts'
import { handledBy } from './handler-names.ts'
import { inputsOf } from './inputs.ts'

/** A handler that was put before something, and where: for CORS, docs, errors. */
interface Used {
  readonly handler: Handler
  readonly path: string
  readonly registration: Registration
  readonly guarded: boolean
}

export interface Walked {
  readonly routes: readonly Route[]
  readonly guards: readonly GlobalGuard[]
  readonly used: readonly Used[]
  readonly limiters: readonly Limiter[]
}

/** An application or a router that the walk is in. */
interface Level {
  readonly id: AppId
  /** Where it is mounted; '' for an application. */
  readonly prefix: string
  /** How many routers that have a path of their own are around it. */
  readonly depth: number
  readonly around: ReadonlySet<AppId>
}

/** A registration, on one of its paths. */
interface Entry {
  readonly registration: Registration
  readonly whole: string
  /** What a request meets before it, on the way from the application. */
  readonly covering: readonly Active[]
}

/** Routers within routers: more than a program has, and an end for one that comes back to itself. */
const DEEPEST = 12

export const walkApps = (reading: Reading, apps: Apps): Walked => {
  const found: Found[] = []
  const used: Used[] = []
  const limiters = new Map<string, Limiter>()

  /** The same limiter, as it was first met. One factory may make several, at the same place. */
  const once = (limiter: Limiter): Limiter => {
    const key = `${limiter.at.file}:${limiter.at.line}:${limiter.perMinute}:${limiter.off?.line}`
    const known = limiters.get(key) ?? limiter
    limiters.set(key, known)
    return known
  }

  const limiterOf = (handler: Handler, everywhere: boolean): Limiter | undefined => {
    const seen = limiterIn(reading, handler.value)
    if (seen === undefined) return
    const { node } = handler.located
    const isLimiter = (one: Value) => limiterIn(reading, one) !== undefined
    const isOn = isUp(reading, node) && !isChosenOff(reading, handler.node, isLimiter)
    const off = isOn ? {} : { off: placeOf(reading, node.at) }
    return once({ ...seen, ...off, mounted: everywhere ? 'everywhere' : 'somewhere' })
  }

  /** `app.all('/api/*', requireUser)`: it answers nothing, and is what `use` is. */
  const standsBefore = ({ method, handlers }: Registration, path: string): boolean =>
    method === 'ALL' &&
    /\*\w*\}?$/.test(path) &&
    handlers.every((one) => guardOf(reading, one) !== undefined || limiterIn(reading, one.value) !== undefined)

  /** What it puts on stays on: a request that no route of a router answers comes through its middleware to what is mounted next. */
  const enter = (level: Level, before: readonly Active[]): readonly Active[] => {
    const active = [...before]
    for (const registration of apps.registrations.get(level.id) ?? [])
      for (const path of registration.path) {
        const whole = wholePath(registration, level.prefix, path)
        const entry = { registration, whole, covering: active.filter((one) => covers(one.prefix, whole)) }
        if (registration.method === 'USE' || standsBefore(registration, path)) active.push(...use(level, entry, active))
        else answer(entry)
      }
    return active
  }

  /** What a `use` leaves before all that comes after it. */
  const use = (level: Level, entry: Entry, active: readonly Active[]): readonly Active[] => {
    const { registration, whole, covering } = entry
    const here: Active[] = []
    const inner: Active[] = []
    for (const handler of registration.handlers) {
      const child = below(level, whole, handler)
      if (child === undefined) here.push(...putOn(level, { ...entry, covering: [...covering, ...here] }, handler))
      else {
        const around = active.filter((one) => covers(one.prefix, whole) || covers(whole, one.prefix))
        const known = [...around, ...here, ...inner]
        inner.push(...enter(child, known).slice(known.length))
      }
    }
    const answering = answeringIn(registration, whole)
    if (answering !== undefined)
      add(entry, 'ALL', {
        limiters: here.flatMap(({ limiter }) => limiter ?? []),
        inputs: inputsOf(reading, registration, whole),
        handler: handledBy(reading, answering),
        own: here.map(({ guard }) => guard).find(checks),
      })
    // app.use('/admin', auth, router): what stands before the router is for it alone.
    return registration.handlers.some((one) => apps.idOf(one.value) !== undefined) ? inner : [...here, ...inner]
  }

  /** The router that is mounted there, if it is one that the walk is not in. */
  const below = ({ id, prefix, depth, around }: Level, whole: string, { value }: Handler): Level | undefined => {
    const child = apps.idOf(value)
    if (child === undefined || child === id || around.has(child) || around.size >= DEEPEST) return
    // A router for every path is on the application as much as what is put there itself.
    const isWhole = whole === join(prefix, '/')
    return { id: child, prefix: whole, depth: isWhole ? depth : depth + 1, around: new Set([...around, child]) }
  }

  /** A middleware: what it limits or guards from here on. */
  const putOn = ({ depth }: Level, { registration, whole, covering }: Entry, handler: Handler): readonly Active[] => {
    used.push({ handler, path: whole, registration, guarded: isGuarded(reading, covering, whole) })
    const limiter = limiterOf(handler, depth === 0 && whole === '/')
    const guard = limiter === undefined && isUp(reading, registration.call.node) ? guardOf(reading, handler) : undefined
    return limiter === undefined && guard === undefined ? [] : [{ prefix: whole, handler, depth, guard, limiter }]
  }

  /** A route: its last handler answers, those before stand before it alone. */
  const answer = (entry: Entry): void => {
    const { registration, whole, covering } = entry
    const { method, handlers, delegated } = registration
    if (delegated && isAnswered(whole)) return
    const before = handlers.slice(0, -1)
    const last = handlers.at(-1)
    const own = before.map((one) => guardOf(reading, one)).find(checks)
    const limits = before.map((one) => limiterOf(one, false)).filter((one) => one !== undefined)
    const guarded = own !== undefined || isGuarded(reading, covering, whole)
    for (const handler of handlers) used.push({ handler, path: whole, registration, guarded })
    add(entry, method, {
      limiters: [...limits, ...askedBy(reading, last?.value).map(once)],
      inputs: delegated ? [] : inputsOf(reading, registration, whole),
      handler: delegated ? BETTER_AUTH : last === undefined ? '' : handledBy(reading, last),
      ...asLogin(
        reading,
        handlers.map(({ value }) => value),
      ),
      own,
    })
  }

  /** A login that a route of its own answers before better-auth is asked. */
  const isAnswered = (whole: string): boolean =>
    found.some(({ route }) => route.path === whole && /^(?:POST|ALL)$/.test(route.method))

  const add = (
    { registration, whole, covering }: Entry,
    method: string,
    { own, limiters, ...rest }: Pick<Found, 'own'> & Pick<Route, 'limiters' | 'inputs' | 'handler' | 'logsIn'>,
  ): void => {
    found.push({
      route: {
        framework: 'express',
        method,
        path: whole,
        at: placeOfCall(reading, registration.call.node),
        limiters: [
          ...covering.flatMap(({ limiter, prefix }) =>
            limiter === undefined ? [] : [countingFor(reading, limiter, { path: whole, method }, prefix)],
          ),
          ...limiters.map((one) => countingFor(reading, one, { path: whole, method })),
        ],
        ...rest,
      },
      own,
      ...standingAt(reading, covering, whole, method),
    })
  }

  for (const root of apps.roots) enter({ id: root, prefix: '', depth: 0, around: new Set([root]) }, [])
  return { ...judged(reading, unique(found)), used, limiters: [...limiters.values()] }
}

const checks = (guard: Found['own']): boolean => guard !== undefined && !guard.optional

const unique = (found: readonly Found[]): Found[] => {
  const seen = new Set<string>()
  return found.filter(({ route }) => {
    const key = `${route.method} ${route.path} ${route.at.file}:${route.at.line}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** better-auth knows its whole path, wherever the router is that it is handed to. */
const wholePath = ({ delegated }: Registration, prefix: string, path: string): string =>
  delegated && path.startsWith(`${prefix}/`) ? path : join(prefix, path)

const join = (prefix: string, path: string): string =>
  `${prefix.replace(/\/$/, '')}/${path.replace(/^\//, '')}`.replace(/(.)\/$/, '$1')
