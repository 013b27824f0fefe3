/** Layer 2: how often a client may ask. Declares the counter it needs, and offers one in memory. */
export { RateLimits, rateLimitFields } from './fields.ts'
export type { MemoryCounter, MemoryCounterOptions } from './memory-counter.ts'
export { memoryCounter } from './memory-counter.ts'
export type { Counter, Policy, Taken, Verdict } from './policy.ts'
export type { Quota } from './quota.ts'
export { parseQuota } from './quota.ts'
