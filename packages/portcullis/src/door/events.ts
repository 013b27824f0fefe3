import { channel } from 'node:diagnostics_channel'

/** What happened, for whoever watches: a detector, a log, a counter. */
export const eventNames = [
  'refused',
  'limited',
  'unavailable',
  'limits-degraded',
  'limits-recovered',
  'issuer-unreachable',
  'issuer-recovered',
  'issuer-keys-changed',
  'login-failed',
  'logged-in',
  'logged-out',
  'registered',
  'refresh-reused',
  'refresh-refused',
  'password-changed',
  'account-changed',
  'account-disabled',
  'account-enabled',
  'roles-changed',
  'sessions-ended',
] as const

/** The name of a security event; its channel is `portcullis:NAME`. */
export type SecurityEventName = (typeof eventNames)[number]

/** Facts of an event: ids, addresses, routes and one-word reasons. Never a credential, nor what somebody typed. */
export type SecurityFacts = Readonly<Record<string, string | number | undefined>>

/** Publishes security events and counts them. ASVS 16.3. */
export interface SecurityEvents {
  publish(name: SecurityEventName, facts: SecurityFacts): void
  /** How often each happened since the start. */
  readonly counts: ReadonlyMap<SecurityEventName, number>
}

/**
 * Makes the publisher: each event goes to the `node:diagnostics_channel` `portcullis:NAME`, to the counters, and to `log`.
 *
 * @param log called with each event; a throw of it is not caught
 */
export const securityEvents = (
  log: (name: SecurityEventName, facts: SecurityFacts) => void = () => {},
): SecurityEvents => {
  const counts = new Map<SecurityEventName, number>(eventNames.map((name) => [name, 0]))
  const channels = new Map(eventNames.map((name) => [name, channel(`portcullis:${name}`)]))
  return {
    counts,
    publish: (name, facts) => {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      channels.get(name)?.publish(facts)
      log(name, facts)
    },
  }
}
