import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { AccessRule } from '../../layers/access/index.ts'
import type { Registrations } from './registrations.ts'
import { registrations } from './registrations.ts'
import type { SharedSchemas } from './shared-schemas.ts'

/** What the plugin hangs into an application: who sees each route as it is registered, and each request as it arrives. */
export interface Hung {
  route(route: RouteOptions, group: AccessRule | undefined, shared: SharedSchemas): void
  request(request: FastifyRequest, reply: FastifyReply, done: () => void): void
}

/** What is known of an application since it was made. */
export interface Watch {
  hung: Hung | undefined
  /** Routes that were registered before the door was hung. */
  readonly early: string[]
  readonly registrations: Registrations
  /** The contexts that routes were registered in. */
  readonly contexts: Set<FastifyInstance>
}

const watches = new WeakMap<object, Watch>()

/**
 * The watch of an application, or undefined when the application was made before this module was loaded, or is not the root.
 */
export const watchOf = (app: FastifyInstance): Watch | undefined => watches.get(app)

/**
 * Fastify hooks cover what is registered after them, in the same context and below. A route in a sibling context, or one that
 * another plugin brought first, would have no guard at all. So the door's two hooks are added to every application at its
 * birth, before anybody can register anything; they do nothing until the plugin hangs the door.
 */
const watch = (app: FastifyInstance): void => {
  const state: Watch = { hung: undefined, early: [], registrations: registrations(app), contexts: new Set([app]) }
  watches.set(app, state)
  app.addHook('onRoute', function (route) {
    state.contexts.add(this)
    if (state.hung === undefined) state.early.push(`${[route.method].flat().join(',')} ${route.url}`)
    else state.hung.route(route, state.registrations.groupRule(this), this.getSchemas())
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (state.hung === undefined) done()
    else state.hung.request(request, reply, done)
  })
}

subscribe('fastify.initialization', (message) => watch((message as { fastify: FastifyInstance }).fastify))
