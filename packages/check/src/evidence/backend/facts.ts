/** What the source says of a backend: facts with their places, whatever the framework. Rules judge them; nothing here does. */
import type { Value } from '../source/index.ts'

/** A line of a file. */
export interface Place {
  readonly file: string
  readonly line: number
  /** The line's text, trimmed and bounded. */
  readonly text: string
}

export type Framework = 'express' | 'fastify' | 'hono' | 'nest' | 'fastapi' | 'flask'

/** A place where a token is made, in one of the calls that reach it. */
export interface Token {
  readonly at: Place
  /** The call of the project's own function that led here, when there is one. */
  readonly through: readonly Place[]
  readonly purpose: 'access' | 'refresh' | 'other'
  readonly library: string
  /** Each way its life can be: seconds, or why that is not known. Empty: it never expires. */
  readonly lives: readonly Life[]
  readonly claims: Value
  readonly key: Value
}

/** A text of a file, and what would stand there: offsets in UTF-16 units. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly from: string
  readonly to: string
}

export type Life =
  | { readonly seconds: number; readonly at: Place; readonly fix?: Edit }
  | { readonly seconds?: undefined; readonly at: Place; readonly why: string; readonly unset?: true }

/** A place where a token is read. */
export interface Verification {
  readonly at: Place
  readonly library: string
  readonly key: Value | undefined
  /** `none`: only decoded, or verification is switched off. */
  readonly signature: 'verified' | 'none' | 'unknown'
  /** `header`: the token's own header says it. */
  readonly algorithms: 'pinned' | 'open' | 'header' | 'unknown'
  readonly expiryIgnored: boolean
  /** For how many seconds after its expiry a token is taken all the same, where the call says it. */
  readonly grace?: number
  /** It is only decoded, and decides little: its times alone are read, or it is verified beside that. */
  readonly harmless?: boolean
}

/** A plugin that makes the tokens and verifies them itself: what they carry, and how they are verified, is its own code's. */
export interface TokenIssuer {
  readonly at: Place
  readonly library: 'portcullis'
  /** As the options say it. Empty: its default. */
  readonly lives: readonly Life[]
}

/** A secret as a literal that reaches a place where secrets are used. */
export interface HardcodedKey {
  readonly at: Place
  readonly value: string
  /** Where it is used: `jwt.sign`, `settings field SECRET_KEY`. */
  readonly sink: string
  /** It stands behind a setting: `process.env.JWT_SECRET || 'x'`. */
  readonly fallbackOf?: string
}

export interface Limiter {
  readonly at: Place
  /** `express-rate-limit`, `@nestjs/throttler`, `slowapi`, 'own'. */
  readonly library: string
  readonly mounted: 'everywhere' | 'somewhere' | 'nowhere' | 'unknown'
  /** It never counts: `skip: () => true`. */
  readonly off?: Place
  /** Asked for each request: whom it answers true for is not counted. */
  readonly skip?: Value
  /** It looks like one, and what it does could not be followed. */
  readonly unsure?: true
  /** Tries in a minute, where that is known. */
  readonly perMinute?: number
  /** What it counts by. `client`: the framework's idea of the client's address (see ProxyTrust); `header`: read from a header by hand; `platform`: a header that the platform sets itself; `written`: whatever else it holds, also what the caller writes. */
  readonly key: {
    readonly kind: 'client' | 'peer' | 'header' | 'written' | 'identity' | 'platform' | 'unknown'
    readonly at: Place
    readonly what?: string
  }
}

export interface Input {
  readonly from: 'body' | 'query' | 'path'
  readonly at: Place
  /** What is wrong with it; empty is bounded, typed and closed. */
  readonly problems: readonly { readonly what: string; readonly at: Place }[]
  /** It could not be read: neither right nor wrong. */
  readonly unread?: string
}

export interface Route {
  readonly framework: Framework
  /** Upper case; `ALL` for any. */
  readonly method: string
  /** As the framework writes it, with every prefix: `/notes/:id`, `/notes/{id}`. */
  readonly path: string
  readonly at: Place
  /**
   * Where its guard comes from. `global`: one guard of the whole application; `exempt`: marked public where the guard is global;
   * `group`: its router, controller or plugin asked for it; `own`: itself; `none`.
   */
  readonly guard: 'global' | 'exempt' | 'group' | 'own' | 'none'
  readonly guardAt?: Place
  /** Of an exempt one: its own mark or its whole path opened it. What is added beside it is closed. */
  readonly openedByName?: true
  /** Of an exempt one: it is not below the path that the guard is on. Nobody marked it; the guard does not know of it. */
  readonly beside?: true
  /** What covers it. */
  readonly limiters: readonly Limiter[]
  readonly inputs: readonly Input[]
  /** Names of what handles it, for rules that ask what a route is for: `login`, `AuthController.login`. */
  readonly handler: string
  /** It looks at a password or the like and gives a token or a session for it, whatever it is called. */
  readonly logsIn?: true
}

/** A guard of the whole application, and what may be wrong with its own list of exceptions. */
export interface GlobalGuard {
  readonly at: Place
  readonly what: string
  readonly faults: readonly { readonly what: string; readonly at: Place }[]
  /** It asks whether there is a credential, and looks at nothing of it. */
  readonly asksOnly?: true
}

export interface CorsSetting {
  readonly at: Place
  /** `loose`: a pattern that look-alikes pass. */
  readonly origins: 'any' | 'reflected' | 'loose' | 'null' | 'listed' | 'unknown'
  readonly what: string
  readonly credentials: boolean
  /** Where it is one literal that decides. */
  readonly literal?: OriginsLiteral
}

/** The text that a list of origins would take the place of, and what stays around the list. */
export interface OriginsLiteral {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly from: string
  readonly before: string
  readonly after: string
  readonly quote: "'" | '"'
  /** The origins that it lists beside the star. */
  readonly kept: readonly string[]
}

export interface Docs {
  readonly at: Place
  readonly path: string
  readonly when: 'always' | 'development' | 'guarded' | 'never' | 'unknown'
  /** What takes it off, where that is certain. */
  readonly fix?: Edit
}

export interface DebugSign {
  readonly at: Place
  /** What is on: `FastAPI(debug=True)`, `err.stack in the answer`. */
  readonly what: string
  /** It is so only where nothing outside of the project says otherwise. */
  readonly unless?: string
}

export interface ProxyTrust {
  readonly at: Place
  readonly framework: Framework
  /** `any`: whoever sends the header; `hops`: a number of proxies; `listed`: addresses. */
  readonly trust: 'any' | 'hops' | 'listed' | 'none' | 'unknown'
}

export interface CookieSetting {
  readonly at: Place
  readonly missing: readonly ('HttpOnly' | 'Secure' | 'SameSite')[]
}

/** All of it. */
/** A file (or, without one, something of the whole folder) that was not read, and why. */
export interface Unread {
  readonly file?: string
  readonly why: string
}

export interface Backend {
  readonly frameworks: readonly Framework[]
  readonly files: number
  readonly tokens: readonly Token[]
  readonly verifications: readonly Verification[]
  readonly issuers: readonly TokenIssuer[]
  readonly keys: readonly HardcodedKey[]
  readonly limiters: readonly Limiter[]
  readonly routes: readonly Route[]
  readonly guards: readonly GlobalGuard[]
  readonly cors: readonly CorsSetting[]
  readonly docs: readonly Docs[]
  readonly debug: readonly DebugSign[]
  readonly proxies: readonly ProxyTrust[]
  readonly cookies: readonly CookieSetting[]
  /** Where passwords are compared. */
  readonly passwordChecks: readonly Place[]
  /** Files of the program that could not be read, and may say anything. */
  readonly unread?: readonly Unread[]
  /** Where routes are registered that could not be read. */
  readonly unreadRoutes?: readonly Place[]
  /** Words that the program refuses as secrets: they are none. */
  readonly refused: ReadonlySet<string>
}

/** What one framework's reader finds. */
export type FrameworkFacts = Pick<Backend, 'routes' | 'limiters' | 'guards' | 'cors' | 'docs' | 'debug' | 'proxies'> &
  Partial<Pick<Backend, 'issuers' | 'cookies' | 'unreadRoutes'>>
