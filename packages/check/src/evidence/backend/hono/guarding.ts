/** Which guard covers each route: one of the whole application, its router's, its own, or none. */
import { lastName, type Node, textsOf, type Value, walk } from '../../source/index.ts'
import { listingFaults, type Opening, openingOf } from '../exceptions/index.ts'
import type { GlobalGuard, Route } from '../facts.ts'
import { exceptionFaults } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isWhole } from '../whole-paths.ts'
import { guardInside, guardOf, type HonoGuard, type Leaf, leavesOf } from './middleware.ts'
import type { Entry } from './model.ts'
import { covers, starred } from './paths.ts'

export interface Guarding {
  readonly guards: readonly GlobalGuard[]
  of(entry: Entry): Pick<Route, 'guard' | 'guardAt' | 'openedByName'>
}

interface Mounted {
  readonly entry: Entry
  readonly index: number
  readonly leaf: Leaf
  readonly guard: HonoGuard
}

/** What is reached without a session by its nature. */
const OPEN =
  /(?:^|\/)(?:health\w*|healthz|ready|readyz|live|livez|ping|status|version|metrics|docs?|openapi[\w.-]*|swagger[\w.-]*|reference|scalar|redoc|favicon\.ico|robots\.txt|auth|login|log-in|signin|sign-in|signup|sign-up|register|registration|oauth2?|refresh|forgot-password|reset-password|verify-email|webhooks?|\.well-known|public|static|assets)(?:\/|$)/i

export const guardingOf = (reading: Reading, entries: readonly Entry[]): Guarding => {
  const mounted = entries.flatMap((entry, index): Mounted[] =>
    entry.kind !== 'use'
      ? []
      : entry.handlers.flatMap((handler) =>
          leavesOf(reading, handler).flatMap((leaf) => {
            const guard = guardOf(reading, leaf)
            return guard === undefined ? [] : [{ entry, index, leaf, guard }]
          }),
        ),
  )
  const routes = entries.filter((one) => one.kind === 'route' || one.kind === 'mount')
  const reached = (one: Mounted, entry: Entry): boolean =>
    one.index < entries.indexOf(entry) &&
    one.entry.path !== undefined &&
    entry.path !== undefined &&
    covers(one.entry.path, entry.path) &&
    (one.entry.method === 'ALL' || one.entry.method === entry.method)
  const opened = (one: Mounted, entry: Entry): Opening | undefined => {
    if (entry.path === undefined || one.leaf.value.kind !== 'function') return
    const opening = openingOf(reading, { guard: one.leaf.value, prefix: '/' }, entry.path, entry.method)
    return opening.holds ? undefined : opening
  }
  const excepted = (one: Mounted, entry: Entry): boolean =>
    entry.path !== undefined &&
    (opened(one, entry) !== undefined ||
      one.leaf.except.some((path) => covers(path, entry.path ?? '')) ||
      listedAsOpen(one.leaf.value).some(
        (path) => path === entry.path || (path.endsWith('*') && covers(path, entry.path ?? '')),
      ))
  const isGlobal = (one: Mounted): boolean => {
    const under = one.entry.path === undefined ? undefined : starred(one.entry.path)
    const isAbout = (entry: Entry): boolean =>
      reached(one, entry) && (!excepted(one, entry) || opened(one, entry) !== undefined)
    if (under === undefined || !routes.some(isAbout)) return false
    if (under === '') return one.entry.root
    if (!isWhole(under)) return false
    return routes.every(
      (entry) =>
        entry.path === undefined ||
        covers(`${under}/*`, entry.path) ||
        entry.path === '/' ||
        entry.path === '/*' ||
        OPEN.test(entry.path),
    )
  }
  const globals = mounted.filter(isGlobal)
  const checkedBy = (one: Mounted): readonly string[] =>
    routes.flatMap((entry) => (reached(one, entry) && !excepted(one, entry) ? (entry.path ?? []) : []))

  const of = (entry: Entry): ReturnType<Guarding['of']> => {
    const whole = globals.find((one) => reached(one, entry) && !excepted(one, entry))
    if (whole !== undefined) return { guard: 'global', guardAt: whole.guard.at }
    const own = entry.handlers
      .slice(0, -1)
      .flatMap((handler) => leavesOf(reading, handler))
      .map((leaf) => guardOf(reading, leaf))
      .find((one) => one !== undefined)
    const last = entry.handlers.at(-1)
    const open = globals.find((one) => reached(one, entry) && opened(one, entry) !== undefined)
    const inside = own ?? (last ? guardInside(reading, last) : undefined)
    // What the whole's guard leaves to another one is closed by that.
    if (inside !== undefined) return { guard: open === undefined ? 'own' : 'global', guardAt: inside.at }
    const group = mounted.find((one) => reached(one, entry) && !excepted(one, entry))
    if (group !== undefined) {
      const isOwn = group.entry.path !== undefined && starred(group.entry.path) === undefined
      return { guard: open !== undefined ? 'global' : isOwn ? 'own' : 'group', guardAt: group.guard.at }
    }
    const [first] = globals
    if (first === undefined) return { guard: 'none' }
    const byName = open !== undefined && opened(open, entry)?.byName === true
    return { guard: 'exempt', guardAt: (open ?? first).guard.at, ...(byName ? { openedByName: true } : {}) }
  }
  return {
    guards: globals.map((one) => ({
      at: placeOf(reading, one.leaf.node.at),
      what: one.guard.what,
      faults: faultsOf(reading, one, checkedBy(one)),
    })),
    of,
  }
}

const OPEN_OPTION = /^(?:exclude|except|skip|ignore|public|allow|white|open|bypass)\w*$/i

/** `guard({ excludePaths: ['/', '/docs'] })`: what the call that made the guard leaves open. */
const listedAsOpen = (value: Value): readonly string[] =>
  value.kind !== 'function'
    ? []
    : [...(value.frame?.parameters.values() ?? [])].flatMap((given) =>
        given.kind === 'object'
          ? [...given.entries].flatMap(([name, one]) =>
              OPEN_OPTION.test(name) && one.kind === 'list' ? one.items.flatMap(textsOf) : [],
            )
          : [],
      )

const faultsOf = (reading: Reading, { leaf, entry }: Mounted, checked: readonly string[]): GlobalGuard['faults'] => {
  const inside =
    leaf.value.kind === 'function' || leaf.value.kind === 'external' ? exceptionFaults(reading, leaf.value) : []
  const by = leaf.exceptBy ? exceptionFaults(reading, leaf.exceptBy) : []
  const wide = leaf.except
    .filter((path) => /^\/?\*$/.test(path))
    .map((path) => ({
      what: `an exception that is everything: ${path}`,
      at: placeOf(reading, entry.registration.node.at),
    }))
  const own = leaf.value.kind === 'function' ? leaf.value : undefined
  const methods = own === undefined ? [] : byMethod(reading, own.node.body)
  const listing = listingFaults(reading, { guard: own, prefix: '/' }, checked, placeOf(reading, leaf.node.at))
  return [...inside, ...by, ...wide, ...methods, ...(methods.length > 0 ? [] : listing)]
}

/** `if (c.req.method === 'GET') return next()`: every reading route is let through. OPTIONS is not one of them. */
const byMethod = (reading: Reading, body: readonly Node[]): GlobalGuard['faults'][number][] => {
  const faults: GlobalGuard['faults'][number][] = []
  walk(body, (node) => {
    if (node.kind !== 'if' || node.test.kind !== 'binary') return
    const sides = [node.test.left, node.test.right]
    const method = sides.find(
      (one) => one.kind === 'literal' && /^(?:GET|POST|PUT|PATCH|DELETE)$/.test(String(one.value)),
    )
    if (method?.kind === 'literal' && sides.some((one) => lastName(one) === 'method'))
      faults.push({ what: `an exception by the method: ${method.value}`, at: placeOf(reading, node.test.at) })
  })
  return faults
}
