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

/** Each goal with what was measured; those that were not are named too. */
export const goalsTable = (results: readonly Result[]): string =>
  markdown({
    head: ['work', 'what', 'goal', 'measured: median (least–most)', ''],
    rows: entries.map(([id, goal]) => {
      const figures = figuresOf(results, id)
      const { median } = spreadOf(figures)
      const verdict = figures.length === 0 ? 'not measured' : isMet(goal, median) ? 'met' : '**not met**'
      const bound = `${goal.direction} ${digits(goal.bound)} ${goal.unit}`
      return [goal.work, goal.goal, bound, figures.length === 0 ? '' : spreadText(figures), verdict]
    }),
  })

/** Ratios that are worse than half their goal. A time or a size says more of the machine than of us, and is not judged so. */
export const tooFar = (results: readonly Result[]): readonly string[] =>
  entries
    .filter(([id, goal]) => {
      const figures = figuresOf(results, id)
      return goal.unit === '×' && figures.length > 0 && !isMet(goal, spreadOf(figures).median, 2)
    })
    .map(([id]) => id)
