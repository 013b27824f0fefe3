/** The page for a person at a terminal. */
import { stripVTControlCharacters as plain, styleText } from 'node:util'
import type { Outcome } from '../items/index.ts'
import { isKnown } from './baseline.ts'
import { type Finding, NOTHING, type Report, type ReportItem } from './report.ts'
import { countsLine, evidenceLine, knownLine, lastLine, OUTCOMES, placeOf, SYMBOLS, staleLine, WORDS } from './words.ts'
import { columnsOf, cut, widthOf, wrap } from './wrap.ts'

export interface TerminalOptions {
  /** Whether to use colours: the caller knows NO_COLOR and the stream. */
  readonly colour: boolean
  /** Columns; 80 where nobody knows. */
  readonly width?: number
}

type Style = Parameters<typeof styleText>[0]

interface Page {
  readonly width: number
  readonly paint: (style: Style, text: string) => string
  /** How many findings each item may show. */
  readonly shares: ReadonlyMap<string, number>
}

/** On the whole page; an item shows at most PLACES of them. */
const FINDINGS = 20
const PLACES = 5
const INDENT = '      '
const LABEL = 7

const COLOURS: Readonly<Record<Outcome, Style>> = {
  pass: 'green',
  fail: ['red', 'bold'],
  warn: 'yellow',
  'not-applicable': 'dim',
  'not-proven': 'magenta',
}

/** What nothing was seen of needs a line, not a paragraph. */
const isUnseen = ({ outcome, findings }: ReportItem): boolean =>
  outcome === 'not-proven' && findings.length === 1 && findings[0]?.evidence.length === 0

const isOpen = (item: ReportItem): boolean =>
  item.outcome !== 'pass' && item.outcome !== 'not-applicable' && !isUnseen(item)

const count = (findings: number): string => `${findings} ${findings === 1 ? 'finding' : 'findings'}`

const byOutcome = (items: readonly ReportItem[]): readonly ReportItem[] =>
  OUTCOMES.flatMap((outcome) => items.filter((item) => item.outcome === outcome))

/** Every item shows one finding before any shows two, so that one item's hundred don't hide another's only one; failures first. */
const sharesOf = (items: readonly ReportItem[]): ReadonlyMap<string, number> => {
  const shares = new Map(items.map(({ id }) => [id as string, 0]))
  let left = FINDINGS
  for (let round = 1; round <= PLACES; round++)
    for (const { id, findings } of byOutcome(items))
      if (left > 0 && findings.length >= round) {
        shares.set(id, round)
        left -= 1
      }
  return shares
}

const labelled = (label: string, text: string, { width, paint }: Page): readonly string[] =>
  wrap(text, width - INDENT.length - LABEL).map(
    (line, index) => `${INDENT}${paint('dim', (index === 0 ? label : '').padEnd(LABEL))}${line}`,
  )

const headOf = (item: ReportItem, { width, paint }: Page): readonly string[] => {
  const known = knownLine(item)
  const word = `${SYMBOLS[item.outcome]} ${WORDS[item.outcome]}`
  const head = `  ${paint(isKnown(item) ? 'dim' : COLOURS[item.outcome], word)}  ${paint('bold', item.id)}`
  const rest = known === '' ? item.title : `${item.title} (${known})`
  if (widthOf(plain(head)) + 2 + widthOf(rest) <= width) return [`${head}  ${paint('dim', rest)}`]
  return [head, ...wrap(rest, width - INDENT.length).map((line) => INDENT + paint('dim', line))]
}

/** One line: what it is, and the proof. Where that is too wide the proof has a line of its own: it is never what is cut first. */
const quietLines = (item: ReportItem, { width, paint }: Page): readonly string[] => {
  const word = `${SYMBOLS[item.outcome]} ${WORDS[item.outcome]}`
  const [proof] = item.evidence
  const more = item.evidence.length > 1 ? ` (+${item.evidence.length - 1})` : ''
  const place = proof === undefined ? '' : proof.kind === 'note' ? proof.text : placeOf(proof)
  const start = `  ${paint(COLOURS[item.outcome], word)}  ${item.id}  `
  const room = width - widthOf(`  ${word}  ${item.id}  `)
  const said = (text: string): readonly string[] =>
    room < 24
      ? [start.trimEnd(), INDENT + paint('dim', cut(text, width - INDENT.length))]
      : [start + paint('dim', cut(text, room))]
  if (isUnseen(item)) return said(unseenText(item))
  const whole = `${item.summary}  ${place}${more}`
  if (widthOf(whole) <= room) return [start + paint('dim', whole)]
  const below = `${cut(place, width - INDENT.length - more.length)}${more}`
  return [...said(item.summary), INDENT + paint('dim', below)]
}

const unseenText = ({ summary, title }: ReportItem): string => (summary === NOTHING ? title : summary)

/** What is said of several alike is said once, and whole. */
const alikeLines = (alike: readonly ReportItem[], page: Page): readonly string[] => {
  const [first, ...more] = alike
  if (first === undefined || more.length === 0) return alike.flatMap((item) => quietLines(item, page))
  const { width, paint } = page
  const word = `${SYMBOLS[first.outcome]} ${WORDS[first.outcome]}`
  const ids = wrap(alike.map(({ id }) => id).join(', '), width - widthOf(`  ${word}  `))
  return [
    ...ids.map((line, index) =>
      index === 0 ? `  ${paint(COLOURS[first.outcome], word)}  ${line}` : `${' '.repeat(widthOf(word) + 4)}${line}`,
    ),
    ...wrap(unseenText(first), width - INDENT.length).map((line) => INDENT + paint('dim', line)),
  ]
}

/** Items as they are shown: one by one, and those together of which nothing was seen for one reason. */
const together = (items: readonly ReportItem[]): readonly (readonly ReportItem[])[] => {
  const groups = new Map<string, ReportItem[]>()
  for (const item of items) {
    const key = isUnseen(item) ? unseenText(item) : item.id
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()]
}

const findingLines = (finding: Finding, item: ReportItem, page: Page): readonly string[] => {
  const { width, paint } = page
  const mark = `${paint('dim', `[${finding.fingerprint}]`)}${finding.outcome === item.outcome ? '' : ` (${WORDS[finding.outcome]})`}`
  const lines = wrap(finding.summary, width - INDENT.length - 2).map(
    (line, index) => `${INDENT}${index === 0 ? '• ' : '  '}${line}`,
  )
  const room = width - INDENT.length - 2
  for (const evidence of finding.evidence.slice(0, PLACES)) {
    lines.push(`${INDENT}  ${paint('cyan', cut(evidenceLine(evidence), room))}`)
    // Not broken: a line that is copied from the page must run.
    if (evidence.kind === 'exchange' && evidence.curl !== '') lines.push(`${INDENT}  $ ${evidence.curl}`)
  }
  const more = finding.evidence.length - PLACES
  if (more > 0)
    lines.push(`${INDENT}  ${paint('dim', `and ${more === 1 ? '1 more place' : `${more} more places`}: see --json`)}`)
  // On the last line where there is room (a page of lone fingerprints is hard to read), never behind a line that is to be run.
  const last = lines.at(-1) ?? ''
  const runs = last.startsWith(`${INDENT}  $ `)
  if (runs || widthOf(plain(last)) + 3 + widthOf(plain(mark)) > width) return [...lines, `${INDENT}  ${mark}`]
  return [...lines.slice(0, -1), `${last}  ${mark}`]
}

const openLines = (item: ReportItem, page: Page): readonly string[] => {
  const lines = [...headOf(item, page)]
  if (isKnown(item)) return [...lines, '']
  const share = page.shares.get(item.id) ?? 0
  const shown = item.findings.slice(0, share)
  lines.push(...shown.flatMap((finding) => findingLines(finding, item, page)))
  const more = item.findings.length - share
  if (more > 0)
    lines.push(`${INDENT}${page.paint('dim', `${share === 0 ? count(more) : `and ${more} more`}: see --json`)}`)
  // What could not be seen is not known to be wrong: its mend would be advice on nothing.
  if (item.outcome === 'not-proven') return [...lines, '']
  lines.push(...labelled('why', item.why, page))
  const mends = new Set([item.mend, ...shown.filter(({ outcome }) => outcome === item.outcome).map(({ mend }) => mend)])
  for (const mend of mends) lines.push(...labelled('mend', mend, page))
  lines.push(...labelled('page', `${item.docs}  ·  severity ${item.severity}, confidence ${item.confidence}`, page))
  return [...lines, '']
}

const group = (title: string, items: readonly ReportItem[], page: Page): readonly string[] => {
  if (items.length === 0) return []
  const lines = together(byOutcome(items)).flatMap((alike) =>
    alike.some(isOpen) ? alike.flatMap((item) => openLines(item, page)) : alikeLines(alike, page),
  )
  return [page.paint(['bold', 'underline'], title), '', ...lines, ...(lines.at(-1) === '' ? [] : [''])]
}

const staleLines = ({ stale }: Report, page: Page): readonly string[] => {
  if (stale.length === 0) return []
  const lines = stale.flatMap((one) =>
    wrap(staleLine(one), page.width - 4).map((line, i) => `  ${i === 0 ? '! ' : '  '}${line}`),
  )
  return [page.paint(['bold', 'underline'], 'Suppressions that are stale'), '', ...lines, '']
}

/** What to do where nothing of a backend could be read, and it was not asked while it ran. */
const hintLines = ({ items, target }: Report, page: Page): readonly string[] => {
  const ten = items.filter((item) => item.ten)
  if (target.url !== undefined || ten.length === 0 || !ten.every(({ outcome }) => outcome === 'not-proven')) return []
  return [...wrap("What can't be read can be checked while it runs: --url http://127.0.0.1:3000", page.width), '']
}

/** The whole page, ending in the line that says what decided the exit code. */
export const toTerminal = (report: Report, { colour, width }: TerminalOptions): string => {
  // The caller decided about colours: styleText's own look at the process's streams is not asked.
  const paint = (style: Style, text: string): string =>
    colour && text !== '' ? styleText(style, text, { validateStream: false }) : text
  const page: Page = {
    width: Math.min(Math.max(columnsOf(width), 40), 120),
    paint,
    shares: sharesOf(report.items.filter(isOpen)),
  }
  const { tool, target, items, findings } = report
  const where = [target.folder, ...(target.url === undefined ? [] : [target.url])].join('  ')
  const summary = `${items.length} items: ${countsLine(report.counts)}; ${count(findings)}`
  const decided = { 0: 'green', 1: 'red', 3: 'yellow' } as const
  return [
    `${paint('bold', tool.name)} ${tool.version}`,
    ...wrap(where, page.width).map((line) => paint('dim', line)),
    '',
    ...group(
      'The ten',
      items.filter(({ ten }) => ten),
      page,
    ),
    ...group(
      'Beyond the ten',
      items.filter(({ ten }) => !ten),
      page,
    ),
    ...staleLines(report, page),
    ...hintLines(report, page),
    ...wrap(items.length === 0 ? 'No items.' : summary, page.width),
    ...wrap(lastLine(report), page.width).map((line) => paint(['bold', decided[report.verdict.exit]], line)),
    '',
  ].join('\n')
}
