/** Documents of the API that anyone may read: Swagger, Scalar, GraphQL's playgrounds, and routes that answer the document itself. */
import { type Call, type Located, possibilities, textsOf, type Value, withoutDefault } from '../../source/index.ts'
import type { Docs, Route } from '../facts.ts'
import { placeOf, type Reading, type When, whenTrue } from '../reading.ts'
import { appCalls } from './application.ts'
import { graphqlOptions, isApolloUntold } from './graphql.ts'
import { coversAll, type Middleware, meets } from './middleware.ts'
import { joined } from './paths.ts'
import { whenCalled } from './when.ts'

export const docsOf = (
  reading: Reading,
  middleware: readonly Middleware[],
  routes: readonly Route[],
): readonly Docs[] => [
  ...swagger(reading, middleware),
  ...mounted(reading, middleware),
  ...graphql(reading),
  ...answered(routes),
]

const stated = (when: When): Docs['when'] => (when === 'production' ? 'always' : when)

const guarded = (path: string, middleware: readonly Middleware[], when: Docs['when']): Docs['when'] => {
  if (when === 'development') return when
  const covers = middleware.some(
    (one) =>
      one.guard !== undefined &&
      !one.guard.optional &&
      (coversAll(one) || one.targets.some((each) => meets(each, { method: 'GET', paths: [path], controllers: [] }))),
  )
  return covers ? 'guarded' : when
}

const isSwagger = (reading: Reading, { node, scope }: Located<Call>): boolean => {
  const callee = reading.evaluator.value(node.callee, scope)
  return possibilities(callee).some(
    (one) =>
      one.kind === 'external' &&
      /swagger/i.test(`${one.from} ${one.path.join('.')}`) &&
      withoutDefault(one.path).at(-1) === 'setup',
  )
}

const swagger = (reading: Reading, middleware: readonly Middleware[]): readonly Docs[] =>
  reading.program.callsNamed('setup').flatMap((located): readonly Docs[] => {
    const { node, scope } = located
    if (node.args.length < 3 || !isSwagger(reading, located)) return []
    const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
    const path = joined((given && textsOf(given)[0]) ?? 'api')
    const options = node.args[3] && reading.evaluator.value(node.args[3], scope)
    const paths = documentsAt(path, options)
    const when = stated(whenCalled(reading, node))
    const open = paths.find((one) => guarded(one, middleware, when) !== 'guarded')
    return [
      {
        at: placeOf(reading, node.at),
        path: open ?? path,
        when: paths.length === 0 ? 'never' : guarded(open ?? path, middleware, when),
      },
    ]
  })

/** The page, and beside it the document itself: `/docs`, `/docs-json` and `/docs-yaml`, unless they are off or elsewhere. */
const documentsAt = (path: string, options: Value | undefined): readonly string[] => {
  const option = (name: string) => (options?.kind === 'object' ? options.entries.get(name) : undefined)
  const raw = option('raw')
  const documents = ['json', 'yaml'].flatMap((format) => {
    const isOff = raw?.kind === 'list' && !raw.items.some((one) => textsOf(one).includes(format))
    const own = option(`${format}DocumentUrl`)
    return isFalse(raw) || isOff ? [] : [joined((own && textsOf(own)[0]) ?? `${path}-${format}`)]
  })
  return isFalse(option('ui')) || isFalse(option('swaggerUiEnabled')) ? documents : [path, ...documents]
}

const isFalse = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === false

/** `app.use('/reference', apiReference({…}))`, `app.use('/docs', swaggerUi.serve, …)`. */
const mounted = (reading: Reading, middleware: readonly Middleware[]): readonly Docs[] =>
  appCalls(reading, 'use').flatMap(({ node, scope }): readonly Docs[] => {
    const values = node.args.map((one) => reading.evaluator.value(one, scope))
    if (
      !values.some((one) =>
        possibilities(one).some(
          (each) => each.kind === 'external' && /^(?:@scalar\/.*|swagger-ui-express|redoc-express)$/.test(each.from),
        ),
      )
    )
      return []
    const path = joined((values[0] && textsOf(values[0])[0]) ?? '')
    return [{ at: placeOf(reading, node.at), path, when: guarded(path, middleware, stated(whenCalled(reading, node))) }]
  })

const graphql = (reading: Reading): readonly Docs[] =>
  graphqlOptions(reading).flatMap(({ options, at }): readonly Docs[] => {
    const path = joined(
      (options.entries.get('path') && textsOf(options.entries.get('path') ?? options)[0]) ?? 'graphql',
    )
    const found = ['playground', 'graphiql', 'introspection'].flatMap((name): readonly Docs[] => {
      const value =
        options.entries.get(name) ??
        options.rest.map((one) => reading.evaluator.member(one, name, one.at)).find((one) => one.kind === 'literal')
      if (value === undefined) return []
      const written =
        options.node?.node.kind === 'object'
          ? options.node.node.entries.find((one) => one.key.kind === 'literal' && one.key.value === name)?.value
          : undefined
      const when = settingWhen(reading, value, written, options.node?.scope)
      return when === undefined ? [] : [{ at: placeOf(reading, written?.at ?? at), path: `${path} (${name})`, when }]
    })
    return found.length === 0 && isApolloUntold(options, ['playground', 'graphiql', 'introspection', 'plugins'])
      ? [{ at: placeOf(reading, at), path: `${path} (explorer)`, when: untold(reading) }]
      : found
  })

/** Apollo shows its explorer unless NODE_ENV is production: where nothing says how it is started, nobody knows. */
const untold = ({ deployment }: Reading): Docs['when'] =>
  deployment === undefined || deployment.production
    ? 'development'
    : deployment.start === undefined
      ? 'unknown'
      : 'always'

/** When a switch is on, by its value or by what its expression asks. */
const settingWhen = (
  reading: Reading,
  value: Value,
  written: Located['node'] | undefined,
  scope: Located['scope'] | undefined,
): Docs['when'] | undefined => {
  const literals = possibilities(value).flatMap((one) =>
    one.kind === 'literal' ? [Boolean(one.value)] : one.kind === 'object' || one.kind === 'external' ? [true] : [],
  )
  if (literals.length > 0 && literals.length === possibilities(value).length && written?.kind !== 'conditional')
    return literals.some((one) => one) ? 'always' : undefined
  if (written === undefined || scope === undefined) return literals.includes(true) ? 'always' : undefined
  if (written.kind === 'conditional') {
    const says = whenTrue(reading, written.test, scope)
    const then = reading.evaluator.value(written.consequent, scope)
    if (isFalse(then)) return says === 'production' ? 'development' : 'unknown'
    return stated(says)
  }
  return stated(whenTrue(reading, written, scope))
}

const DOCUMENT =
  /(?:^|\/)(?:(?:openapi|swagger)(?:[.-]?(?:json|ya?ml|doc|spec))?|api-?docs?|api-(?:json|yaml)|redoc|scalar)$/i

/** A route of the project's own that answers the document. */
const answered = (routes: readonly Route[]): readonly Docs[] =>
  routes.flatMap((one): readonly Docs[] =>
    one.method === 'GET' && DOCUMENT.test(one.path)
      ? [{ at: one.at, path: one.path, when: one.guard === 'none' || one.guard === 'exempt' ? 'always' : 'guarded' }]
      : [],
  )
