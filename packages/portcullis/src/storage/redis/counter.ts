import type { Counter, MemoryCounter, Policy, Verdict } from '../../layers/limits/index.ts'
import type { Health } from './health.ts'
import { clientPart, keysOf } from './keys.ts'
import { Refusals } from './refusals.ts'
import { partMs, readVerdict } from './script.ts'
import { within } from './within.ts'

/** What the counter is made of. */
export interface CounterParts {
  /** Runs the script at a key, with its arguments. */
  readonly run: (key: string, args: readonly number[]) => Promise<unknown>
  readonly health: Pick<Health, 'well' | 'failed'>
  /** Counts what this process admitted, whoever decided it. */
  readonly local: MemoryCounter
  readonly prefix: string
  readonly deadlineMs: number
  /** In tests alone: the time for the script too, which has the server's otherwise. */
  readonly clock?: (() => number) | undefined
}

/** The counter, and what its gauges show. */
export interface RedisCounter extends Counter {
  /** Requests refused without asking Redis while it was well, since the start. */
  readonly fromMemory: number
  /** Clients that are refused from memory. */
  readonly refused: number
}

interface Known {
  readonly keys: string
  readonly partMs: number
  readonly refusals: Refusals
}

/**
 * Asks Redis, and never more than it must. Who is over its quota is refused from memory. What Redis admits is counted here as well, and
 * must be within the quota here too: one process never admits more than the quota, whatever Redis forgot or could not hear.
 */
export const redisCounter = (parts: CounterParts): RedisCounter => {
  const { run, health, local, prefix, deadlineMs, clock } = parts
  const now = clock ?? (() => Math.floor(performance.now()))
  const policies = new Map<string, Known>()
  let fromMemory = 0

  /** The memory counter has checked the policy, and bounds how many there are. */
  const knownOf = (policy: Policy): Known => {
    const known = policies.get(policy.name)
    if (known !== undefined) return known
    const part = partMs(policy.quota.windowMs)
    const refusals = new Refusals(local.capacity, 13 * part)
    const made = { keys: keysOf(prefix, policy), partMs: part, refusals }
    policies.set(policy.name, made)
    return made
  }

  const ask = async (policy: Policy, key: string, known: Known): Promise<Verdict> => {
    const { limit } = policy.quota
    try {
      const args = clock === undefined ? [limit, known.partMs] : [limit, known.partMs, clock()]
      const reply = run(known.keys + clientPart(key), args).then((answer) => readVerdict(answer, limit, known.partMs))
      const verdict = await within(deadlineMs, reply)
      if (verdict.allowed) return admitted(policy, key, verdict)
      const at = now()
      known.refusals.add(key, at + verdict.retryAfterMs, at)
      return verdict
    } catch (error) {
      health.failed(error)
      return local.take(policy, key)
    }
  }

  const admitted = (policy: Policy, key: string, verdict: Verdict): Verdict => {
    const shadow = local.take(policy, key)
    if (shadow.allowed) return shadow.remaining < verdict.remaining ? shadow : verdict
    // The memory may be full of clients at their limit, and have no place for this one: then Redis has decided.
    return local.refusal(policy, key) ?? verdict
  }

  return {
    get fromMemory() {
      return fromMemory
    },
    get refused() {
      let clients = 0
      for (const { refusals } of policies.values()) clients += refusals.size(now())
      return clients
    },
    take: (policy, key) => {
      // Throws for a policy that can't be counted.
      const full = local.refusal(policy, key)
      const known = knownOf(policy)
      const wait = known.refusals.wait(key, now())
      if (full === undefined && wait === 0) return health.well ? ask(policy, key, known) : local.take(policy, key)
      if (health.well) fromMemory += 1
      if (full !== undefined && full.retryAfterMs >= wait) return full
      return { allowed: false, remaining: 0, resetMs: wait, retryAfterMs: wait }
    },
  }
}
