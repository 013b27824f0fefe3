import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { AccessEntry } from 'portcullis/access'
import { formatTable } from 'portcullis/access'

const here = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : `./${short}`
}

const opened = (line: string): string => (/ public$/.test(line) ? styleText('yellow', line) : line)

/** What development prints at the start: where it is, where the data is, and who may call what. */
export const banner = (facts: {
  readonly address: string
  /** A path, or what a server's database is called. */
  readonly database: string
  /** Where the secret of development is kept; undefined where it was given. */
  readonly secret: { readonly path: string; readonly generated: boolean } | undefined
  readonly table: readonly AccessEntry[]
}): string => {
  const { secret } = facts
  const secretLine =
    secret === undefined
      ? 'from the environment'
      : `${secret.generated ? 'generated just now, kept' : 'found'} in ${here(secret.path)} (mode 0600): sessions outlive a restart`
  return [
    `${styleText('bold', 'Portcullis, in development.')} Not for production: the docs are open and the secret was not given.`,
    '',
    `  address  ${facts.address}`,
    `  docs     ${facts.address}/docs`,
    `  data     ${facts.database.startsWith('/') ? here(facts.database) : facts.database}`,
    `  secret   ${secretLine}`,
    '',
    styleText('bold', '  Who may call what'),
    ...formatTable(facts.table)
      .split('\n')
      .map((line) => `  ${opened(line)}`),
    '',
    '',
  ].join('\n')
}
