/** The reader of NestJS: controllers and resolvers with what stands before them, from decorators, modules and the start. */
import type { FrameworkFacts, GlobalGuard, Limiter } from '../facts.ts'
import { readBelowNest } from '../fastify/index.ts'
import { exceptionFaults } from '../guards/index.ts'
import { createdLimiters, limiterIn } from '../limits/index.ts'
import type { Reading } from '../reading.ts'
import { shapeOf } from '../schemas/index.ts'
import { everywhere } from './application.ts'
import { mountedLogins } from './better-auth-module.ts'
import { programOf } from './classes.ts'
import { corsOf } from './cors.ts'
import { debugOf } from './debug.ts'
import { docsOf } from './docs.ts'
import { registeredLimits } from './fastify-limits.ts'
import { guardKind } from './guard-kinds.ts'
import { limitersOf, throttlers } from './limits.ts'
import { coversAll, middlewareOf } from './middleware.ts'
import { prefixesOf } from './paths.ts'
import { pipeOf } from './pipes.ts'
import { proxiesOf } from './proxies.ts'
import { optIn, routesOf } from './routes.ts'

// What other packages of decorated controllers share with Nest: decorators taken apart, and DTO classes as shapes.
export { type ClassValue, type Decorated, lineOf, methodOf, methodsOf, programOf } from './classes.ts'
export { argOf, type Decorator, decoratorsOf, named } from './decorators.ts'
export { dtoShape, typeName } from './dto.ts'
export { classesOf, isTypeImport, readByHand } from './inputs.ts'

const NOTHING: FrameworkFacts = { routes: [], limiters: [], guards: [], cors: [], docs: [], debug: [], proxies: [] }

const usesNest = (reading: Reading): boolean =>
  [...reading.program.modules.values()].some((module) =>
    module.body.some((one) => one.kind === 'import' && /^@nestjs\/(?:common|core)$/.test(one.from)),
  )

export const readNest = (reading: Reading): FrameworkFacts => {
  if (!usesNest(reading)) return NOTHING
  const program = programOf(reading)
  const middleware = middlewareOf(reading)
  const guards = everywhere(program, 'APP_GUARD').flatMap(({ value, at }) => {
    const guard = guardKind(reading, value)
    return guard === undefined ? [] : [{ guard, at }]
  })
  const pipes = everywhere(program, 'APP_PIPE').map(({ value }) => pipeOf(reading, value))
  const settings = throttlers(reading)
  const byMiddleware = middleware.flatMap((one) => {
    const found = limiterIn(reading, one.value)
    const mounted: Limiter['mounted'] = coversAll(one) ? 'everywhere' : 'somewhere'
    return found === undefined ? [] : [{ middleware: one, limiter: { ...found, mounted } }]
  })
  const registered = registeredLimits(reading)
  const routes = routesOf({
    program,
    prefixes: prefixesOf(program),
    guards,
    middleware,
    pipes,
    throttlers: settings,
    schema: (value) => shapeOf(reading, value),
    limiters: byMiddleware,
    everywhere: registered,
  })
  const globals = guards
    .filter(({ guard }) => guard.kind === 'throttler')
    .flatMap(({ guard }) => limitersOf(reading, settings, guard, 'everywhere'))
  const used = routes.flatMap((one) => one.limiters)
  const throttled: readonly Limiter[] =
    globals.length > 0
      ? globals
      : used.some((one) => one.library === '@nestjs/throttler')
        ? used.filter((one) => one.library === '@nestjs/throttler')
        : settings.map((one) => ({
            at: one.at,
            library: '@nestjs/throttler',
            mounted: 'nowhere',
            ...(one.perMinute === undefined ? {} : { perMinute: one.perMinute }),
            key: one.key ?? { kind: 'client', at: one.at },
          }))
  const asked = new Set(
    used.filter(
      (one) =>
        one.library !== '@nestjs/throttler' &&
        !registered.includes(one) &&
        !byMiddleware.some(({ limiter }) => limiter === one),
    ),
  )
  const created = createdLimiters(reading, ['rateLimit', 'default', 'RateLimit'], /^express-rate-limit$/)
  const mountedAt = new Set(byMiddleware.map(({ limiter }) => `${limiter.at.file}:${limiter.at.line}`))
  const below = readBelowNest(reading)
  return {
    routes: [
      ...routes,
      ...below.routes,
      ...mountedLogins(
        reading,
        byMiddleware.filter(({ middleware }) => coversAll(middleware)).map(({ limiter }) => limiter),
      ),
    ],
    limiters: [
      ...below.limiters,
      ...throttled
        .map(plain)
        .filter(
          (one, index, all) =>
            all.findIndex((other) => other.at.file === one.at.file && other.at.line === one.at.line) === index,
        ),
      ...byMiddleware.map(({ limiter }) => limiter),
      ...registered,
      ...asked,
      ...created.filter((one) => !mountedAt.has(`${one.at.file}:${one.at.line}`)),
    ],
    guards: [
      ...guards.flatMap(({ guard, at }): readonly GlobalGuard[] =>
        guard.kind === 'authentication' && !guard.optional && !optIn(guard)
          ? [{ at, what: guard.what, faults: guard.faults }]
          : [],
      ),
      ...middleware.flatMap((one): readonly GlobalGuard[] =>
        one.guard !== undefined && !one.guard.optional && coversAll(one)
          ? [{ at: one.at, what: one.guard.what, faults: exceptionFaults(reading, one.value) }]
          : [],
      ),
    ],
    cors: corsOf(reading),
    docs: [...docsOf(reading, middleware, routes), ...below.docs],
    debug: debugOf(reading, program, routes),
    proxies: proxiesOf(reading),
  }
}

const plain = (limiter: Limiter): Limiter => ({
  at: limiter.at,
  library: limiter.library,
  mounted: limiter.mounted,
  ...(limiter.off ? { off: limiter.off } : {}),
  ...(limiter.perMinute === undefined ? {} : { perMinute: limiter.perMinute }),
  key: limiter.key,
})
