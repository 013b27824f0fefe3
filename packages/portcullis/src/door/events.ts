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
 * The same listener, whose failure is a warning of the process (`process.on('warning')`, else a line on stderr) and goes no further. Who is
 * told of an event decides nothing: a throw would answer 500 to whoever is refused and to whoever has logged in, and a rejection that nobody
 * hears ends the process, which anybody could bring about by one request without a session.
 */
export const unfailing =
  <Name extends string, Facts>(listener: (name: Name, facts: Facts) => unknown) =>
  (name: Name, facts: Facts): void => {
    try {
      const told = listener(name, facts)
      if (told instanceof Promise) told.catch((error: unknown) => warn(name, error))
    } catch (error) {
      warn(name, error)
    }
  }

const warn = (name: string, thrown: unknown): void =>
  process.emitWarning(`what is told of events failed at ${name}: ${textOf(thrown)}`, 'PortcullisWarning')

/** Anything can be thrown, also what throws once more when it is read. */
const textOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error ? String(thrown.stack) : String(thrown)
  } catch {
    return 'by something that can not be read'
  }
}

/**
 * Makes the publisher: each event goes to the `node:diagnostics_channel` `portcullis:NAME`, to the counters, and to `log`.
 *
 * @param log called with each event; what it throws, or rejects with, is a warning of the process and changes no answer
 */
export const securityEvents = (
  log: (name: SecurityEventName, facts: SecurityFacts) => void = () => {},
): SecurityEvents => {
  const tell = unfailing(log)
  const counts = new Map<SecurityEventName, number>(eventNames.map((name) => [name, 0]))
  const channels = new Map(eventNames.map((name) => [name, channel(`portcullis:${name}`)]))
  return {
    counts,
    publish: (name, facts) => {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      channels.get(name)?.publish(facts)
      tell(name, facts)
    },
  }
}
