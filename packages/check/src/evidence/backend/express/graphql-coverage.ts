/** What a request meets before a GraphQL endpoint. */
import { lastName, possibilities, type Value, walkBody } from '../../source/index.ts'
import type { GlobalGuard, Limiter, Route } from '../facts.ts'
import { guardIn, refusalIn } from '../guards/index.ts'
import { limiterIn } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Endpoint } from './graphql.ts'
import type { Walked } from './routes.ts'

interface Coverage extends Pick<Route, 'guard' | 'guardAt'> {
  readonly limiters: readonly Limiter[]
  /** A context that refuses strangers stands before every field. */
  readonly context?: GlobalGuard
}

/** What a request meets before the endpoint: in its own call, on the application, and in the context that every field gets. */
export const coverageOf = (reading: Reading, endpoint: Endpoint, { used }: Pick<Walked, 'used'>): Coverage => {
  const { node, scope } = endpoint.mount
  const before = used.filter(
    ({ registration, path }) =>
      registration.method === 'USE' &&
      registration.call.node !== node &&
      (path === '/' || path === endpoint.path) &&
      (registration.call.node.at.file !== node.at.file || registration.call.node.at.end < node.at.end),
  )
  const values = node.args
    .filter((arg) => arg.kind !== 'function')
    .map((arg) => ({ arg, value: reading.evaluator.value(arg, scope) }))
  const limiters = [...before.map(({ handler }) => handler.value), ...values.map((one) => one.value)].flatMap(
    (value): readonly Limiter[] => {
      const found = limiterIn(reading, value)
      return found === undefined ? [] : [{ ...found, mounted: 'somewhere' }]
    },
  )
  const standing = before.find(({ handler }) => refuses(reading, handler.value, handler.name))
  if (standing !== undefined) {
    const at = placeOf(reading, standing.registration.call.node.at)
    const guard = { at, what: standing.handler.name, faults: [] }
    return standing.path === '/'
      ? { guard: 'global', guardAt: at, limiters, context: guard }
      : { guard: 'group', guardAt: at, limiters }
  }
  const own = values.find(({ arg, value }) =>
    refuses(reading, value, lastName(arg.kind === 'call' ? arg.callee : arg) ?? ''),
  )
  if (own !== undefined) return { guard: 'own', guardAt: placeOf(reading, own.arg.at), limiters }
  const context = contextOf(reading, endpoint)
  if (context === undefined || !refusesStrangers(reading, context)) return { guard: 'none', limiters }
  const at = placeOf(reading, context.at)
  return { guard: 'global', guardAt: at, limiters, context: { at, what: 'the context of GraphQL', faults: [] } }
}

const refuses = (reading: Reading, value: Value, name: string): boolean =>
  guardIn(reading, value, name)?.optional === false

/** The function that makes the context: an option of the server, or of Apollo 4's middleware. */
const contextOf = (reading: Reading, endpoint: Endpoint): Extract<Value, { kind: 'function' }> | undefined => {
  const middleware = endpoint.mount.node.args
    .flatMap((arg) => possibilities(reading.evaluator.value(arg, endpoint.mount.scope)))
    .flatMap((one) =>
      one.kind === 'external' && one.call && lastName(one.call.node.callee) === 'expressMiddleware'
        ? one.call.node.args.slice(1).map((arg) => one.call && reading.evaluator.value(arg, one.call.scope))
        : [],
    )
  const given = [endpoint.options, ...middleware].flatMap((one) =>
    one?.kind === 'object' ? (one.entries.get('context') ?? []) : [],
  )
  return given.find((one) => one.kind === 'function')
}

/** Under a condition of its own, and not only where its own check went wrong: `if (!user) throw …`. */
const refusesStrangers = (reading: Reading, context: Extract<Value, { kind: 'function' }>): boolean => {
  let throws = false
  walkBody(context.node.body, (node) => {
    if (
      node.kind === 'if' &&
      node.consequent.some((one) => one.kind === 'throw') &&
      refusalIn(reading, node.consequent, context.scope)
    )
      throws = true
  })
  return throws
}
