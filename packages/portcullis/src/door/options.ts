import type { Counter } from '../layers/limits/index.ts'
import type { IssuerTokens, SessionStore } from '../layers/sessions/index.ts'
import type { CorsOptions } from '../response/index.ts'
import type { SecurityEvents } from './events.ts'
import type { Identify } from './steps/identity.ts'

/** Sessions of this program's own: it issues the tokens, and can revoke them. */
export interface OwnSessionOptions {
  /** One or several secrets of at least 32 random bytes, newest first (a list, or one text with commas or line ends): the first signs, all verify. */
  readonly secret: string | readonly string[] | undefined
  /** `iss` of the tokens. Absent by default. */
  readonly issuer?: string | undefined
  /** `aud` of the tokens. Absent by default. */
  readonly audience?: string | undefined
  /** Minutes an access token lives: 1 to 60, 15 by default. */
  readonly accessTokenMinutes?: number
  /** Days a refresh token lives: 1 to 30, 30 by default. */
  readonly refreshTokenDays?: number
  /** Seconds in which a repeated refresh gets the same successor: 0 to 30, 0 by default. */
  readonly retryWindowSeconds?: number
  /** Where sessions are kept. In this process's memory by default: a restart ends them all. */
  readonly store?: SessionStore
  readonly foreign?: never
}

/** Tokens of somebody else's issuer, verified here (`issuerTokens`). A session that ends there goes on here until its token expires. */
export interface ForeignSessionOptions {
  readonly foreign: Pick<IssuerTokens, 'verify'> & Partial<Pick<IssuerTokens, 'recall'>>
  readonly secret?: never
}

/**
 * What every adapter takes: the settings of the four layers. Those of own sessions come last: it is the last of two forms that TypeScript
 * speaks of when neither fits, and most programs mean that one.
 */
export type BaselineOptions = LayerOptions &
  (
    | {
        readonly sessions: ForeignSessionOptions
        /** Looks an account up by the token's `sub`, for every request; its roles count, the token's don't. By default the token says who it is. */
        readonly identify?: Identify | undefined
      }
    | {
        readonly sessions: OwnSessionOptions
        /** Looks an account up by its id, for every request. Null when there is none, or it is disabled. */
        readonly identify: Identify
      }
  )

/** The settings that are the same whoever issues the tokens. */
export interface LayerOptions {
  readonly cors?: CorsOptions
  /** The proxies whose forwarded header is believed: addresses and CIDRs. None by default. */
  readonly trustedProxies?: readonly string[]
  /** The one header that those proxies write: `x-forwarded-for` by default. */
  readonly forwardedHeader?: 'x-forwarded-for' | 'forwarded'
  readonly limits?: {
    /** All requests of a client: '200/minute' by default. */
    readonly client?: string
    /** Whatever checks a password, together, for a client: '10/minute' by default. */
    readonly credentials?: string
    /** Refreshes of a client: '10/minute' by default. */
    readonly refresh?: string
    /** Password checks of one account, whoever asks: '20/minute' by default. */
    readonly account?: string
    /** Where the counts are kept. In this process's memory by default. */
    readonly counter?: Counter
  }
  readonly validation?: {
    /** Findings of the schema audit that are accepted, by name: 'POST /orders body/note'. */
    readonly waive?: readonly string[]
  }
  /** 'development' turns findings into warnings, and lets `unsafeAllowAnyOrigin` and an unsafe Node pass; it must be asked for by name. */
  readonly mode?: 'production' | 'development'
  /** ms since the epoch; Date.now by default. */
  readonly clock?: () => number
  /** Where security events go besides their channels and counters. */
  readonly events?: SecurityEvents
}

/** Every option there is, by the object it stands in: any other key is a mistake. */
export const OPTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': [
    'sessions',
    'identify',
    'cors',
    'trustedProxies',
    'forwardedHeader',
    'limits',
    'validation',
    'mode',
    'clock',
    'events',
  ],
  'sessions.': [
    'foreign',
    'secret',
    'issuer',
    'audience',
    'accessTokenMinutes',
    'refreshTokenDays',
    'retryWindowSeconds',
    'store',
  ],
  'cors.': ['origins', 'allowedHeaders', 'exposedHeaders', 'unsafeAllowAnyOrigin'],
  'limits.': ['client', 'credentials', 'refresh', 'account', 'counter'],
  'validation.': ['waive'],
}
