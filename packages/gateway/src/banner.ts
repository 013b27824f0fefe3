import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { AccessEntry } from 'portcullis/access'
import { formatTable } from 'portcullis/access'
import type { CompiledDocument } from './document/compiled.ts'
import { nameOf } from './routes.ts'
import type { SecretPlace } from './secrets.ts'
import { shown } from './shown.ts'

/** The table of who may call what, and beside each operation what the document says of it. */
export const tableBeside = (table: readonly AccessEntry[], { served }: CompiledDocument): readonly string[] => {
  const declared = new Map(served.map((one) => [nameOf(one), one.declared]))
  const lines = formatTable(table).split('\n')
  const wide = Math.max(0, ...lines.map((line) => line.length))
  return table.map(({ method, path }, index) => {
    const says = declared.get(`${method} ${path}`)
    return says === undefined
      ? (lines[index] ?? '')
      : `${(lines[index] ?? '').padEnd(wide)}   document says: ${shown(says)}`
  })
}

/** What the document describes and the gateway can't take over as it is: what it does not serve, and what has no bounds. */
export const documentNotes = ({ refused, shadowed, unbounded }: CompiledDocument): readonly string[] =>
  [
    ...refused.map((one) => `not served: ${one}`),
    ...shadowed.map((one) => `beware: ${one}`),
    ...unbounded.map(({ name, problem }) => `document does not bound ${name}: it ${problem}`),
  ].map(shown)

/** Lines of notes that a start shows; the rest is counted. */
const MOST_NOTES = 12

const opened = (line: string): string => (/ public(?: {3}|$)/.test(line) ? styleText('yellow', line) : line)

const here = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : `./${short}`
}

/** What development prints at the start. */
export const banner = (facts: {
  readonly address: string
  readonly upstream: string
  readonly sessions: string
  readonly kept: readonly SecretPlace[]
  readonly table: readonly AccessEntry[]
  readonly document: CompiledDocument
}): string => {
  const notes = documentNotes(facts.document)
  const more = notes.length - MOST_NOTES
  return [
    `${styleText('bold', 'Portcullis gateway, in development.')} Not for production: the secrets were not given.`,
    '',
    `  address   ${facts.address}`,
    `  upstream  ${facts.upstream}`,
    `  sessions  ${facts.sessions}`,
    ...facts.kept.map(({ name, path }) => `  secret    ${name} in ${here(path)} (mode 0600)`),
    '',
    styleText('bold', '  Who may call what'),
    ...tableBeside(facts.table, facts.document).map((line) => `  ${opened(line)}`),
    '',
    ...notes.slice(0, MOST_NOTES).map((note) => `  ${note}`),
    ...(more > 0 ? [`  and ${more} more: portcullis-gateway routes shows all`] : []),
    ...(notes.length > 0 ? [''] : []),
    '',
  ].join('\n')
}
