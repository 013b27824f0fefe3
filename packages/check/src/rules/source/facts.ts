/** What the source rules judge. */
import type { Backend } from '../../evidence/backend/index.ts'
import type { HistorySecrets } from '../../evidence/history/index.ts'
import type { SecretFinding } from '../../evidence/secrets/index.ts'
import type { Audit, Settings } from '../../evidence/settings/index.ts'

/** A secret in a file of the tree, with the line that holds it. */
export interface FileSecret extends SecretFinding {
  readonly file: string
  readonly text: string
}

export interface SourceFacts {
  readonly backend: Backend
  /** Origins that are meant to be let in, as far as somebody said so: they go into a mend. */
  readonly origins?: readonly string[]
  readonly settings: Settings
  readonly secrets: readonly FileSecret[]
  /** Undefined without git. */
  readonly history: HistorySecrets | undefined
  /** Undefined where the project has no lock file of npm's. */
  readonly audit: Audit | undefined
}
