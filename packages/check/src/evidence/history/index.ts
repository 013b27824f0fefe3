/** Secrets in what was ever added to the repository, whether it is still there or not. */
export { type HistoryFinding, type HistorySecrets, historySecrets } from './history.ts'
export { sinkSecrets } from './sinks.ts'
