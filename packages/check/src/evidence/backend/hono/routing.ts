/** Everything that is mounted, as one list for each application that is served: full paths, in the order in which Hono asks them. */
import { signInsBelow } from '../better-auth/index.ts'
import type { Reading } from '../reading.ts'
import { appOf, TYPED } from './apps.ts'
import { entriesOf } from './entries.ts'
import type { Entry } from './model.ts'
import { pathOfValue } from './path-values.ts'
import { joined } from './paths.ts'
import { argumentOf, type Registration, registrationsOf } from './registrations.ts'
import { answering } from './served.ts'

interface Served {
  readonly entries: readonly Entry[]
  /** `onError`, wherever it is set. */
  readonly registrations: readonly Registration[]
}

export const servedBy = (reading: Reading): Served => {
  const registrations = registrationsOf(reading)
  const byApp = new Map<string, Registration[]>()
  const below = new Set<string>()
  for (const one of registrations) {
    byApp.set(one.app.id, [...(byApp.get(one.app.id) ?? []), one])
    if (one.method !== 'route') continue
    const sub = appOf(reading, argumentOf(reading, one, 1))
    if (sub !== undefined && sub.id !== one.app.id) below.add(sub.id)
  }
  const roots = [...byApp.keys()].filter((id) => !below.has(id))
  const made = roots.filter((id) => id !== TYPED)
  // Functions that are given the application by somebody unseen are taken to be given the one that there is.
  const typed = byApp.get(TYPED)
  if (typed !== undefined && made.length === 1 && made[0] !== undefined) byApp.get(made[0])?.push(...typed)
  const answered = made.length === 0 ? roots : answering(reading, made)
  const entries = answered.flatMap((id) =>
    mounted(reading, byApp, { id, prefix: '', until: Number.POSITIVE_INFINITY, above: [] }),
  )
  return { entries: entries.filter((one, index) => !isAnswered(one, entries.slice(0, index))), registrations }
}

/** A login that a route of its own answers before better-auth is asked. */
const isAnswered = ({ delegated, path }: Entry, before: readonly Entry[]): boolean =>
  delegated === true &&
  before.some((one) => one.kind === 'route' && one.path === path && /^(?:POST|ALL)$/.test(one.method))

/** A router, where it is mounted. */
interface Mounted {
  readonly id: string
  readonly prefix: string
  /** route() copies what the router has by then. */
  readonly until: number
  /** The routers that it is mounted on, the application first; none for the application itself. */
  readonly above: readonly string[]
}

const mounted = (
  reading: Reading,
  byApp: ReadonlyMap<string, readonly Registration[]>,
  { id, prefix, until, above }: Mounted,
): Entry[] => {
  const all = byApp.get(id) ?? []
  const before = all.filter((one) => one.order < until)
  const within = [...above, id]
  return (before.length > 0 ? before : all).flatMap((one, index, list) => {
    const under = joined(prefix, one.app.prefix)
    if (one.method === 'route') {
      const sub = appOf(reading, argumentOf(reading, one, 1))
      if (sub === undefined || within.includes(sub.id)) return []
      const path = pathOfValue(argumentOf(reading, one, 0)) ?? '/:unknown'
      return mounted(reading, byApp, { id: sub.id, prefix: joined(under, path), until: one.order, above: within })
    }
    return entriesOf(reading, one, under, above.length === 0, list.slice(0, index)).flatMap((each) => [
      ...signInsIn(reading, each),
      each,
    ])
  })
}

const signInsIn = (reading: Reading, entry: Entry): Entry[] => {
  const { kind, method, path, handlers } = entry
  if ((kind !== 'route' && kind !== 'mount') || !/^(?:POST|ALL)$/.test(method) || path === undefined) return []
  return signInsBelow(reading, handlers.at(-1)?.value, path).map((one) => ({
    ...entry,
    kind: 'route',
    method: 'POST',
    path: one,
    delegated: true,
  }))
}
