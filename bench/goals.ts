/** What was asked for: each goal is a figure of one run, judged by the median over its rounds. */

/** A goal and its bound. */
export interface Goal {
  readonly work: string
  readonly goal: string
  readonly bound: number
  readonly direction: 'at most' | 'at least'
  /** '×' for a ratio of two things that were measured side by side. */
  readonly unit: '×' | 'ms' | 'MiB' | 'bytes'
}

const ratio = (work: string, direction: Goal['direction'], bound: number, goal: string): Goal => ({
  work,
  goal,
  bound,
  direction,
  unit: '×',
})

/** Every goal, by its id. */
export const goals = {
  'get-cpu': ratio('authenticated GET, all four layers, embedded', 'at most', 1.1, 'CPU per request, × bare Fastify'),
  'get-rate': ratio(
    'authenticated GET, all four layers, embedded',
    'at least',
    0.9,
    'requests a second, × bare Fastify',
  ),
  'get-peers': ratio(
    'authenticated GET, against the secured stacks',
    'at least',
    5,
    'CPU per request of the best of them, × ours',
  ),
  'get-fastapi': ratio(
    "authenticated GET, against the article's FastAPI",
    'at least',
    20,
    'its CPU per request, × ours',
  ),
} as const satisfies Readonly<Record<string, Goal>>

export type GoalId = keyof typeof goals

/** Whether a figure is within `slack` times the bound. */
export const isMet = ({ bound, direction }: Goal, value: number, slack = 1): boolean =>
  direction === 'at most' ? value <= bound * slack : value >= bound / slack
