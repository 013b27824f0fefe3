/** Whom a proxy setting trusts, as Express and Fastify take it: `trust proxy`, `trustProxy`. */
import { type Node, possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { ProxyTrust } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { chosenByValue } from '../switches/index.ts'

const trustOf = (value: Value): ProxyTrust['trust'] => {
  if (value.kind === 'literal') {
    if (value.value === true || value.value === 'true') return 'any'
    if (value.value === false || value.value === null || value.value === 0) return 'none'
    return typeof value.value === 'number' || /^\d+$/.test(String(value.value))
      ? 'hops'
      : /(?:^|[\s,])(?:0\.0\.0\.0\/0|::\/0|\*)/.test(String(value.value))
        ? 'any'
        : 'listed'
  }
  if (value.kind === 'list')
    return value.items.some((one) => one.kind === 'literal' && /^(?:0\.0\.0\.0\/0|::\/0|\*)$/.test(String(one.value)))
      ? 'any'
      : 'listed'
  if (value.kind === 'env') return 'listed'
  // `() => true`: whatever address it is asked about.
  if (value.kind === 'function') return returnsTrue(value.node.body) ? 'any' : 'unknown'
  if (value.kind === 'external' && value.from === 'global' && withoutDefault(value.path)[0] === 'Number') return 'hops'
  // A setting of the project's that is called so.
  return value.kind === 'unknown' && /prox/i.test(value.label?.at(-1) ?? '') ? 'listed' : 'unknown'
}

const returnsTrue = ([only, ...others]: readonly Node[]): boolean =>
  others.length === 0 && only?.kind === 'return' && only.value?.kind === 'literal' && only.value.value === true

/** Whom each thing that a setting can be trusts: one that only somebody gets who asks for it is left out. */
export const trustsOf = (reading: Reading, value: Value): readonly ProxyTrust['trust'][] => {
  const all = possibilities(value)
  return all.filter((one) => all.length === 1 || !chosenByValue(reading, one)).map(trustOf)
}
