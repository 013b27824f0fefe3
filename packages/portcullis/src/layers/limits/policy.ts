import type { Quota } from './quota.ts'

/** A quota with the name it goes by in the RateLimit fields: printable ASCII without quotes and backslashes. */
export interface Policy {
  readonly name: string
  readonly quota: Quota
}

/** What a counter says of one request. */
export interface Verdict {
  readonly allowed: boolean
  /** Requests that are left now. */
  readonly remaining: number
  /** ms until the quota grows again; 0 when it is whole */
  readonly resetMs: number
  /** ms to wait before one is allowed again; 0 when this one was */
  readonly retryAfterMs: number
}

/**
 * The port: takes one request from a client's quota, decided and counted in one atomic step. A refused request is not counted.
 * Throws, or rejects, only when the store behind it is broken.
 */
export interface Counter {
  take(policy: Policy, key: string): Verdict | Promise<Verdict>
  /**
   * Told at the start of each policy that a route has: a counter that bounds how many policies it keeps need not suspect these. Throws for
   * one that it can't count, which would be found out at the first request otherwise.
   */
  expect?(policy: Policy): void
}

/** A policy that was asked, and what came of it. */
export interface Taken {
  readonly policy: Policy
  readonly verdict: Verdict
}
