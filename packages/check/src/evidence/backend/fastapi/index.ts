/** Reads FastAPI programs: routes with their guards, limits and inputs, and the settings around them. */
import type { FrameworkFacts, Route } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { mountedHandlers, readApplication } from './application.ts'
import { Types } from './bounds.ts'
import { corsOf } from './cors.ts'
import { debugOf } from './debug.ts'
import { docsOf } from './docs.ts'
import { guardingOf } from './guarding.ts'
import { inputsOf } from './inputs.ts'
import { limitingOf } from './limiters.ts'
import { middlewareIn } from './middleware.ts'
import { type Command, proxiesOf } from './proxies.ts'

export type { Command } from './proxies.ts'

/** `commands` are how images, compose files and Procfiles start it. */
export const readFastapi = (reading: Reading, commands: readonly Command[]): FrameworkFacts => {
  const application = readApplication(reading)
  const mounted = mountedHandlers(application)
  const middleware = middlewareIn(reading)
  const guarding = guardingOf(reading, application, middleware, mounted)
  const limiting = limitingOf(reading, application, middleware, mounted)
  const types = new Types(reading)
  const routes = mounted.flatMap((one): Route[] => {
    const { handler, path } = one
    const rest = {
      framework: 'fastapi' as const,
      path,
      at: placeOf(reading, handler.call.node.at),
      ...guarding.of(one),
      limiters: limiting.of(one),
      inputs: inputsOf(reading, types, handler, path),
      handler: handler.function?.node.name ?? '',
    }
    return handler.methods.map((method) => ({ ...rest, method }))
  })
  return {
    routes,
    limiters: limiting.limiters,
    guards: guarding.guards,
    cors: corsOf(reading),
    docs: docsOf(reading, application, mounted, guarding),
    debug: debugOf(reading, application, mounted, guarding, commands),
    proxies: proxiesOf(reading, commands, middleware),
    unreadRoutes: application.madeElsewhere.map(({ node }) => placeOf(reading, node.at)),
  }
}
