/** The words that every format uses alike. */
import type { Evidence, Outcome } from '../items/index.ts'
import { isKnown } from './baseline.ts'
import type { Counts, Report, ReportItem } from './report.ts'
import type { StaleSuppression } from './suppressions.ts'

export const OUTCOMES: readonly Outcome[] = ['fail', 'warn', 'not-proven', 'pass', 'not-applicable']

/** A symbol is never alone: colour and shape are read by some only. */
export const SYMBOLS: Readonly<Record<Outcome, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  'not-applicable': '–',
  'not-proven': '?',
}

export const WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  'not-applicable': 'not applicable',
  'not-proven': 'not proven',
}

const COUNTED: Readonly<Record<Outcome, readonly [string, string]>> = {
  fail: ['failed', 'failed'],
  warn: ['warning', 'warnings'],
  'not-proven': ['not proven', 'not proven'],
  pass: ['passed', 'passed'],
  'not-applicable': ['not applicable', 'not applicable'],
}

/** `2 failed`, `1 warning`. */
export const counted = (outcome: Outcome, count: number): string => `${count} ${COUNTED[outcome][count === 1 ? 0 : 1]}`

/** `2 failed, 1 warning, 7 passed`. */
export const countsLine = (counts: Counts): string =>
  OUTCOMES.filter((outcome) => counts[outcome] > 0)
    .map((outcome) => counted(outcome, counts[outcome]))
    .join(', ')

/** `src/app.ts:12`, with the commit where it is in history only; `POST /login → 200`; nothing for a note. */
export const placeOf = (evidence: Evidence): string => {
  if (evidence.kind === 'note') return ''
  if (evidence.kind === 'exchange') return `${evidence.request} → ${evidence.response}`
  const commit = evidence.commit === undefined ? '' : ` @ ${evidence.commit.slice(0, 10)}`
  return `${evidence.file}:${evidence.line}${commit}`
}

/** Its place and its text on one line. */
export const evidenceLine = (evidence: Evidence): string => {
  if (evidence.kind === 'note') return evidence.text
  return evidence.kind === 'source' ? `${placeOf(evidence)}  ${evidence.text}` : placeOf(evidence)
}

export const staleLine = ({ fingerprint, reason, expires, because }: StaleSuppression): string =>
  because === 'expired'
    ? `${fingerprint} expired after ${expires} (“${reason}”): decide again, or mend it.`
    : `${fingerprint} matches nothing that was found (“${reason}”): remove it.`

/** What is said of findings that the baseline has. */
export const knownLine = (item: ReportItem): string => {
  const { known = 0 } = item
  if (known === 0) return ''
  return isKnown(item) ? `known from the baseline (${known})` : `and ${known} known from the baseline`
}

/** `Exit 1: jwt-expiry and cors failed.` */
export const lastLine = ({ verdict }: Report): string => `Exit ${verdict.exit}: ${verdict.because}`
