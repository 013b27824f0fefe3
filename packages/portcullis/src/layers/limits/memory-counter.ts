import type { Counter, Policy, Verdict } from './policy.ts'
import type { Quota } from './quota.ts'
import { Slab } from './slab.ts'

/** A counter in this process's memory. */
export interface MemoryCounter extends Counter {
  take(policy: Policy, key: string): Verdict
  /** Clients whose use is remembered, over all policies. */
  readonly size: number
  /** Clients that can be remembered for each policy. */
  readonly capacity: number
}

/** The options of the memory counter. */
export interface MemoryCounterOptions {
  /** ms since the epoch; Date.now by default. */
  readonly clock?: () => number
  /** Clients remembered for each policy: 8 to 10,000,000; 100,000 by default, which is under 20 MB. */
  readonly maxClients?: number
}

/** Policies come from settings and routes; more than this is a name made of something that a client sends. */
const MAX_POLICIES = 10_000

/**
 * Counts in memory, bounded: when `maxClients` are remembered, a newcomer takes the place of one that used little. One that is
 * at its limit keeps its place, so that no flood of new addresses frees it; when only such are found, the newcomer is refused.
 *
 * @throws RangeError for maxClients out of bounds
 */
export const memoryCounter = (options: MemoryCounterOptions = {}): MemoryCounter => {
  const { clock = Date.now, maxClients = 100_000 } = options
  if (!Number.isInteger(maxClients) || maxClients < 8 || maxClients > 10_000_000) {
    throw new RangeError('maxClients takes a whole number from 8 to 10000000')
  }
  const slabs = new Map<string, { readonly quota: Quota; readonly slab: Slab }>()
  let latest = 0

  const slabOf = ({ name, quota }: Policy): Slab => {
    const known = slabs.get(name)
    if (known !== undefined) {
      if (known.quota.limit !== quota.limit || known.quota.windowMs !== quota.windowMs) {
        throw new RangeError(`Two quotas go by the name ${name}: give each policy a name of its own.`)
      }
      return known.slab
    }
    if (slabs.size >= MAX_POLICIES)
      throw new RangeError('There are more than 10000 policies: is a name made of something that clients send?')
    const slab = new Slab(quota, maxClients)
    slabs.set(name, { quota, slab })
    return slab
  }

  return {
    capacity: maxClients,
    get size() {
      let size = 0
      for (const { slab } of slabs.values()) size += slab.size
      return size
    },
    take: (policy, key) => {
      // A clock that is set back must not give anybody a second quota.
      latest = Math.max(latest, clock())
      return slabOf(policy).take(key, latest)
    },
  }
}
