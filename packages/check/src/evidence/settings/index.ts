/** What a program is told from outside of its code: environment, start commands, the proxies in front of it, its dependencies' holes. */
export { type Advisory, type Audit, auditOf } from './dependencies.ts'
export { folderOf, scriptsRunBy } from './run-scripts.ts'
export {
  type Command,
  type CommandKind,
  type EnvironmentKind,
  type EnvironmentValue,
  type ProxyKind,
  type ProxySign,
  type Settings,
  settingsOf,
} from './settings.ts'
export { startsServer } from './shell.ts'
