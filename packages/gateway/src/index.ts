/** The gateway as a program of your own: read the settings, open it, listen. */
export type { Access } from './access.ts'
export type { Gateway } from './gateway.ts'
export { openGateway } from './gateway.ts'
export type { Settings } from './settings.ts'
export { readSettings } from './settings.ts'
