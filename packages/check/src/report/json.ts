/** `--json`: the report with a version; its shape is published in schema/report.schema.json. */
import type { Report, ReportItem } from './report.ts'

/** Findings of one item that are written out. The others are there by their fingerprints, so that a baseline knows them all. */
const KEPT = 200

const itemOf = (item: ReportItem): object => {
  const leftOff = item.findings.slice(KEPT).map(({ fingerprint }) => fingerprint)
  return { ...item, findings: item.findings.slice(0, KEPT), ...(leftOff.length === 0 ? {} : { leftOff }) }
}

export const toJson = (report: Report): string => {
  const { tool, target, items, stale, counts, findings, failOn, verdict } = report
  const page = { version: 1, tool, target, items: items.map(itemOf), stale, counts, findings, failOn, verdict }
  return `${JSON.stringify(page, null, 2)}\n`
}
