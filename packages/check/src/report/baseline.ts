/** What is new since an older report. */
import { type Report, type ReportItem, worstOf } from './report.ts'
import { verdictOf } from './verdict.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const markOf = (finding: unknown): unknown => (isObject(finding) ? finding['fingerprint'] : finding)

/** The fingerprints in a parsed `--json` file, with those of the findings that it left off. Throws where it is no such file. */
const marksOf = (old: unknown): ReadonlySet<unknown> => {
  if (!isObject(old) || old['version'] !== 1 || !Array.isArray(old['items']) || !old['items'].every(isObject))
    throw new TypeError('The baseline is not a report that --json wrote (version 1).')
  return new Set(old['items'].flatMap((item) => [...list(item['findings']), ...list(item['leftOff'])].map(markOf)))
}

/**
 * The report with only the findings that the old one does not have. Items keep their outcome, which says how the backend is;
 * one all of whose findings are known shows as known. The verdict is decided by what is new.
 */
export const newSince = (old: unknown, report: Report): Report => {
  const marks = marksOf(old)
  const items = report.items.map((item): ReportItem => {
    const findings = item.findings.filter(({ fingerprint }) => !marks.has(fingerprint))
    return { ...item, findings, known: (item.known ?? 0) + item.findings.length - findings.length }
  })
  return {
    ...report,
    items,
    findings: items.reduce((sum, { findings }) => sum + findings.length, 0),
    verdict: verdictOf(items.flatMap(judged), report.failOn, settledBy(items)),
  }
}

/** An item counts by the worst of what is new in it. */
const judged = ({ id, outcome, findings, known = 0 }: ReportItem): readonly Pick<ReportItem, 'id' | 'outcome'>[] => {
  if (known === 0) return [{ id, outcome }]
  const worst = worstOf(findings.map((finding) => finding.outcome))
  return worst === undefined ? [] : [{ id, outcome: worst }]
}

const settledBy = (items: readonly ReportItem[]): string => {
  const known = items.reduce((sum, item) => sum + (item.known ?? 0), 0)
  return known === 0
    ? ''
    : `nothing is new; ${known} ${known === 1 ? 'finding is' : 'findings are'} known from the baseline.`
}

/** Whether all that an item asks for was in the baseline. */
export const isKnown = ({ findings, known = 0 }: ReportItem): boolean => known > 0 && findings.length === 0
