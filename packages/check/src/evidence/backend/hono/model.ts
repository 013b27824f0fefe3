/** What an application of Hono is mounted with. */
import type { Frame, Node, Scope, Value } from '../../source/index.ts'
import type { Registration } from './registrations.ts'

export interface Handler {
  readonly value: Value
  readonly node: Node
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly name: string
}

/** What `createRoute` says. */
export interface Definition {
  readonly node: Node
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly value: Value
}

export interface Entry {
  readonly kind: 'use' | 'route' | 'mount' | 'docs'
  readonly method: string
  /** Undefined where it could not be read. */
  readonly path: string | undefined
  readonly handlers: readonly Handler[]
  readonly registration: Registration
  readonly definition?: Definition
  /** Registered on the application itself, not on a router that it mounts. */
  readonly root: boolean
  /** A login of better-auth's, below the path that was handed to it. */
  readonly delegated?: true
}
