import type { Client } from '../../client/index.ts'
import type { Admission, SecurityEvents } from '../../door/index.ts'
import type { AccessEntry, AccessRule, Principal } from '../../layers/access/index.ts'
import type { Policy } from '../../layers/limits/index.ts'
import type { Jwk, KeyName, Sessions } from '../../layers/sessions/index.ts'
import type { ADMITTED } from './requests.ts'

/** What the plugin adds to an application, as `app.portcullis`. */
export interface PortcullisInstance {
  /** Opens, refreshes and ends sessions. */
  readonly sessions: Sessions
  /** Who may call what, sorted; complete once the application is ready. */
  accessTable(): readonly AccessEntry[]
  /** The quota of password checks of one account (`limits.account`), for `accounts({ limits: app.portcullis.limits })`. */
  readonly limits: { readonly account: Policy }
  /** Counters and the publisher of security events. */
  readonly events: SecurityEvents
  /** The body of a JWKS route; no keys with HS256. */
  jwks(): { keys: Jwk[] }
  /** The keys in use, by name: the first signs, all verify. */
  keys(): readonly KeyName[]
  /**
   * Replaces the keys while the application runs: the first signs, all verify, and one that is gone is refused at once.
   *
   * @throws SettingsError with every fault of every key, by its position; then the keys of before stay
   */
  rotateKeys(secrets: string | readonly string[]): void
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly portcullis: PortcullisInstance
  }
  interface FastifyRequest {
    /** Who is calling. Reading it on a public route throws, nobody has been asked who they are; so does reading it of a refused request. */
    readonly principal: Principal
    /** Where the request comes from, behind the trusted proxies. */
    readonly client: Client
    [ADMITTED]: Extract<Admission, { admitted: true }> | undefined
  }
  interface FastifyContextConfig {
    /** Who may call the route: 'public', 'authenticated' (the default), role('admin'), allow('owner', …). */
    readonly access?: AccessRule | 'public' | 'authenticated'
    /** Quotas of this route: '5/minute', or 'credentials' for what checks a password. Taken after the rule was decided. */
    readonly limit?: string | readonly string[]
    /** Media types that the route takes besides JSON, such as multipart/form-data; the application registers their parser. */
    readonly contentTypes?: readonly string[]
  }
  interface FastifySchema {
    /** One line for the OpenAPI document. Written as @fastify/swagger declares it: the two must be the same to TypeScript. */
    summary?: string
  }
  interface RegisterOptions {
    /** The rule of every route in this context that has none of its own. */
    readonly access?: AccessRule | 'public' | 'authenticated'
  }
}
