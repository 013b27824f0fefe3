import type { FileRole } from '../project/index.ts'

export type EnvironmentKind =
  | 'file'
  | 'compose'
  | 'image'
  | 'workflow'
  | 'script'
  | 'service'
  | 'kubernetes'
  | 'platform'

export interface EnvironmentValue {
  readonly name: string
  /** As written: `${X:-value}` stays. */
  readonly value: string
  readonly file: string
  readonly line: number
  readonly role: FileRole
  readonly kind: EnvironmentKind
  /** Whether its place says that it is for development or tests only. */
  readonly development: boolean
  /** Compose's service. */
  readonly service?: string
}

export type CommandKind =
  | 'image'
  | 'compose'
  | 'procfile'
  | 'script'
  | 'service'
  | 'workflow'
  | 'kubernetes'
  | 'platform'

export interface Command {
  /** As written. */
  readonly text: string
  /** One program with its arguments: shells, `exec`, `cross-env` and settings before it are taken off. */
  readonly argv: readonly string[]
  readonly file: string
  readonly line: number
  readonly role: FileRole
  readonly kind: CommandKind
  readonly development: boolean
  /** Compose's service, npm's script, the Procfile's process or the image's stage. */
  readonly name?: string
}

export type ProxyKind =
  | 'nginx'
  | 'traefik'
  | 'caddy'
  | 'haproxy'
  | 'heroku'
  | 'fly'
  | 'cloudflare'
  | 'kubernetes'
  | 'alb'
  | 'platform'

export interface ProxySign {
  readonly kind: ProxyKind
  readonly file: string
  readonly line: number
}

/** An image that Compose builds for a service. */
export interface Build {
  /** The Dockerfile, from the project's folder. */
  readonly image: string
  readonly compose: string
  readonly service: string
  readonly development: boolean
  /** The source is mounted over what was built in: what runs changes while it runs. */
  readonly mounted: boolean
  readonly environmentFiles: readonly string[]
}

/** What one file says. */
export interface Found {
  readonly env?: readonly EnvironmentValue[]
  readonly commands?: readonly Command[]
  readonly proxies?: readonly ProxySign[]
  readonly builds?: readonly Build[]
  /** Files that are read as environment because this one names them, from the project's folder. */
  readonly environmentFiles?: readonly string[]
  /** What could not be read. */
  readonly note?: string
}

export interface Place {
  readonly file: string
  readonly role: FileRole
  readonly development: boolean
}

const FOR_DEVELOPMENT =
  /(?:^|[._/-])(?:dev|develop|development|devcontainer|local|override|tests?|testing|e2e|ci|debug)(?:[._/-]|$)/i

/** By a file's path, a script's or a stage's name. */
export const isForDevelopment = (name: string): boolean => FOR_DEVELOPMENT.test(name)
