/** The facts of two readers of one program. */
import type { FrameworkFacts } from '../facts.ts'

/** A limiter that the first reader found mounted nowhere may be what the second one found in a decorator. */
export const together = (first: FrameworkFacts, second: FrameworkFacts): FrameworkFacts => {
  const mounted = new Set(second.limiters.map(lineOf))
  return {
    routes: added(first.routes, second.routes, (one) => `${one.method} ${one.path} ${lineOf(one)}`),
    limiters: added(
      first.limiters.filter((one) => !/^(?:nowhere|unknown)$/.test(one.mounted) || !mounted.has(lineOf(one))),
      second.limiters,
      lineOf,
    ),
    guards: added(first.guards, second.guards, lineOf),
    cors: added(first.cors, second.cors, lineOf),
    docs: added(first.docs, second.docs, (one) => `${one.path} ${lineOf(one)}`),
    debug: added(first.debug, second.debug, lineOf),
    proxies: added(first.proxies, second.proxies, lineOf),
  }
}

const lineOf = ({ at }: { readonly at: { readonly file: string; readonly line: number } }): string =>
  `${at.file}:${at.line}`

const added = <T>(first: readonly T[], second: readonly T[], key: (one: T) => string): readonly T[] => {
  const known = new Set(first.map(key))
  return [...first, ...second.filter((one) => !known.has(key(one)))]
}
