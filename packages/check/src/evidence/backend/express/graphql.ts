/** GraphQL on Express: express-graphql, Apollo Server and GraphQL Yoga. One endpoint, and the explorer that may stand beside it. */
import { type Call, type Located, lastName, possibilities, textsOf, type Value } from '../../source/index.ts'
import { runsAsDevelopment } from '../disclosure/index.ts'
import type { CorsSetting, DebugSign, Docs, FrameworkFacts, Place, Route } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { argumentsOf, loginOf } from './graphql-arguments.ts'
import { coverageOf } from './graphql-coverage.ts'
import { corsOf, debugOf, docsOf } from './graphql-options.ts'
import type { Walked } from './routes.ts'

type GraphqlKind = 'express-graphql' | 'apollo' | 'apollo-4' | 'yoga'

/** A server of GraphQL, where it is made and where it is put on the application. */
export interface Endpoint {
  readonly kind: GraphqlKind
  readonly made: Located<Call>
  readonly options: Extract<Value, { kind: 'object' }> | undefined
  readonly mount: Located<Call>
  readonly path: string
}

type GraphqlFacts = Pick<FrameworkFacts, 'routes' | 'guards' | 'cors' | 'docs' | 'debug'>

const PACKAGES =
  /^(?:express-graphql|apollo-server-express|@apollo\/server(?:\/.*)?|@as-integrations\/express\d*|graphql-yoga|@graphql-yoga\/node)$/

export const readGraphql = (reading: Reading, walked: Pick<Walked, 'used'>): GraphqlFacts => {
  const endpoints = endpointsOf(reading)
  const login = endpoints.length > 0 ? loginOf(reading) : undefined
  const read = endpoints.map((one) => {
    const covered = coverageOf(reading, one, walked)
    const when = whenOf(reading, one.mount.node)
    const route: Route = {
      framework: 'express',
      method: 'POST',
      path: one.path,
      at: placeOf(reading, one.mount.node.at),
      guard: covered.guard,
      ...(covered.guardAt === undefined ? {} : { guardAt: covered.guardAt }),
      limiters: covered.limiters,
      inputs: argumentsOf(reading, one),
      handler: login === undefined ? 'graphql' : `graphql.${login}`,
    }
    const docs = docsOf(reading, one).map((each): Docs => {
      if (each.when === 'never') return each
      if (covered.guard !== 'none') return { ...each, when: 'guarded' }
      const shown = when === 'development' ? 'development' : each.when
      // Nothing says that this is production: what development has is what is up.
      return { ...each, when: shown === 'development' && runsAsDevelopment(reading) ? 'always' : shown }
    })
    return { route, docs, covered, cors: corsOf(reading, one), debug: debugOf(reading, one) }
  })
  return {
    routes: read.map((one) => one.route),
    guards: read.flatMap(({ covered }) => (covered.context === undefined ? [] : [covered.context])),
    cors: read.flatMap((one): readonly CorsSetting[] => one.cors),
    docs: read.flatMap((one) => one.docs),
    debug: [...read.flatMap((one): readonly DebugSign[] => one.debug), ...ofExpress(reading, endpoints, walked)],
  }
}

/** What goes wrong before or behind the endpoint is answered by Express itself: with the stack, unless NODE_ENV is production. */
const ofExpress = (
  reading: Reading,
  endpoints: readonly Endpoint[],
  { used }: Pick<Walked, 'used'>,
): readonly DebugSign[] => {
  const start = reading.deployment?.start
  const answered = used.some(({ handler }) =>
    possibilities(handler.value).some((one) => one.kind === 'function' && one.node.parameters.length === 4),
  )
  return endpoints.length > 0 && !answered && start !== undefined && runsAsDevelopment(reading)
    ? [{ at: start, what: 'it runs without NODE_ENV=production, where Express answers errors with their stack' }]
    : []
}

/** Every call that makes a server, by the names under which the packages are imported. */
const endpointsOf = (reading: Reading): readonly Endpoint[] => {
  const names = new Set<string>()
  for (const module of reading.program.modules.values())
    for (const node of module.body)
      if (node.kind === 'import' && PACKAGES.test(node.from))
        for (const { imported, local } of node.names)
          for (const name of imported === '*' ? ['graphqlHTTP', 'ApolloServer', 'createYoga'] : [local]) names.add(name)
  const calls = new Set([...names].flatMap((name) => reading.program.callsNamed(name)))
  return [...calls].flatMap((made): readonly Endpoint[] => {
    const callee = reading.evaluator.value(made.node.callee, made.scope)
    const kind = callee.kind === 'external' ? kindOf(callee) : undefined
    if (kind === undefined) return []
    const given = made.node.args[0] && reading.evaluator.value(made.node.args[0], made.scope)
    const options = given && possibilities(given).find((one) => one.kind === 'object')
    const one = { kind, made, options: options?.kind === 'object' ? options : undefined }
    return mountsOf(reading, one).map((mount) => ({ ...one, ...mount }))
  })
}

const kindOf = (callee: Extract<Value, { kind: 'external' }>): GraphqlKind | undefined => {
  const name = callee.path.filter((one) => one !== 'default' && one !== '*').join('.')
  if (callee.from === 'express-graphql') return /^(?:graphqlHTTP)?$/.test(name) ? 'express-graphql' : undefined
  if (name === 'ApolloServer') return callee.from.startsWith('@apollo') ? 'apollo-4' : 'apollo'
  if (!/yoga/.test(callee.from)) return
  return /^(?:createYoga|createServer)$/.test(name) ? 'yoga' : undefined
}

type Mount = Pick<Endpoint, 'mount' | 'path'>

const MOUNTS = ['use', 'all', 'post', 'get', 'route'] as const

const mountsOf = (reading: Reading, { kind, made, options }: Omit<Endpoint, 'mount' | 'path'>): readonly Mount[] => {
  const isMade = (value: Value): boolean =>
    possibilities(value).some((one) => one.kind === 'external' && comesFrom(one, made.node))
  if (kind === 'apollo') {
    const applied = ['applyMiddleware', 'getMiddleware'].flatMap((name) =>
      reading.program.callsNamed(name).filter(({ node, scope }) => isMade(reading.evaluator.value(node.callee, scope))),
    )
    return applied.map((mount) => ({ mount, path: pathOption(reading, mount) ?? '/graphql' }))
  }
  if (kind === 'apollo-4') {
    const middleware = reading.program.callsNamed('expressMiddleware')
    return middleware.map((one) => around(reading, one) ?? { mount: one, path: '/graphql' })
  }
  const inside = around(reading, made)
  if (inside !== undefined) return [inside]
  const put = MOUNTS.flatMap((name) => reading.program.callsNamed(name)).filter(({ node, scope }) =>
    node.args.some((arg) => arg.kind !== 'function' && isMade(reading.evaluator.value(arg, scope))),
  )
  const endpoint = options?.entries.get('graphqlEndpoint')
  const usual = (endpoint && textsOf(endpoint)[0]) ?? '/graphql'
  return put.slice(0, 1).map((mount) => ({ mount, path: pathIn(reading, mount) ?? usual }))
}

/** Whether a value was made by a call, through whatever was called on it afterwards. */
const comesFrom = (value: Extract<Value, { kind: 'external' }>, made: Call): boolean => {
  const call = value.call?.node
  return (
    call !== undefined && call.at.file === made.at.file && call.at.start <= made.at.start && call.at.end >= made.at.end
  )
}

/** The call of the application that a node stands in: `app.use('/graphql', graphqlHTTP(…))`, in a handler too. */
const around = (reading: Reading, made: Located<Call>): Mount | undefined => {
  for (let node = reading.program.parentOf(made.node); node !== undefined; node = reading.program.parentOf(node)) {
    const scope = reading.program.scopeOf(node)
    if (node.kind !== 'call' || scope === undefined || node.callee.kind !== 'member') continue
    if (!MOUNTS.some((name) => node.kind === 'call' && name === lastName(node.callee))) continue
    const mount = { node, scope }
    return { mount, path: pathIn(reading, mount) ?? '/graphql' }
  }
  return
}

const pathIn = (reading: Reading, { node, scope }: Located<Call>): string | undefined => {
  const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
  return given && textsOf(given).find((one) => one.startsWith('/'))
}

const pathOption = (reading: Reading, { node, scope }: Located<Call>): string | undefined => {
  const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
  const path = given?.kind === 'object' ? given.entries.get('path') : undefined
  return path && textsOf(path)[0]
}

/** GraphQL's facts beside the application's own. A route that Express saw too keeps what Express knows of its guard. */
export const withGraphql = (graphql: GraphqlFacts, express: FrameworkFacts): FrameworkFacts => {
  if (graphql.routes.length === 0) return express
  const same = (one: { readonly at: Place }, other: { readonly at: Place }): boolean =>
    one.at.file === other.at.file && one.at.line === other.at.line
  const routes = graphql.routes.map((one): Route => {
    const seen = express.routes.find((other) => same(one, other))
    return seen === undefined ? one : { ...seen, method: one.method, inputs: one.inputs, handler: one.handler }
  })
  const guarded = new Set(express.guards.map(({ at }) => `${at.file}:${at.line}`))
  return {
    ...express,
    routes: [...express.routes.filter((one) => !graphql.routes.some((other) => same(one, other))), ...routes],
    guards: [...express.guards, ...graphql.guards.filter(({ at }) => !guarded.has(`${at.file}:${at.line}`))],
    cors: [...express.cors, ...graphql.cors],
    docs: [...express.docs, ...graphql.docs],
    debug: [
      ...express.debug,
      ...graphql.debug.filter((one, index, all) =>
        [...express.debug, ...all.slice(0, index)].every((other) => !same(one, other)),
      ),
    ],
  }
}
