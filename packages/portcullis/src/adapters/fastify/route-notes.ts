import type { InputFinding } from '../../door/index.ts'

/** What is wrong with routes. */
export interface Notes {
  /** Stop the start everywhere. */
  readonly faults: string[]
  readonly findings: InputFinding[]
}

export const notes = (): Notes => ({ faults: [], findings: [] })

/** Findings that nobody waived, one sentence for each place: all that is wrong there, what to write instead, and how to accept it. */
export const sentencesOf = (findings: readonly InputFinding[], waived: ReadonlySet<string>): readonly string[] =>
  [...Map.groupBy(findings, ({ name }) => name)]
    .filter(([name]) => !waived.has(name))
    .map(([name, found]) => `${name}: ${said(found)} (to accept it: validation.waive: ['${name}'])`)

const said = (found: readonly InputFinding[]): string => {
  const problems = new Set(found.map(({ problem }) => problem))
  const mends = new Set(found.flatMap(({ mend }) => mend ?? []))
  return [[...problems].join(' and '), ...mends].join(': ')
}
