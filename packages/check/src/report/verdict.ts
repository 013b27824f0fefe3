/** What the exit code is, and the sentence that says what decided it. */
import type { Outcome } from '../items/index.ts'

/**
 * What counts as a failure of the command:
 * `fail` (the default) a failed item; `warn` a warning too; `not-proven` a warning and what was not proven too; `never` nothing:
 * the exit is 0 whatever was found, for a run that only reports.
 */
export type FailOn = 'fail' | 'warn' | 'not-proven' | 'never'

export interface Verdict {
  /** 0 all proven, 1 a failure, 3 nothing failed, and not all is proven. (2 is a usage error: there is no report then.) */
  readonly exit: 0 | 1 | 3
  readonly because: string
}

interface Judged {
  readonly id: string
  readonly outcome: Outcome
}

const FAILURES: Readonly<Record<FailOn, readonly Outcome[]>> = {
  fail: ['fail'],
  warn: ['fail', 'warn'],
  'not-proven': ['fail', 'warn', 'not-proven'],
  never: [],
}

/** Whether that outcome makes the command exit with 1. */
export const isFailure = (outcome: Outcome, failOn: FailOn): boolean => FAILURES[failOn].includes(outcome)

const NAMED = 5

const listed = (names: readonly string[]): string => {
  const all = names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} more`] : names
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

const said = (items: readonly Judged[], outcome: Outcome): readonly string[] => {
  const ids = items.filter((item) => item.outcome === outcome).map(({ id }) => id)
  if (ids.length === 0) return []
  const verb = { fail: 'failed', warn: 'warned', 'not-proven': ids.length === 1 ? 'was not proven' : 'were not proven' }
  return [`${listed(ids)} ${verb[outcome as keyof typeof verb]}`]
}

const sentences = (items: readonly Judged[], outcomes: readonly Outcome[]): string =>
  outcomes.flatMap((outcome) => said(items, outcome)).join('; ')

const OPEN: readonly Outcome[] = ['fail', 'warn', 'not-proven']

/** `settled` says why there may be nothing to judge: all of it was suppressed, or is known from the baseline. */
export const verdictOf = (items: readonly Judged[], failOn: FailOn, settled = ''): Verdict => {
  const open = items.filter(({ outcome }) => OPEN.includes(outcome))
  const failures = open.filter(({ outcome }) => isFailure(outcome, failOn))
  if (failOn === 'never' && open.length > 0)
    return { exit: 0, because: `it was asked never to fail; ${sentences(open, OPEN)}.` }
  if (failures.length > 0) return { exit: 1, because: `${sentences(failures, OPEN)}.` }
  if (open.length > 0) return { exit: 3, because: `nothing failed, but ${sentences(open, OPEN)}.` }
  if (settled !== '') return { exit: 0, because: settled }
  if (items.length === 0) return { exit: failOn === 'never' ? 0 : 3, because: 'nothing was looked at.' }
  const passed = items.filter(({ outcome }) => outcome === 'pass').length
  if (passed === items.length) return { exit: 0, because: `all ${passed} passed.` }
  return { exit: 0, because: `${passed} passed, ${items.length - passed} not applicable.` }
}
