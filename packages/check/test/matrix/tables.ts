// The matrix for eyes: as text, and as the page in docs/checks.

import type { Outcome } from '../../src/items/index.ts'
import { exceptions } from './exceptions.ts'
import { type Row, type Side, SOURCE_ONLY, ten, titleOf } from './matrix.ts'

const SIGNS: Readonly<Record<Outcome, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  'not-proven': '?',
  'not-applicable': '–',
}
const LEGEND = '✓ pass  ✗ fail  ! warn  ? not proven  – not applicable  · not judged by this side'

const signsOf = ({ cells }: Row): readonly string[] =>
  ten.map((id) => {
    const outcome = cells.get(id)
    return outcome === undefined ? '·' : SIGNS[outcome]
  })

const rate = (rows: readonly Row[]): string => {
  const right = rows.filter(({ wrong }) => wrong.length === 0).length
  const red = rows.filter(({ variant, cells }) => variant !== undefined && cells.get(variant.item) === 'fail').length
  const variants = rows.filter(({ variant }) => variant !== undefined).length
  const elsewhere = rows.flatMap(({ variant, cells }) =>
    [...cells].filter(([id, one]) => id !== variant?.item && (one === 'fail' || one === 'warn')),
  )
  const other = rows.flatMap(({ variant, cells }) =>
    [...cells].filter(([id, one]) => one !== (id === variant?.item ? 'fail' : 'pass')),
  ).length
  return `${right} of ${rows.length} rows as they must be; ${red} of ${variants} variants fail their own item; ${elsewhere.length} failures or warnings elsewhere; ${other} cells are neither a failure on the diagonal nor a pass beside it.`
}

export const tableOf = (side: Side, rows: readonly Row[]): string => {
  const names = rows.map((row) => titleOf(row.variant))
  const widths = [
    Math.max(...rows.map(({ stack }) => stack.length)),
    Math.max(...names.map((name) => name.length)),
  ] as const
  const columns = ten.map((id, at) => `${String.fromCharCode(97 + at)} ${id}`).join('  ')
  const head = `${' '.repeat(widths[0] + widths[1] + 4)}${ten.map((_, at) => String.fromCharCode(97 + at)).join(' ')}`
  const lines = rows.map((row, at) => {
    const mark = row.wrong.length === 0 ? '' : '  ← not as it must be'
    return `${row.stack.padEnd(widths[0])}  ${(names[at] ?? '').padEnd(widths[1])}  ${signsOf(row).join(' ')}${mark}`
  })
  return [
    side === 'source' ? 'From source and history' : 'From outside',
    columns,
    LEGEND,
    '',
    head,
    ...lines,
    '',
    rate(rows),
  ].join('\n')
}

const sectionOf = (title: string, rows: readonly Row[]): string => {
  const head = `| stack | app | kind | ${ten.map((id) => `\`${id}\``).join(' | ')} |`
  const lines = rows.map(
    (row) => `| ${row.stack} | ${titleOf(row.variant)} | ${row.variant?.kind ?? ''} | ${signsOf(row).join(' | ')} |`,
  )
  return [`## ${title}`, '', rate(rows), '', head, `|${' --- |'.repeat(ten.length + 3)}`, ...lines].join('\n')
}

export const markdownOf = (rows: readonly Row[]): string => {
  const reasons = exceptions.map(
    ({ side, column, outcome, rows: which, reason }) =>
      `| ${side === 'source' ? 'source' : 'outside'} | ${which} | \`${column}\` | ${SIGNS[outcome]} ${outcome.replace('-', ' ')} | ${reason} |`,
  )
  return `# The checker, checked

For each of five stacks there is a small backend that passes all ten items, and for each item two variants of it that are broken in just that
one: one plainly, and one in a way that a reader of the diff would overlook. They are in \`packages/check/test/apps\`. The checker must fail
each variant on its own item and on no other, from source and git history, and from outside where the flaw shows in a running backend.
\`npm run test:checklist\` prints this table; \`npm run test:checklist -- --write\` writes this page.

${LEGEND.replaceAll('  ', ' · ')}

${sectionOf(
  'From source and history',
  rows.filter(({ side }) => side === 'source'),
)}

${sectionOf(
  'From outside',
  rows.filter(({ side }) => side === 'live'),
)}

No probe judges ${SOURCE_ONLY.map((id) => `\`${id}\``).join(' and ')}: the ground for them is in the source, and their variants are judged there.

## Where something else is right

These outcomes are right where they stand, and are counted above as neither.

| side | app | item | outcome | why |
| --- | --- | --- | --- | --- |
${reasons.join('\n')}
`
}
