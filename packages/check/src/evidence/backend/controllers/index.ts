/** Express backends whose routes are declared by decorators of other packages than Nest: routing-controllers and tsoa. */
import { possibilities } from '../../source/index.ts'
import { runsAsDevelopment, stackSigns } from '../disclosure/index.ts'
import { appsOf } from '../express/apps.ts'
import type { CorsSetting, DebugSign, FrameworkFacts, GlobalGuard, Limiter, Route } from '../facts.ts'
import { literalOf, originsEntry } from '../literals.ts'
import { type Decorated, methodsOf, programOf } from '../nest/index.ts'
import { originOption } from '../origins/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { aroundServer, errorHandlers } from './middleware.ts'
import { isController, routesOf } from './routes.ts'
import { type Server, serversOf } from './servers.ts'
import { together } from './together.ts'
import { readTsoa } from './tsoa.ts'

export { together } from './together.ts'

const NOTHING: FrameworkFacts = { routes: [], limiters: [], guards: [], cors: [], docs: [], debug: [], proxies: [] }

const uses = (reading: Reading, pattern: RegExp): boolean =>
  [...reading.program.modules.values()].some((module) =>
    module.body.some((one) => one.kind === 'import' && pattern.test(one.from)),
  )

export const readControllers = (reading: Reading): FrameworkFacts =>
  together(
    uses(reading, /^routing-controllers$/) ? readRoutingControllers(reading) : NOTHING,
    uses(reading, /^(?:tsoa|@tsoa\/runtime)$/) ? { ...NOTHING, ...readTsoa(reading) } : NOTHING,
  )

const readRoutingControllers = (reading: Reading): FrameworkFacts => {
  const { classes } = programOf(reading)
  const servers = serversOf(reading)
  const controllers = classes.filter(isController)
  const apps = servers.some((one) => one.on !== undefined) ? appsOf(reading) : undefined
  const routes: Route[] = []
  const limiters: Limiter[] = []
  const guards: GlobalGuard[] = []
  for (const server of servers) {
    const around = aroundServer(reading, server, classes, apps)
    const own = controllers.filter((one) => server.controllers?.has(one.class.node) ?? true)
    const found = routesOf(reading, server, own, around)
    routes.push(...found)
    guards.push(...around.guards)
    const foreign = new Set(around.foreign)
    limiters.push(...around.limiters, ...found.flatMap((one) => one.limiters.filter((each) => !foreign.has(each))))
  }
  return {
    routes: unique(routes, (one) => `${one.method} ${one.path} ${one.handler}`),
    limiters: unique(limiters, lineOf),
    guards: unique(guards, lineOf),
    cors: servers.flatMap((one) => corsOf(reading, one)),
    docs: [],
    debug: unique(debugOf(reading, servers, classes, controllers), lineOf),
    proxies: [],
  }
}

const lineOf = ({ at }: { readonly at: { readonly file: string; readonly line: number } }): string =>
  `${at.file}:${at.line}`

const unique = <T>(all: readonly T[], key: (one: T) => string): readonly T[] =>
  [...new Map([...all].reverse().map((one) => [key(one), one] as const)).values()].reverse()

/** `cors: true` is the package `cors` with its defaults; options are handed to it as they are. */
const corsOf = (reading: Reading, server: Server): readonly CorsSetting[] => {
  const given = server.option('cors')
  if (given === undefined) return []
  const at = given.at.file === '' ? server.at : placeOf(reading, given.at)
  return possibilities(given).flatMap((one): readonly CorsSetting[] => {
    if (one.kind === 'literal') return one.value ? [{ at, origins: 'any', what: 'cors: true', credentials: false }] : []
    if (one.kind !== 'object') return [{ at, origins: 'unknown', what: 'cors options', credentials: false }]
    const origin = one.entries.get('origin')
    const credentials = one.entries.get('credentials')
    return [
      {
        at: origin === undefined ? at : placeOf(reading, origin.at),
        origins: originOption(reading, one, 'any'),
        what: 'cors origin',
        credentials: credentials?.kind === 'literal' && credentials.value === true,
        ...literalOf(originsEntry(reading, one, 'origin')),
      },
    ]
  })
}

const debugOf = (
  reading: Reading,
  servers: readonly Server[],
  classes: readonly Decorated[],
  controllers: readonly Decorated[],
): readonly DebugSign[] => [
  ...servers.flatMap((one) => [
    ...ofDefaultHandler(reading, one),
    ...errorHandlers(reading, one, classes).flatMap((each) => stackSigns(reading, each, 'error handler')),
  ]),
  ...controllers.flatMap((one) =>
    methodsOf(one.class.node).flatMap((node) => {
      const scope = reading.program.scopeOf(node)
      return scope === undefined
        ? []
        : stackSigns(reading, { kind: 'function', node, scope, frame: undefined, at: node.at }, 'handler')
    }),
  ),
]

/** The package's own error handler answers the stack while `development` is on, which it is unless NODE_ENV is production. */
const ofDefaultHandler = (reading: Reading, server: Server): readonly DebugSign[] => {
  const handler = server.option('defaultErrorHandler')
  if (handler?.kind === 'literal' && handler.value === false) return []
  const development = server.option('development')
  if (development?.kind === 'literal')
    return development.value
      ? [{ at: placeOf(reading, development.at), what: 'development: true, so errors are answered with their stack' }]
      : []
  const start = reading.deployment?.start
  return development === undefined && start !== undefined && runsAsDevelopment(reading)
    ? [
        {
          at: start,
          what: 'it runs without NODE_ENV=production, where routing-controllers answers errors with their stack',
        },
      ]
    : []
}
