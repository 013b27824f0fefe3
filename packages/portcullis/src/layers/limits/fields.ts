import type { Policy, Taken } from './policy.ts'

/** `"client";q=200;w=60`, made once for each policy. */
const described = new WeakMap<Policy, string>()

const describe = (policy: Policy): string => {
  const known = described.get(policy)
  if (known !== undefined) return known
  const { limit, windowMs } = policy.quota
  const text = `${quoted(policy.name)};q=${limit};w=${Math.ceil(windowMs / 1000)}`
  described.set(policy, text)
  return text
}

/** An sf-string (RFC 9651 §3.3.3). */
const quoted = (name: string): string => `"${name.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, '?')}"`

const seconds = (ms: number): number => Math.ceil(ms / 1000)

/**
 * The header fields that tell a client where it stands: `RateLimit-Policy` and `RateLimit` with every policy that was asked
 * (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` in whole seconds, at least 1, when one of them refused.
 */
export const rateLimitFields = (taken: readonly Taken[]): Record<string, string> => {
  if (taken.length === 0) return {}
  let policies = ''
  let limits = ''
  let wait = 0
  for (const { policy, verdict } of taken) {
    const comma = policies === '' ? '' : ', '
    policies += comma + describe(policy)
    limits += `${comma}${quoted(policy.name)};r=${verdict.remaining};t=${seconds(verdict.resetMs)}`
    wait = Math.max(wait, verdict.retryAfterMs)
  }
  const fields: Record<string, string> = { 'ratelimit-policy': policies, ratelimit: limits }
  if (wait > 0) fields['retry-after'] = String(seconds(wait))
  return fields
}
