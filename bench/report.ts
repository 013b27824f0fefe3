/** What was measured, in Markdown. */
import { type Goal, type GoalId, goals, isMet } from './goals.ts'
import { digits, spreadOf, spreadText } from './statistics.ts'
import type { Result, Table } from './works/work.ts'

const markdown = ({ head, rows }: Table): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** A work's table under its title. */
export const resultText = ({ title, about, table }: Result): string => `## ${title}\n\n${about}\n\n${markdown(table)}\n`

const figuresOf = (results: readonly Result[], id: GoalId): readonly number[] =>
  results.flatMap(({ figures }) => figures[id] ?? [])

const entries = Object.entries(goals) as readonly (readonly [GoalId, Goal])[]

/** Each goal with what was measured; `whole` names those too that were not. */
export const goalsTable = (results: readonly Result[], whole = false): string =>
  markdown({
    head: ['work', 'what', 'goal', 'measured: median (least–most)', ''],
    rows: entries
      .filter(([id]) => whole || figuresOf(results, id).length > 0)
      .map(([id, goal]) => {
        const figures = figuresOf(results, id)
        const verdict =
          figures.length === 0 ? 'not measured' : isMet(goal, spreadOf(figures).median) ? 'met' : '**not met**'
        const bound = `${goal.direction} ${goal.bound} ${goal.unit}`
        const measured = figures.length === 0 ? '' : `${spreadText(figures)} ${goal.unit}`
        return [goal.work, goal.goal, bound, measured, verdict]
      }),
  })

/**
 * Ratios that are worse than half their goal (or half of what was reached, where that is far from it), in words. A time or a size says
 * more of the machine than of us, and is not judged so.
 */
export const tooFar = (results: readonly Result[]): readonly string[] =>
  entries.flatMap(([id, goal]) => {
    const { median } = spreadOf(figuresOf(results, id))
    const held = { ...goal, bound: goal.reached ?? goal.bound }
    const far = goal.unit === '×' && Number.isFinite(median) && !isMet(held, median, 2)
    return far ? [`${goal.work}, ${goal.goal}: ${digits(median)} ×, to be ${goal.direction} ${goal.bound} ×`] : []
  })

/** What goes into the whole report besides the results. */
export interface Circumstances {
  readonly versions: readonly string[]
  /** Who or what was not measured, and why. */
  readonly left: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly date: string
}

/** bench/RESULTS.md */
export const report = (
  results: readonly Result[],
  { versions, left, rounds, seconds, date }: Circumstances,
): string => `# Results

What the door costs, and what others cost that do the same work. Made by \`npm run bench\` on ${date}.

${list(versions)}

**How.** Everything is measured in turn, A B C A B C, ${rounds} rounds of ${seconds} seconds (2 for growth), after a warm-up that does not count. CPU is what
the system says the server's process has used, with all its threads, over the requests that the load's generator counted. Where the system
lets it, no core sleeps while it waits: a server that is slower than its load would pay for waking it with each answer. A ratio is
made of two figures of the same round; what is shown is the median of the rounds, and the least and the most. A goal is met when the
median is within it. Every contender answers the same JSON, has a thousand users in a table in memory, runs with NODE_ENV=production
and without a log of requests, in one process. Before anything is measured each secured one has to refuse: no token, a forged one, an
expired one, one with \`alg: none\`, a body that breaks the schema, an origin that is not listed, and the request over the limit.

## Goals

${goalsTable(results, true)}

${results.map(resultText).join('\n')}
## Left out

${list(left)}
`

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')
