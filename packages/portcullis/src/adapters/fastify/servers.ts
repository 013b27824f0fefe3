import { subscribe } from 'node:diagnostics_channel'
import type { RequestListener, Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { AnyApplication } from './any-application.ts'

/** The servers of an application, its own first, and what is done with each before it listens. */
interface Servers {
  readonly all: Server[]
  readonly prepare: ((server: Server) => void)[]
}

/** By the listener that Fastify gives each of them. */
const known = new WeakMap<RequestListener, Servers>()

const of = (app: AnyApplication): Servers => {
  const { routing, server } = app as FastifyInstance
  const servers = known.get(routing) ?? { all: [server], prepare: [] }
  known.set(routing, servers)
  return servers
}

/**
 * Listening on `localhost` Fastify makes a server for each of its addresses, and shows none but the first: the others would have no
 * bounds. Node tells of each server before it listens.
 */
subscribe('tracing:net.server.listen:asyncStart', (message) => {
  const { server } = message as { readonly server: Server }
  const servers = server.listeners('request').flatMap((listener) => known.get(listener as RequestListener) ?? [])[0]
  if (servers === undefined || servers.all.includes(server)) return
  servers.all.push(server)
  for (const one of servers.prepare) one(server)
})

/** Does this with the application's server now, and with each other one that it gets before that listens. */
export const everyServer = (app: AnyApplication, prepare: (server: Server) => void): void => {
  const servers = of(app)
  servers.prepare.push(prepare)
  for (const server of servers.all) prepare(server)
}

/** Every server that the application has by now. */
export const serversOf = (app: AnyApplication): readonly Server[] => of(app).all
