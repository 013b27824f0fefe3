/** `--sarif`: SARIF 2.1.0 (OASIS), as code scanning reads it. Passes are rules without results. */
import type { Evidence, Outcome, Severity } from '../items/index.ts'
import type { Finding, Report, ReportItem } from './report.ts'
import { placeOf, staleLine } from './words.ts'

const LEVELS: Readonly<Record<Outcome, 'error' | 'warning' | 'note' | 'none'>> = {
  fail: 'error',
  warn: 'warning',
  'not-proven': 'note',
  pass: 'none',
  'not-applicable': 'none',
}

/** Code scanning sorts by a number like CVSS's: over 9 is critical, 7 high, 4 medium. */
const SCORES: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' }
const PRECISIONS = { high: 'very-high', medium: 'high', low: 'medium' } as const
const RESULTS = 200

/** A message's `{0}` and `[text](target)` have a meaning (§3.11.5, §3.11.6): somebody else's text must not get at it. */
const message = (text: string): string =>
  text
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replace(/\\(?=[[\]])/g, '\\\\')
    .replace(/\[(?=[^\]]*\]\()|\](?=\()/g, '\\$&')

const pascal = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const ruleOf = (item: ReportItem): object => ({
  id: item.id,
  name: pascal(item.id),
  shortDescription: { text: message(item.title) },
  fullDescription: { text: message(item.why) },
  help: {
    text: `${item.why}\n\nMend: ${item.mend}\n\nPage: ${item.docs}`,
    markdown: `**${item.title}**\n\n${item.why}\n\n**Mend:** ${item.mend}\n\n**Page:** \`${item.docs}\`\n\n**Standards:** ${[...item.asvs.map((id) => `ASVS 5.0 ${id}`), ...item.apiTop10].join(', ')}`,
  },
  defaultConfiguration: { level: item.severity === 'low' ? 'warning' : 'error' },
  properties: {
    tags: ['security', ...item.asvs.map((id) => `ASVS-5.0/${id}`), ...item.apiTop10.map((id) => `OWASP-API/${id}`)],
    'security-severity': SCORES[item.severity],
    precision: PRECISIONS[item.confidence],
    outcome: item.outcome,
    ten: item.ten,
    ...(item.known === undefined ? {} : { known: item.known }),
  },
})

/** A relative URI: a name with a colon, a percent or a bracket in it stays a name. */
const uri = (file: string): string => file.split('/').map(encodeURIComponent).join('/')

const locationOf = (evidence: Evidence, id?: number): readonly object[] => {
  const numbered = id === undefined ? {} : { id }
  if (evidence.kind === 'note') return []
  if (evidence.kind === 'exchange')
    return [
      {
        ...numbered,
        logicalLocations: [{ fullyQualifiedName: evidence.request, kind: 'resource' }],
        message: { text: message(`${placeOf(evidence)}\n${evidence.curl}`) },
      },
    ]
  return [
    {
      ...numbered,
      physicalLocation: {
        artifactLocation: { uri: uri(evidence.file), uriBaseId: '%SRCROOT%' },
        region: { startLine: evidence.line, snippet: { text: evidence.text } },
      },
      ...(evidence.commit === undefined ? {} : { message: { text: message(`in commit ${evidence.commit}`) } }),
    },
  ]
}

const resultOf = (item: ReportItem, ruleIndex: number, finding: Finding): object => {
  const { fingerprint, outcome, evidence, summary, mend, severity, confidence, side } = finding
  const [lead, ...others] = evidence
  const notes = evidence.flatMap((one) => (one.kind === 'note' ? [one.text] : []))
  return {
    ruleId: item.id,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[outcome],
    message: { text: message([summary, ...notes, `Mend: ${mend}`].join('\n')) },
    locations: lead === undefined ? [] : locationOf(lead),
    relatedLocations: others.flatMap((one, index) => locationOf(one, index + 1)),
    partialFingerprints: { 'portcullisCheck/v1': fingerprint },
    properties: { outcome, severity, confidence, side },
  }
}

export const toSarif = (report: Report): string => {
  const { tool, items, stale, verdict } = report
  const run = {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        rules: items.map(ruleOf),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that was checked.' } } },
    invocations: [
      {
        executionSuccessful: true,
        exitCode: verdict.exit,
        exitCodeDescription: verdict.because,
        toolConfigurationNotifications: stale.map((one) => ({
          level: 'warning',
          message: { text: message(`Stale suppression: ${staleLine(one)}`) },
        })),
      },
    ],
    results: items.flatMap((item, index) =>
      item.findings.slice(0, RESULTS).map((finding) => resultOf(item, index, finding)),
    ),
  }
  const page = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(page, null, 2)}\n`
}
