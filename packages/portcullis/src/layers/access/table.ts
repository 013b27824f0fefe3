import type { AccessRule } from './rule.ts'

/** One line of the access table: a method, a route, and who may call it. */
export interface AccessEntry {
  readonly method: string
  /** The route, with its constraints when it has any: `/orders[version=2.0.0]`. */
  readonly path: string
  /** The rule's label: `public`, `authenticated`, `role admin`, `owner` … */
  readonly access: string
}

/** Makes the line of a route. */
export const accessEntry = (method: string, path: string, rule: AccessRule): AccessEntry => ({
  method,
  path,
  access: rule.label,
})

const order = (a: AccessEntry, b: AccessEntry): number => compare(a.path, b.path) || compare(a.method, b.method)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Sorts entries by path and method. A HEAD that is judged as its GET is left out: it says nothing more. */
export const accessTable = (entries: readonly AccessEntry[]): readonly AccessEntry[] => {
  const gets = new Set(entries.filter(({ method }) => method === 'GET').map(({ path, access }) => `${path} ${access}`))
  // A route at the root of a prefix answers with and without the slash; Fastify announces its GET once, its HEAD twice.
  const follows = ({ path, access }: AccessEntry): boolean =>
    gets.has(`${path} ${access}`) || gets.has(`${path.replace(/\/(?=\[|$)/, '')} ${access}`)
  return entries.filter((entry) => entry.method !== 'HEAD' || !follows(entry)).toSorted(order)
}

/** The table as text, aligned, a line a route. */
export const formatTable = (table: readonly AccessEntry[]): string => {
  const wide = (pick: (entry: AccessEntry) => string): number =>
    Math.max(0, ...table.map((entry) => pick(entry).length))
  const [method, path] = [wide((entry) => entry.method), wide((entry) => entry.path)]
  return table.map((entry) => `${entry.method.padEnd(method)}  ${entry.path.padEnd(path)}  ${entry.access}`).join('\n')
}
