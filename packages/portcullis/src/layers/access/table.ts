import type { AccessRule } from './rule.ts'

/** One line of the access table: a method, a route, and who may call it. */
export interface AccessEntry {
  readonly method: string
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

/** Sorts entries by path and method. A HEAD that follows its GET is left out: it can't be more open (the start checks it). */
export const accessTable = (entries: readonly AccessEntry[]): readonly AccessEntry[] => {
  const gets = new Set(entries.filter(({ method }) => method === 'GET').map(({ path }) => path))
  // A route at the root of a prefix answers with and without the slash; Fastify announces its GET once, its HEAD twice.
  const follows = (path: string): boolean => gets.has(path) || gets.has(path.replace(/\/$/, ''))
  return entries.filter(({ method, path }) => method !== 'HEAD' || !follows(path)).toSorted(order)
}

/** The table as text, aligned, a line a route. */
export const formatTable = (table: readonly AccessEntry[]): string => {
  const wide = (pick: (entry: AccessEntry) => string): number =>
    Math.max(0, ...table.map((entry) => pick(entry).length))
  const [method, path] = [wide((entry) => entry.method), wide((entry) => entry.path)]
  return table.map((entry) => `${entry.method.padEnd(method)}  ${entry.path.padEnd(path)}  ${entry.access}`).join('\n')
}
