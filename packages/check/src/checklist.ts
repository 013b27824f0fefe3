/** The way of a run: evidence, rules, report. Reads top to bottom; prints nothing. */
import { readBackend } from './evidence/backend/index.ts'
import { type HistorySecrets, historySecrets } from './evidence/history/index.ts'
import { type LiveFacts, type LiveOptions, type LivePlan, planLive, runLive } from './evidence/live/index.ts'
import { openProject, type Project } from './evidence/project/index.ts'
import { isReference, secretsIn } from './evidence/secrets/index.ts'
import { auditOf, settingsOf } from './evidence/settings/index.ts'
import { type ItemId, items, type Observation } from './items/index.ts'
import { buildReport, type FailOn, type Report, type Suppression } from './report/index.ts'
import { judgeLive, unaskedBecause } from './rules/live/index.ts'
import { type FileSecret, judgeSource, type SourceFacts } from './rules/source/index.ts'

export interface CheckOptions {
  readonly folder: string
  /** Also probes the backend that runs there. */
  readonly live?: LiveOptions
  /** What a mend lists as allowed origins. */
  readonly origins?: readonly string[]
  readonly suppressions?: readonly Suppression[]
  readonly failOn?: FailOn
  /** Told what is being done. */
  readonly say?: (what: string) => void
  /** Told what will be sent, before it is. */
  readonly planned?: (plan: LivePlan) => void
}

export interface Checked {
  readonly report: Report
  readonly observations: readonly Observation[]
  /** Everything that must not be printed as it is. */
  readonly secrets: ReadonlySet<string>
  /** Why nothing could be asked of the running backend. */
  readonly unasked?: string
}

/** Items that only the source can show, and what only a running backend can. */
const SOURCE_ONLY: readonly ItemId[] = ['unused-limiter', 'unsafe-deployment', 'vulnerable-dependencies']
const BOTH: readonly ItemId[] = ['jwt-verification', 'cookie-flags']

/**
 * Checks a folder and, where it is told to, the backend that runs.
 * @throws Error when the folder can't be read; `UsageError` when the backend may not be probed as asked
 */
export const check = async ({
  folder,
  live,
  origins = [],
  suppressions = [],
  failOn = 'fail',
  say = () => {},
  planned = () => {},
}: CheckOptions): Promise<Checked> => {
  // First, because it refuses what may not be probed: nobody should wait for that.
  if (live !== undefined) say('planning the probes')
  const plan = live === undefined ? undefined : await planLive(live)
  if (plan !== undefined) planned(plan)
  say('reading the folder')
  const project = await openProject(folder)
  const source = await sourceFacts(project, say)
  const seen: { name: string; observations: readonly Observation[] }[] = [
    { name: 'source', observations: judgeSource({ ...source, origins }) },
  ]
  const secrets = secretsOf(source)
  let unasked: string | undefined
  if (live !== undefined && plan !== undefined) {
    const facts = await runLive(plan, { onProgress: say })
    seen.push({ name: 'live', observations: judgeLive(facts) })
    unasked = unaskedBecause(facts)
    for (const one of credentialsOf(live, facts)) secrets.add(one)
  }
  const report = buildReport({
    sides: seen,
    secrets,
    suppressions,
    now: new Date(),
    target: { folder: project.folder, ...(live === undefined ? {} : { url: live.url }) },
    failOn,
    which: looked(live !== undefined, source),
  })
  return {
    report,
    observations: seen.flatMap((one) => one.observations),
    secrets,
    ...(unasked === undefined ? {} : { unasked }),
  }
}

/** An item is in the report when this run could have seen it: without a running backend nobody looked at its answers. */
const looked = (live: boolean, source: SourceFacts): ItemId[] =>
  items
    .filter(({ id, ten }) => ten || live || SOURCE_ONLY.includes(id) || BOTH.includes(id))
    .filter(({ id }) => id !== 'vulnerable-dependencies' || source.audit?.reachable === true)
    .map(({ id }) => id)

const sourceFacts = async (project: Project, say: (what: string) => void): Promise<SourceFacts> => {
  // Git and npm are programs of their own: they work while the source is read.
  const pending = Promise.all([
    historyOf(project),
    project.files.some((one) => one.path === 'package-lock.json')
      ? auditOf(project.folder, { milliseconds: 3_500 })
      : undefined,
  ])
  const settings = settingsOf(project)
  const secrets = treeSecrets(project)
  say('reading the source')
  const backend = await readBackend(project, settings)
  say('reading git history')
  const [history, audit] = await pending
  const refused = (one: { value: string }) => backend.refused.has(one.value)
  return {
    backend:
      settings.why === undefined ? backend : { ...backend, unread: [...(backend.unread ?? []), { why: settings.why }] },
    settings,
    secrets: secrets.filter((one) => !refused(one)),
    history:
      history === undefined
        ? undefined
        : {
            ...history,
            findings: standing(
              project,
              history.findings.filter((one) => !refused(one)),
            ),
          },
    audit,
  }
}

/** What history had, and whether its file still has it. Each file is read once. */
const standing = (project: Project, findings: HistorySecrets['findings']): HistorySecrets['findings'] => {
  const there = new Set(
    [...Map.groupBy(findings, ({ file }) => file)].flatMap(([file, all]) => {
      const text = project.read(file)
      return text === undefined ? [] : all.filter(({ value }) => text.includes(value))
    }),
  )
  return findings.map((one) => ({ ...one, stands: there.has(one) }))
}

/** Undefined where there is none: a repository whose history could not be read has one. */
const historyOf = async ({ folder, git, unreadHistory }: Project): Promise<HistorySecrets | undefined> => {
  if (git) return historySecrets(folder)
  return unreadHistory === undefined ? undefined : { commits: 0, findings: [], complete: false, why: unreadHistory }
}

/** Nobody reads on, and nothing is proven by more. */
const MOST_SECRETS = 5_000

/** What looks like a secret in the files that git has, tests and examples aside. */
const treeSecrets = (project: Project): FileSecret[] => {
  const all: FileSecret[] = []
  for (const { path, role, tracked } of project.files) {
    if ((project.git && !tracked) || role !== 'program') continue
    if (all.length >= MOST_SECRETS) break
    const text = project.read(path)
    const found = text === undefined ? [] : secretsIn(text, { file: path, role })
    const lines = found.length === 0 ? [] : (text?.split('\n') ?? [])
    for (const one of found)
      if (!isReference(one.value)) all.push({ ...one, file: path, text: lines[one.line - 1]?.trim() ?? '' })
  }
  return all
}

const secretsOf = ({ backend, secrets, history }: SourceFacts): Set<string> =>
  new Set([
    ...backend.keys.map((one) => one.value),
    ...secrets.map((one) => one.value),
    ...(history?.findings ?? []).map((one) => one.value),
  ])

/** What was given to log in, and what came back: the live side writes placeholders, and this is the second lock. */
const credentialsOf = (live: LiveOptions, facts: LiveFacts): string[] => {
  const found: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= 8) found.push(value)
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value))
        if (typeof one === 'object' || /pass|token|secret|otp|code/i.test(key)) visit(one)
  }
  try {
    visit(JSON.parse(live.login ?? 'null'))
  } catch {
    // Not JSON: planLive has said so.
  }
  const token = facts.session?.token?.value
  return [...found, ...facts.stands.map(({ value }) => value), ...(token === undefined ? [] : [token])]
}
