/** Everything that goes out. Each format is a pure function of one report. */
export { newSince } from './baseline.ts'
export { bounded, visible } from './clean.ts'
export { diffOf } from './diff.ts'
export type { Side } from './fingerprints.ts'
export { applyFixes, type FileReader, type FixOutcome } from './fix.ts'
export { toHtml } from './html.ts'
export { toJson } from './json.ts'
export { toJunit } from './junit.ts'
export { type Progress, progress } from './progress.ts'
export {
  buildReport,
  type Finding,
  type Report,
  type ReportInput,
  type ReportItem,
  type Target,
  version,
} from './report.ts'
export { toSarif } from './sarif.ts'
export {
  type ParsedSuppressions,
  parseSuppressions,
  type StaleSuppression,
  SUPPRESSIONS_FILE,
  type Suppression,
} from './suppressions.ts'
export { type TerminalOptions, toTerminal } from './terminal.ts'
export type { FailOn, Verdict } from './verdict.ts'
