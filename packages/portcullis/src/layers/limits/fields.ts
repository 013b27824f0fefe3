import type { Policy, Taken, Verdict } from './policy.ts'

interface Description {
  /** `"client";q=200;w=60` */
  readonly policy: string
  /** `"client";r=`, up to what is left */
  readonly left: string
  /** The lines of both fields, up to what is left. */
  readonly lines: string
}

/** Made once for each policy: it never changes. */
const descriptions = new WeakMap<Policy, Description>()

const describe = (policy: Policy): Description => {
  const known = descriptions.get(policy)
  if (known !== undefined) return known
  const name = quoted(policy.name)
  const text = `${name};q=${policy.quota.limit};w=${seconds(policy.quota.windowMs)}`
  const left = `${name};r=`
  const description = { policy: text, left, lines: `ratelimit-policy: ${text}\r\nratelimit: ${left}` }
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
  let [policies, limits, wait] = ['', '', 0]
  for (const one of taken) {
    const separator = policies === '' ? '' : ', '
    policies += separator + describe(one.policy).policy
    limits += separator + limitOf(one)
    // Retry-After: 0 would be an invitation to come back at once.
    if (!one.verdict.allowed) wait = Math.max(wait, 1, seconds(one.verdict.retryAfterMs))
  }
  if (policies === '') return {}
  const fields: Record<string, string> = { 'ratelimit-policy': policies, ratelimit: limits }
  if (wait > 0) fields['retry-after'] = String(wait)
  return fields
}

/** `"client";r=199;t=60` */
const limitOf = ({ policy, verdict }: Taken): string => describe(policy).left + standing(verdict)

/** `199;t=60` */
const standing = ({ remaining, resetMs }: Verdict): string => `${Math.trunc(remaining)};t=${seconds(resetMs)}`

/** The same fields of an answer whose request was admitted: as fields, or as the lines that stand on the wire. Put together when they are read. */
export class RateLimits {
  readonly #taken: readonly Taken[]

  constructor(taken: readonly Taken[]) {
    this.#taken = taken
  }

  get fields(): Readonly<Record<string, string>> {
    return rateLimitFields(this.#taken)
  }

  get lines(): string {
    const first = this.#taken[0]
    if (first === undefined) return ''
    // One quota is the rule, and a text of few parts.
    if (this.#taken.length === 1) return `${describe(first.policy).lines}${standing(first.verdict)}\r\n`
    const { 'ratelimit-policy': policies, ratelimit } = this.fields
    return `ratelimit-policy: ${policies}\r\nratelimit: ${ratelimit}\r\n`
  }
}
