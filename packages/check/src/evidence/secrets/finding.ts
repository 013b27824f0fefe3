import type { Severity } from '../../items/index.ts'
import type { FileRole } from '../project/index.ts'

export interface SecretSource {
  /** Its path from the project's folder, with `/`. */
  readonly file: string
  readonly role: FileRole
}

/** A known shape, a name that says secret with its value, or a random value under a name that hints at one. */
export type SecretOrigin = 'shape' | 'assignment' | 'fallback' | 'entropy' | 'sink'

export interface SecretFinding {
  /** What was recognised: `stripe-key`, `private-key`, `assignment`, `fallback` (`${X:-value}`) … */
  readonly rule: string
  readonly origin: SecretOrigin
  readonly severity: Severity
  readonly value: string
  /** From 1. */
  readonly line: number
  /** Where the value starts, in UTF-16 units of the text. */
  readonly start: number
  /** The name that it was assigned to. */
  readonly name?: string
}
