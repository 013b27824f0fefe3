import type { Policy, Taken } from './policy.ts'

interface Description {
  /** `"client"` */
  readonly name: string
  /** `"client";q=200;w=60` */
  readonly policy: string
}

/** Made once for each policy: it never changes. */
const descriptions = new WeakMap<Policy, Description>()

const describe = (policy: Policy): Description => {
  const known = descriptions.get(policy)
  if (known !== undefined) return known
  const name = quoted(policy.name)
  const description = { name, policy: `${name};q=${policy.quota.limit};w=${seconds(policy.quota.windowMs)}` }
  descriptions.set(policy, description)
  return description
}

/** An sf-string (RFC 9651 §3.3.3). It holds ASCII only: what a route's path has beyond is written as a URL writes it. */
const quoted = (name: string): string =>
  `"${name
    .replace(/["\\]/g, '\\$&')
    .toWellFormed()
    .replace(/[^ -~]+/gu, encodeURIComponent)}"`

const seconds = (ms: number): number => Math.ceil(ms / 1000)

/**
 * The header fields that tell a client where it stands: `RateLimit-Policy` and `RateLimit` with every policy that was asked
 * (draft-ietf-httpapi-ratelimit-headers-11), and `Retry-After` in whole seconds, at least 1, when one of them refused.
 */
export const rateLimitFields = (taken: readonly Taken[]): Record<string, string> => {
  const [first, ...others] = taken
  if (first === undefined) return {}
  let policies = describe(first.policy).policy
  let limits = limitOf(first)
  for (const one of others) {
    policies += `, ${describe(one.policy).policy}`
    limits += `, ${limitOf(one)}`
  }
  const fields: Record<string, string> = { 'ratelimit-policy': policies, ratelimit: limits }
  const refused = taken.filter(({ verdict }) => !verdict.allowed)
  // Retry-After: 0 would be an invitation to come back at once.
  if (refused.length > 0)
    fields['retry-after'] = String(Math.max(1, ...refused.map(({ verdict }) => seconds(verdict.retryAfterMs))))
  return fields
}

/** `"client";r=199;t=60` */
const limitOf = ({ policy, verdict }: Taken): string =>
  `${describe(policy).name};r=${Math.trunc(verdict.remaining)};t=${seconds(verdict.resetMs)}`
