import type { ApiDocument, Operation } from './document.ts'
import type { Exchange } from './exchange.ts'
import type { FoundToken } from './token.ts'

/** A value that must not be shown, and the shell words that stand for it in a curl line. */
export interface Stand {
  readonly value: string
  readonly shell: string
}

export interface Named {
  /** What is special about the request. */
  readonly what: string
  readonly exchange: Exchange
}

export interface CorsProbe {
  readonly origin: string
  readonly kind: 'allowed' | 'unlisted' | 'null' | 'prefix' | 'suffix' | 'plain'
  readonly exchange: Exchange
}

export interface Echo extends Named {
  readonly marker: string
}

/** A reading that is refused without the token and allowed with it. */
export interface Witness {
  readonly path: string
  readonly anonymous: Exchange
  readonly held: Exchange
}

export interface Session {
  readonly login: Exchange
  readonly token?: FoundToken
  /** Of the clock here when it was answered, in seconds. */
  readonly at: number
  readonly witness?: Witness
}

export interface Forged extends Named {
  /** Still limited when it was sent: only then does the answer tell something. */
  readonly header: string
}

export interface LimitFacts {
  readonly tries: number
  /** The try at which the limit came, from 1. */
  readonly limitedAt?: number
  /** The last answer before the limit, or the last of all. */
  readonly open?: Exchange
  readonly limited?: Exchange
  /** A try that was not answered ends the count. */
  readonly broken?: string
  /** The address that was bound, when one could be. */
  readonly from?: string
  readonly forged: readonly Forged[]
  /** Only after X-Forwarded-For lifted the limit: whose entry is believed, the client's or that of the nearest proxy. */
  readonly chain?: { readonly believed: 'first' | 'last' | 'unknown'; readonly exchange: Exchange }
}

export interface Registration {
  readonly extra: Exchange
  /** The same without the extra keys, sent when those were refused. */
  readonly plain?: Exchange
  /** What the new account's own record says, when it could be read. */
  readonly own?: Exchange
}

/** A documented body as its types say, and with one fault each; no faults where it was not taken without one. */
export interface BodyProbe {
  readonly operation: Operation
  readonly plain: Exchange
  readonly faults: readonly Named[]
}

export interface LiveFacts {
  readonly base: string
  readonly loopback: boolean
  readonly https: boolean
  readonly allowWrites: boolean
  readonly loginGiven: boolean
  readonly stands: readonly Stand[]
  /** Why the run ended before its end. */
  readonly cut?: string
  readonly document?: ApiDocument
  /** Where one stands that is too long to be read. */
  readonly documentTooLong?: string
  /** GET of a path that nobody has. */
  readonly stray: Exchange
  /** The same before the limit of the login is looked for. */
  readonly strayAgain?: Exchange
  readonly opened: readonly { readonly operation: Operation; readonly exchange: Exchange }[]
  readonly cors: readonly CorsProbe[]
  readonly docs: readonly Exchange[]
  readonly hidden: readonly Exchange[]
  readonly errors: readonly Named[]
  readonly echoes: readonly Echo[]
  /** The route that takes credentials, when one was found. */
  readonly loginRoute?: { readonly path: string; readonly form: boolean }
  /** What it answered to the login that was given, or to one that nobody has, where that did not work. */
  readonly loginRefused?: Exchange
  readonly enumeration?: { readonly known: Exchange; readonly unknown: Exchange }
  readonly session?: Session
  readonly forgeries: readonly Named[]
  readonly logout?: { readonly exchange: Exchange; readonly after?: Exchange }
  readonly registration?: Registration
  readonly limit?: LimitFacts
  /** Tried only where writing was allowed. */
  readonly bodies?: readonly BodyProbe[]
}
