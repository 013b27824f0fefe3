/** Reads Flask and connexion programs: routes with their guards, limits and inputs, and the settings around them. */
import type { FrameworkFacts, Input, Place, Route } from '../facts.ts'
import { Types } from '../fastapi/bounds.ts'
import { debugSigns } from '../fastapi/debug.ts'
import type { Command } from '../fastapi/proxies.ts'
import { givesEnvironment } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { type ConnexionRoute, connexionDocs, connexionRoutes, type ReadText } from './connexion.ts'
import { corsOf } from './cors.ts'
import { debugOf } from './debug.ts'
import { docsOf } from './docs.ts'
import { guardingOf } from './guarding.ts'
import { inputsOf } from './inputs.ts'
import { quartCorsOf } from './quart-cors.ts'
import { type FlaskRoute, routesOf } from './routes.ts'
import { limitingOf, proxiesOf } from './settings.ts'

interface FlaskProject {
  /** The text of a file, for the OpenAPI documents that connexion serves. */
  readonly text?: ReadText
  readonly commands?: readonly Command[]
}

export const readFlask = (
  reading: Reading,
  { text = () => undefined, commands = [] }: FlaskProject = {},
): FrameworkFacts => {
  const written = routesOf(reading)
  const documented = connexionRoutes(reading, text)
  const guarding = guardingOf(reading)
  const limiting = limitingOf(reading, [...written, ...documented.map(wrapped)])
  const types = new Types(reading)
  const of = (one: FlaskRoute, at: Place, inputs: readonly Input[], guard = guarding.of(one)): Route[] =>
    one.methods.map((method) => ({
      framework: 'flask',
      method,
      path: one.path,
      at,
      ...guard,
      limiters: limiting.of(one, method),
      inputs,
      handler: one.name,
    }))
  const routes = [
    ...written.flatMap((one) => of(one, placeOf(reading, one.at.at), inputsOf(reading, types, one.path, one.handler))),
    ...documented.flatMap((one) => {
      const route = wrapped(one)
      const found = guarding.of(route)
      return of(
        route,
        one.at,
        one.inputs,
        one.secured && found.guard === 'none' ? { guard: 'own', guardAt: one.at } : found,
      )
    }),
  ]
  return {
    routes,
    limiters: limiting.limiters,
    guards: guarding.guards,
    cors: [...corsOf(reading), ...quartCorsOf(reading)],
    docs: [...docsOf(reading), ...connexionDocs(reading)],
    debug: [
      ...debugOf(reading, commands),
      ...debugSigns(reading),
      ...debugRoutes(routes),
      ...environmentRoutes(reading, written, guarding.of),
    ],
    proxies: proxiesOf(reading),
  }
}

/** A route of a document is as one of a decorator; what wraps its function counts. */
const wrapped = (one: ConnexionRoute): FlaskRoute => ({
  methods: [one.method],
  path: one.path,
  at: one.handler?.node ?? NOWHERE,
  handler: one.handler,
  name: one.name,
  endpoint: '',
  wrappers:
    one.handler?.node.decorators.map((node) => ({
      node,
      scope: (one.handler as NonNullable<typeof one.handler>).scope,
    })) ?? [],
  blueprint: undefined,
})

const NOWHERE = { kind: 'literal', value: null, at: { file: '', line: 1, start: 0, end: 0 } } as const

/** Routes that anybody may ask for the whole environment. */
const environmentRoutes = (
  reading: Reading,
  routes: readonly FlaskRoute[],
  guardOf: (one: FlaskRoute) => Pick<Route, 'guard'>,
): FrameworkFacts['debug'] =>
  routes
    .filter((one) => one.handler !== undefined && givesEnvironment(one.handler.node.body))
    .filter((one) => /^(?:none|exempt)$/.test(guardOf(one).guard))
    .map((one) => ({ at: placeOf(reading, one.at.at), what: `${one.path} gives the environment` }))

const debugRoutes = (routes: readonly Route[]): FrameworkFacts['debug'] =>
  routes
    .filter(({ path, guard }) => /(?:^|[/_-])debug(?:$|[/_-])/i.test(path) && (guard === 'none' || guard === 'exempt'))
    .map(({ at, method, path }) => ({ at, what: `${method} ${path} answers without a login` }))
