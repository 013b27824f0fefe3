/** Which guard covers each of Express's routes: one of the whole application, its router's, its own, or none. */
import { listingFaults, type Opening, openingOf } from '../exceptions/index.ts'
import type { GlobalGuard, Limiter, Route } from '../facts.ts'
import { exceptionFaults, type Guard, guardIn } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isWhole } from '../whole-paths.ts'
import type { Handler } from './apps.ts'
import { mindsCase } from './letter-case.ts'
import { openedUnless, unlessFaults } from './unless.ts'

/** A middleware that is up when a route is reached. */
export interface Active {
  readonly prefix: string
  readonly handler: Handler
  /** How deep the router is that it was put on: 0 is the application. */
  readonly depth: number
  readonly guard: Guard | undefined
  readonly limiter: Limiter | undefined
}

/** The guards before a route: those that check it, and those that let it through by a list of their own. */
interface Standing {
  readonly guards: readonly Active[]
  readonly opened: readonly { readonly active: Active; readonly byName: boolean }[]
}

export interface Found extends Standing {
  readonly route: Omit<Route, 'guard' | 'guardAt'>
  readonly own: Guard | undefined
}

export const standingAt = (reading: Reading, covering: readonly Active[], path: string, method: string): Standing => {
  const guards: Active[] = []
  const opened: { active: Active; byName: boolean }[] = []
  for (const active of covering) {
    if (active.guard === undefined || active.guard.optional) continue
    const { holds, byName } = opening(reading, active, path, method)
    if (holds) guards.push(active)
    else opened.push({ active, byName })
  }
  return { guards, opened }
}

const opening = (reading: Reading, { guard, prefix, handler }: Active, path: string, method: string): Opening =>
  openedUnless(reading, handler.value, path, method) ??
  openingOf(reading, { guard: guard?.function, prefix }, path, method)

/** Whether some guard checks who reads what is put on a path. A page is served with a slash at its end as well. */
export const isGuarded = (reading: Reading, covering: readonly Active[], path: string): boolean =>
  covering.some(
    (one) =>
      one.guard !== undefined &&
      !one.guard.optional &&
      [path, `${path.replace(/\/$/, '')}/`].every((each) => opening(reading, one, each, 'GET').holds),
  )

/**
 * Whether one guard covers what nobody marked. It does when it stands on the application, for every path or for one that everything
 * is below (`/api`), and what comes without it comes before it: a route that is added later is behind it.
 */
export const judged = (reading: Reading, found: readonly Found[]): { routes: Route[]; guards: GlobalGuard[] } => {
  const counts = new Map<Handler, number>()
  for (const { handler } of found.flatMap(standing)) counts.set(handler, (counts.get(handler) ?? 0) + 1)
  const [widest] = [...counts].sort((a, b) => b[1] - a[1])
  const isWidest = ({ handler }: Active): boolean => handler === widest?.[0]
  const about = found.filter((one) => standing(one).some(isWidest))
  const outside = found.filter((one) => !about.includes(one))
  const routers = new Set(outside.map(({ route }) => route.at.file))
  const placed = about.flatMap(standing).filter(isWidest)
  const isOn = ({ prefix }: Active): boolean => plain(prefix) === '' || isWhole(plain(prefix))
  // A guard of an inner router counts as the whole's only where everything else is what stands before any guard.
  const isGlobal =
    widest !== undefined &&
    placed[0]?.depth === 0 &&
    placed.every(isOn) &&
    outside.every(({ own, guards }) => own === undefined && guards.length === 0) &&
    routers.size < found.length
  const routes = found.map((one): Route => {
    const { route, own, guards, opened } = one
    const open = isGlobal ? opened.find(({ active }) => isWidest(active)) : undefined
    // What the whole's guard leaves to another one is closed by that.
    const isClosed =
      isGlobal && (guards.some(isWidest) || (open !== undefined && (guards.length > 0 || own !== undefined)))
    if (isClosed) return { ...route, guard: 'global', guardAt: placeOf(reading, widest[0].node.at) }
    if (own !== undefined) return { ...route, guard: 'own', guardAt: own.at }
    const [group] = guards
    if (group !== undefined) return { ...route, guard: 'group', guardAt: placeOf(reading, group.handler.node.at) }
    const beside = isGlobal && !placed.some(({ prefix }) => covers(prefix, route.path))
    return {
      ...route,
      guard: isGlobal ? 'exempt' : 'none',
      ...(open?.byName ? { openedByName: true } : {}),
      ...(beside ? { beside } : {}),
    }
  })
  return { routes, guards: isGlobal ? [globalOf(reading, found, widest[0])] : [] }
}

/** A path without what stands for all that is below it: `*` and patterns match all. */
const plain = (prefix: string): string =>
  prefix.replace(/\/?(?:\*\w*|\{\*\w+\}|\(\.\*\)|\.\*)$/, '').replace(/^\/$/, '')

/** Whether a middleware on a prefix is met by a request for a path: Express matches whole segments. */
export const covers = (prefix: string, path: string): boolean => {
  const whole = plain(prefix)
  return whole === '' || path === whole || path.startsWith(`${whole}/`)
}

const standing = ({ guards, opened }: Found): Active[] => [...guards, ...opened.map(({ active }) => active)]

const globalOf = (reading: Reading, found: readonly Found[], { node, value, name }: Handler): GlobalGuard => {
  const at = placeOf(reading, node.at)
  const guard = guardIn(reading, value, name)
  const checked = found.filter((one) => one.guards.some((each) => each.handler.node === node))
  const [prefix = '/'] = checked
    .flatMap((one) => one.guards.filter((each) => each.handler.node === node))
    .map((one) => one.prefix)
  return {
    at,
    what: guard?.what ?? name,
    faults: [
      ...exceptionFaults(reading, value),
      ...unlessFaults(reading, value),
      ...listingFaults(
        reading,
        { guard: guard?.function, prefix, anyCase: !mindsCase(reading) },
        checked.map(({ route }) => route.path),
        at,
      ),
    ],
  }
}
