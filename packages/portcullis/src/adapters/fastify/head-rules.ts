import type { RouteOptions } from 'fastify'
import type { AccessRule } from '../../layers/access/index.ts'
import { isSameRule } from '../../layers/access/index.ts'
import { constraintsOf } from './constraints.ts'

/** A rule, and what it is the rule of. */
interface Judged {
  readonly method: string
  readonly url: string
  readonly rule: AccessRule
  /** Where it is: as it is written, and then as a router may read it that takes `/A/` for `/a`. Each with and without its constraints. */
  readonly places: readonly (readonly [constrained: string, plain: string])[]
  readonly isConstrained: boolean
}

/** Every rule by its method and its places. */
export const judgedRoutes = (route: RouteOptions, path: string, rule: AccessRule): readonly Judged[] => {
  // Whatever its parameters are called, the same targets match.
  const written = path.replaceAll(/:[A-Za-z0-9_]+/g, ':')
  const folded = written.replace(/(?<=.)\/$/, '').toLowerCase()
  // `/a/:id?` is /a too.
  const either = folded.endsWith('?') ? [folded.slice(0, -1), folded.replace(/\/[^/]*$/, '') || '/'] : [folded]
  const named = constraintsOf(route)
  const places = [written, ...either].map((one) => [`${one} ${JSON.stringify(named)}`, one] as const)
  return [route.method].flat().map((one) => ({ method: one, url: path, rule, places, isConstrained: named.length > 0 }))
}

/** HEAD follows GET: one that is judged by another rule tells what the GET would not. */
export const headFaults = (judged: readonly Judged[]): readonly string[] => {
  const gets = new Map<string, Judged[]>()
  for (const one of judged) {
    if (one.method !== 'GET') continue
    // The one without constraints answers where no other does.
    for (const [constrained, plain] of one.places)
      for (const key of one.isConstrained ? [constrained] : [constrained, plain])
        gets.set(key, [...(gets.get(key) ?? []), one])
  }
  return judged.flatMap(({ method, url, places, rule }) => {
    if (method !== 'HEAD') return []
    const [written, ...folded] = places.map(([constrained, plain]) => gets.get(constrained) ?? gets.get(plain) ?? [])
    const followed = written !== undefined && written.length > 0 ? [written] : folded
    const get = followed.find((some) => some.length > 0 && !some.some((one) => isSameRule(one.rule, rule)))?.[0]
    if (get === undefined) return []
    const alike = get.rule.label === rule.label ? ' by another function or key' : ''
    return [`HEAD ${url} is ${rule.label}, its GET is ${get.rule.label}${alike}: give both one rule.`]
  })
}
