/** Reads options and environment, lists every mistake at once, freezes the result. Imports no other room. */
export type { EnvironmentTable, Setting, SettingsOf } from './environment.ts'
export { missing, readEnvironment } from './environment.ts'
export { FaultList, SettingsError } from './faults.ts'
export { listenError } from './listening.ts'
export { nodeFaults } from './node.ts'
export { choice, integer, list, optional, secret, text } from './readers.ts'
export { isSlip, nearest, unknownKeys } from './unknown-keys.ts'
