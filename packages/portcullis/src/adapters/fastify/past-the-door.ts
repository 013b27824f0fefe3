import type { FastifyInstance } from 'fastify'
import { constructorOptions } from './constructor-options.ts'

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
    ...(app.server.listenerCount('connect') > 0
      ? ["Something listens for the server's 'connect' event and would answer past the door: take it out."]
      : []),
    ...['defaultRoute', 'onBadUrl', 'onMaxParamLength']
      .filter((name) => router[name] !== undefined)
      .map((name) => `routerOptions.${name} would answer past the door: take it out, and set a 404 handler.`),
  ]
}
