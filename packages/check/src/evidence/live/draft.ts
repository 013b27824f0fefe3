import type { Place } from './auth-routes.ts'
import type { ApiDocument, Operation } from './document.ts'
import type { LiveOptions } from './options.ts'
import type { Target } from './target.ts'

/** What is known before anything but the document is asked for. */
export interface Draft {
  readonly options: LiveOptions
  readonly target: Target
  readonly document?: ApiDocument
  /** Where one stands that is too long to be read. */
  readonly documentTooLong?: string
  /** The body of --login, read. */
  readonly login?: Readonly<Record<string, unknown>>
  /** A path that nobody has. */
  readonly stray: string
  /** What is asked without a token. */
  readonly opened: readonly Operation[]
  readonly logins: readonly Place[]
  readonly logouts: readonly Place[]
  readonly registers: readonly Place[]
  /** Readings that may tell a token from none. */
  readonly reads: readonly string[]
  readonly docs: readonly string[]
  readonly hidden: readonly string[]
}
