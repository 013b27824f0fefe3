/** Everything that goes out, as one value: whatever is printed, in whichever format, is a pure function of it. */
import { readFileSync } from 'node:fs'
import {
  items as allItems,
  type Confidence,
  type Evidence,
  type Fix,
  type Item,
  type ItemId,
  type Observation,
  type Outcome,
  outcomeOf,
  type Severity,
} from '../items/index.ts'
import { cleaner } from './clean.ts'
import { inOrder, isFinding, type Marked, marked, type Side } from './fingerprints.ts'
import { type StaleSuppression, type Suppression, sortSuppressions } from './suppressions.ts'
import { type FailOn, type Verdict, verdictOf } from './verdict.ts'

export interface Finding {
  readonly fingerprint: string
  /** Which side saw it. */
  readonly side: string
  readonly outcome: Outcome
  readonly severity: Severity
  readonly confidence: Confidence
  readonly summary: string
  readonly evidence: readonly Evidence[]
  readonly mend: string
  readonly fix?: Fix
}

export interface ReportItem {
  readonly id: ItemId
  readonly title: string
  readonly outcome: Outcome
  /** The worst of its findings, or the item's own. */
  readonly severity: Severity
  readonly confidence: Confidence
  readonly ten: boolean
  /** What decided its outcome. */
  readonly summary: string
  /** The proof of a pass; of anything else, what decided its outcome. */
  readonly evidence: readonly Evidence[]
  readonly why: string
  readonly mend: string
  readonly docs: string
  readonly asvs: readonly string[]
  readonly apiTop10: readonly string[]
  readonly findings: readonly Finding[]
  /** With a baseline: how many of its findings were in it. They are not in `findings`. */
  readonly known?: number
}

export interface Target {
  readonly folder: string
  readonly url?: string
}

export type Counts = Readonly<Record<Outcome, number>>

export interface Report {
  readonly tool: { readonly name: 'portcullis-check'; readonly version: string }
  readonly target: Target
  readonly items: readonly ReportItem[]
  readonly stale: readonly StaleSuppression[]
  /** Items by outcome. */
  readonly counts: Counts
  /** Findings in all items. */
  readonly findings: number
  readonly failOn: FailOn
  readonly verdict: Verdict
}

export interface ReportInput {
  readonly sides: readonly Side[]
  /** Every secret that was read or met: none of them is in the report. */
  readonly secrets: ReadonlySet<string>
  readonly suppressions: readonly Suppression[]
  readonly now: Date
  readonly target: Target
  readonly failOn: FailOn
  /** Only these items. */
  readonly which?: readonly ItemId[]
}

/** This release of the checker. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

type Clean = (text: string, most?: number) => string

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low']
const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low']
const OUTCOMES: readonly Outcome[] = ['fail', 'warn', 'not-proven', 'pass', 'not-applicable']
/** The worst of them. */
export const worstOf = (outcomes: readonly Outcome[]): Outcome | undefined => first(OUTCOMES, outcomes)

/** A curl line that is cut does not run, so it may be longer than the rest. */
const CURL = 1_000
const EVIDENCE = 200

const first = <T>(ranks: readonly T[], seen: readonly T[]): T | undefined => ranks.find((rank) => seen.includes(rank))

const cleanEvidence = (evidence: Evidence, clean: Clean): Evidence => {
  if (evidence.kind === 'note') return { kind: 'note', text: clean(evidence.text) }
  if (evidence.kind === 'exchange')
    return {
      kind: 'exchange',
      request: clean(evidence.request),
      response: clean(evidence.response),
      curl: clean(evidence.curl, CURL),
    }
  const { file, line, text, commit } = evidence
  const source: Evidence = { kind: 'source', file: clean(file, 1_000), line, text: clean(text) }
  return commit === undefined ? source : { ...source, commit: clean(commit, 64) }
}

/** Two routes may have one guard, and a guard may fail for two reasons. */
const once = (evidence: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(evidence.map((one) => [JSON.stringify(one), one])).values(),
]

const findingOf = (item: Item, { side, fingerprint, observation }: Marked, clean: Clean): Finding => {
  const { outcome, confidence, severity, summary, evidence, mend, fix } = observation
  const finding: Finding = {
    fingerprint,
    side: clean(side),
    outcome,
    severity: severity ?? item.severity,
    confidence,
    summary: clean(summary),
    evidence: once(evidence.slice(0, EVIDENCE).map((one) => cleanEvidence(one, clean))),
    mend: mend === undefined ? item.mend : clean(mend, CURL),
  }
  if (fix === undefined) return finding
  return { ...finding, fix: { ...fix, file: clean(fix.file, CURL), from: clean(fix.from), to: clean(fix.to) } }
}

const whereOf = ({ evidence: [one] }: Finding): readonly [string, number] =>
  one?.kind === 'source' ? [one.file, one.line] : ['', 0]

/** The worst first, then by place: the order does not depend on the order in which rules ran. */
const byWeight = (a: Finding, b: Finding): number =>
  OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
  inOrder(whereOf(a)[0], whereOf(b)[0]) ||
  whereOf(a)[1] - whereOf(b)[1] ||
  inOrder(a.summary, b.summary) ||
  inOrder(a.fingerprint, b.fingerprint)

/** A failure is as sure as its surest ground; a pass of one side is as sure as the least sure of what it rests on. */
const confidenceOf = (deciding: readonly Marked[], outcome: Outcome): Confidence => {
  if (outcome !== 'pass')
    return (
      first(
        CONFIDENCES,
        deciding.map(({ observation }) => observation.confidence),
      ) ?? 'low'
    )
  const sides = Map.groupBy(deciding, ({ side }) => side)
  const least = [...sides.values()].map(
    (ones) =>
      first(
        CONFIDENCES.toReversed(),
        ones.map(({ observation }) => observation.confidence),
      ) ?? 'low',
  )
  return first(CONFIDENCES, least) ?? 'low'
}

const itemOf = (item: Item & { readonly id: ItemId }, seen: readonly Marked[], clean: Clean): ReportItem => {
  const sides = Map.groupBy(seen, ({ side }) => side)
  const outcome = outcomeOf([...sides.values()].map((ones) => ones.map(({ observation }) => observation)))
  // What one side proved, another's "not proven" takes nothing from: it asks nothing of anybody.
  const open = isFinding({ outcome }) ? seen.filter(({ observation }) => isFinding(observation)) : []
  const findings = open.map((one) => findingOf(item, one, clean)).sort(byWeight)
  const deciding = seen.filter(({ observation }) => observation.outcome === outcome)
  const shown = isFinding({ outcome })
    ? findings.filter((one) => one.outcome === outcome)
    : deciding.map((one) => findingOf(item, one, clean)).sort(byWeight)
  const [lead] = shown
  return {
    id: item.id,
    title: item.title,
    outcome,
    severity:
      first(
        SEVERITIES,
        findings.map(({ severity }) => severity),
      ) ?? item.severity,
    confidence: confidenceOf(deciding, outcome),
    ten: item.ten,
    summary: lead?.summary ?? item.title,
    evidence: once(shown.flatMap(({ evidence }) => evidence)).slice(0, EVIDENCE),
    why: item.why,
    mend: lead?.mend ?? item.mend,
    docs: `docs/checks/${item.id}.md`,
    asvs: item.asvs,
    apiTop10: item.apiTop10,
    findings,
  }
}

/** An item of which nothing was seen is not proven, and that can be suppressed like any other finding. */
const unseen = (sides: readonly Side[], wanted: readonly { readonly id: ItemId }[]): Side => {
  const seen = new Set(sides.flatMap(({ observations }) => observations.map(({ id }) => id)))
  const observations = wanted
    .filter(({ id }) => !seen.has(id))
    .map(({ id }): Observation => ({ id, outcome: 'not-proven', confidence: 'high', summary: NOTHING, evidence: [] }))
  return { name: 'none', observations }
}
export const NOTHING = 'Nothing that was looked at says anything of it.'

/** How many items have each outcome. */
const countsOf = (items: readonly ReportItem[]): Counts => {
  const counts = { fail: 0, warn: 0, 'not-proven': 0, pass: 0, 'not-applicable': 0 }
  for (const { outcome } of items) counts[outcome] += 1
  return counts
}

/** A password in the address of the target is nobody's business. */
const withoutPassword = (url: string): string => {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.username + parsed.password === '') return url
  parsed.username = ''
  parsed.password = ''
  return parsed.href
}

const filesOf = (sides: readonly Side[]): readonly string[] =>
  sides.flatMap(({ observations }) =>
    observations.flatMap(({ evidence }) => evidence.flatMap((one) => (one.kind === 'source' ? [one.file] : []))),
  )

export const buildReport = (input: ReportInput): Report => {
  const { sides, secrets, suppressions, now, target, failOn, which } = input
  const clean = cleaner(secrets, [target.folder, ...filesOf(sides)])
  const wanted = allItems.filter(({ id }) => which === undefined || which.includes(id))
  const marks = marked([...sides, unseen(sides, wanted)])
  const found = new Set(marks.map(({ fingerprint }) => fingerprint))
  const { suppressed, stale } = sortSuppressions(suppressions, found, now, wanted.length === allItems.length)
  const kept = Map.groupBy(
    marks.filter(({ fingerprint }) => !suppressed.has(fingerprint)),
    ({ observation }) => observation.id,
  )
  const items = wanted.flatMap((item) => {
    const seen = kept.get(item.id) ?? []
    return seen.length === 0 ? [] : [itemOf(item, seen, clean)]
  })
  const settled = items.length === 0 && wanted.length > 0 ? 'all that was found is suppressed.' : ''
  return {
    tool: { name: 'portcullis-check', version },
    target: {
      folder: clean(target.folder),
      ...(target.url === undefined ? {} : { url: clean(withoutPassword(target.url)) }),
    },
    items,
    stale: stale.map((one) => ({ ...one, reason: clean(one.reason, 500) })),
    counts: countsOf(items),
    findings: items.reduce((sum, { findings }) => sum + findings.length, 0),
    failOn,
    verdict: verdictOf(items, failOn, settled),
  }
}
