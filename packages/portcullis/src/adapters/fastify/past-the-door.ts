import type { FastifyInstance } from 'fastify'
import { constructorOptions } from './constructor-options.ts'

/** Events of a server whose listeners may answer, and how many of them are the door's (server.ts) or Node's own (it makes requests of streams). */
const ANSWERING = { connect: 0, checkContinue: 1, checkExpectation: 1, stream: 1 } as const

const listens = (event: string): string =>
  `Something listens for the server's '${event}' event and would answer past the door: take it out.`

/** What answers without a hook of Fastify's, and so without the door. */
export const pastTheDoor = (app: FastifyInstance): readonly string[] => {
  const { serverFactory } = constructorOptions(app)
  const listeners = app.server.listeners('request')
  // engine.io takes the listener that is there away, and asks it for what is not its own.
  const others = serverFactory === undefined ? listeners.filter((one) => one !== app.routing) : listeners.slice(1)
  const router: Readonly<Record<string, unknown>> = app.initialConfig.routerOptions ?? {}
  return [
    ...(others.length > 0
      ? ["Something else listens for the server's 'request' event and would answer past the door: take it out."]
      : []),
    ...Object.entries(ANSWERING).flatMap(([event, own]) =>
      app.server.listenerCount(event) > own ? [listens(event)] : [],
    ),
    ...['defaultRoute', 'onBadUrl', 'onMaxParamLength']
      .filter((name) => router[name] !== undefined)
      .map((name) => `routerOptions.${name} would answer past the door: take it out, and set a 404 handler.`),
  ]
}
