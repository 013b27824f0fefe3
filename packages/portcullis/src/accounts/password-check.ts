import { createHash } from 'node:crypto'
import { rateLimitFields } from '../layers/limits/index.ts'
import { Problem } from '../response/index.ts'
import type { Parts } from './options.ts'
import { HashingBusy } from './passwords/index.ts'
import type { StoredAccount } from './store.ts'

/**
 * Checks a password against an account. The only place that does, for login, password change and e-mail change alike: a path
 * of its own is how a limit gets forgotten (CVE-2026-9798).
 *
 * @param account null when there is none
 * @param typed the canonical identifier that was asked for: what an unknown account is counted under
 * @returns true when the account exists, is not disabled, and this is its password; the work is the same for all three
 * @throws Problem 'quota-exceeded' when the account's quota is used up; 'unavailable' when too many hashes wait
 */
export type PasswordCheck = (account: StoredAccount | null, typed: string, password: string) => Promise<boolean>

/** Prepares the check. */
export const passwordCheck =
  ({ hasher, counter, limits }: Parts): PasswordCheck =>
  async (account, typed, password) => {
    // The limit comes before the hash, in one atomic step: parallel guesses must not pass it together (CVE-2024-4629). One key
    // for an account however it is spelt (CVE-2026-47203), and unknown accounts are counted as well, or a 429 tells who exists.
    const policy = limits.account
    const verdict = await counter.take(policy, account === null ? unknownKey(typed) : `account:${account.id}`)
    if (!verdict.allowed) {
      const fields = rateLimitFields([{ policy, verdict }])
      throw new Problem('quota-exceeded', { violatedPolicies: [policy.name] }, fields)
    }
    const right = await unlessBusy(hasher.verify(password, account?.passwordHash ?? null))
    return right && account !== null && !account.disabled
  }

/** A digest, so that a key has one length and a store of counters holds no e-mail address. */
const unknownKey = (typed: string): string => `unknown:${createHash('sha256').update(typed).digest('base64url')}`

/**
 * Turns a full queue into its problem.
 *
 * @throws Problem 'unavailable' with Retry-After
 */
export const unlessBusy = async <T>(hashing: Promise<T>): Promise<T> => {
  try {
    return await hashing
  } catch (error) {
    if (!(error instanceof HashingBusy)) throw error
    throw new Problem('unavailable', {}, { 'retry-after': String(error.retryAfterSeconds) })
  }
}
