import type { Counter, Policy, Verdict } from './policy.ts'
import type { Quota } from './quota.ts'
import { checkQuota } from './quota.ts'
import { Slab } from './slab.ts'

/** A counter in this process's memory. */
export interface MemoryCounter extends Counter {
  take(policy: Policy, key: string): Verdict
  expect(policy: Policy): void
  /** The refusal that `take` would answer because this key's quota is used up; undefined otherwise. Counts nothing, throws as take does. */
  refusal(policy: Policy, key: string): Verdict | undefined
  /** Clients whose use is remembered, over all policies. */
  readonly size: number
  /** Clients that can be remembered for each policy. */
  readonly capacity: number
}

/** The options of the memory counter. */
export interface MemoryCounterOptions {
  /** ms since the epoch; by default a clock that is never set back or forth. */
  readonly clock?: () => number
  /** Clients remembered for each policy: 8 to 10,000,000; 100,000 by default, which is under 20 MB. */
  readonly maxClients?: number
}

/** Ms since the epoch at the start, counted on steadily: setting the system's clock neither frees nor freezes anybody. */
const steady = (): number => Math.floor(performance.timeOrigin + performance.now())

/** Policies that nobody said at the start; more than this is a name made of something that a client sends. */
const MOST_POLICIES = 1_000

/**
 * Counts in memory, bounded. A request is counted in a strict sliding window of twelve parts (see Slab): in no interval of a
 * policy's window are more than its quota admitted, and what was used comes back at most a twelfth later than the window.
 *
 * When `maxClients` are remembered, whoever has not been seen for a window is forgotten; else, of eight, the one that used the
 * least. A client at its limit keeps its place, so that no flood of new addresses frees it; when all eight are, the newcomer is
 * refused. To push out a client that used n of its quota, a flood has to use n or more with all that stand beside it.
 *
 * The clock may be set back: until it has caught up, time stands still here, and nothing comes back.
 *
 * @throws TypeError for an option that does not exist; RangeError for maxClients out of bounds. `take` throws a RangeError for
 *   a quota out of bounds, two quotas under one name, and more than 1,000 policies besides those that `expect` was told of.
 */
export const memoryCounter = (options: MemoryCounterOptions = {}): MemoryCounter => {
  const unknown = Object.keys(options).filter((name) => name !== 'clock' && name !== 'maxClients')
  if (unknown.length > 0) throw new TypeError(`${unknown.join(', ')}: the options are clock and maxClients`)
  const { clock = steady, maxClients = 100_000 } = options
  if (!Number.isInteger(maxClients) || maxClients < 8 || maxClients > 10_000_000) {
    throw new RangeError('maxClients takes a whole number from 8 to 10000000')
  }
  const slabs = new Map<string, { readonly quota: Quota; readonly slab: Slab }>()
  let expected = 0
  let latest = 0

  const slabOf = ({ name, quota }: Policy, most = MOST_POLICIES + expected): Slab => {
    const known = slabs.get(name)
    if (known !== undefined) {
      if (known.quota.limit !== quota.limit || known.quota.windowMs !== quota.windowMs) {
        throw new RangeError(`Two quotas go by the name ${name}: give each policy a name of its own.`)
      }
      return known.slab
    }
    checkQuota(quota, RangeError)
    if (slabs.size >= most)
      throw new RangeError(
        `There are more than ${MOST_POLICIES} policies: is a name made of something that clients send?`,
      )
    const slab = new Slab(quota, maxClients)
    slabs.set(name, { quota, slab })
    return slab
  }

  /** A clock that is set back must not give anybody a second quota; nor one that shows NaN, which Math.max would keep for good. */
  const steadied = (): number => {
    const now = clock()
    if (now > latest) latest = now
    return latest
  }

  const expect = (policy: Policy): void => {
    const before = slabs.size
    slabOf(policy, Number.POSITIVE_INFINITY)
    expected += slabs.size - before
  }

  return {
    capacity: maxClients,
    expect,
    get size() {
      let size = 0
      for (const { slab } of slabs.values()) size += slab.size
      return size
    },
    take: (policy, key) => slabOf(policy).take(key, steadied()),
    refusal: (policy, key) => slabOf(policy).refusal(key, steadied()),
  }
}
