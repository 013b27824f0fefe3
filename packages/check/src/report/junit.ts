/**
 * `--junit`: one test case for each item. What makes the command exit with 1 (a failure, and what --fail-on adds) is a
 * `failure`, so that a CI page says the same as the exit code. What is not proven is `skipped`, with the reason, and so is what is
 * not applicable: neither was shown to hold. A warning passes, with what was seen in `system-out`: a third state is not
 * in the format, and a skipped test is one that nobody reads. What a baseline knows passes likewise.
 */
import { isKnown } from './baseline.ts'
import { type Report, type ReportItem, worstOf } from './report.ts'
import { isFailure } from './verdict.ts'
import { evidenceLine, knownLine, lastLine, staleLine, WORDS } from './words.ts'

/** Characters that XML 1.0 has no way to write, not even as a reference. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A bare line break in an attribute is read as a space.
  '\n': '&#10;',
  '\r': '&#13;',
}

const xml = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>"'\n\r]/g, (character) => ENTITIES[character] ?? '')

const FINDINGS = 200

const detailsOf = (item: ReportItem): string => {
  const findings = item.findings
    .slice(0, FINDINGS)
    .flatMap(({ summary, evidence, fingerprint, outcome }) => [
      `${WORDS[outcome]}: ${summary} [${fingerprint}]`,
      ...evidence.flatMap((one) => [`  ${evidenceLine(one)}`, ...(one.kind === 'exchange' ? [`  $ ${one.curl}`] : [])]),
    ])
  const more = item.findings.length - FINDINGS
  return [
    ...(findings.length > 0 ? findings : [item.summary, ...item.evidence.slice(0, 20).map(evidenceLine)]),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(knownLine(item) === '' ? [] : [knownLine(item)]),
    `why: ${item.why}`,
    `mend: ${item.mend}`,
    `page: ${item.docs}`,
  ].join('\n')
}

type State = 'failure' | 'skipped' | 'passed'

const stateOf = (item: ReportItem, { failOn }: Report): State => {
  if (isKnown(item)) return 'passed'
  const outcome = worstOf(item.findings.map((finding) => finding.outcome)) ?? item.outcome
  // With `never` the exit is 0, and the page still says what failed.
  if (outcome === 'fail' || isFailure(outcome, failOn)) return 'failure'
  return outcome === 'not-proven' || outcome === 'not-applicable' ? 'skipped' : 'passed'
}

const bodyOf = (item: ReportItem, state: State): string => {
  const details = xml(detailsOf(item)).replaceAll('&#10;', '\n')
  const message = xml(`${WORDS[item.outcome]}: ${item.summary}`)
  if (state === 'failure') return `<failure type="${item.outcome}" message="${message}">${details}</failure>`
  if (state === 'skipped') return `<skipped message="${message}"/>`
  return `<system-out>${xml(`${WORDS[item.outcome]}: `)}${details}</system-out>`
}

export const toJunit = (report: Report): string => {
  const states = report.items.map((item) => stateOf(item, report))
  const count = (state: State): number => states.filter((one) => one === state).length
  const counts = `tests="${states.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}"`
  const cases = report.items.map((item, index) => {
    const group = item.ten ? 'the-ten' : 'beyond-the-ten'
    const name = xml(`${item.id}: ${item.title}`)
    return `    <testcase classname="portcullis-check.${group}" name="${name}" time="0">${bodyOf(item, states[index] ?? 'passed')}</testcase>`
  })
  const out = [...report.stale.map((one) => `stale suppression: ${staleLine(one)}`), lastLine(report)]
    .map(xml)
    .join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="portcullis-check" ${counts} time="0">
  <testsuite name="portcullis-check" ${counts} time="0">
${cases.join('\n')}
    <system-out>${out}</system-out>
  </testsuite>
</testsuites>
`
}
