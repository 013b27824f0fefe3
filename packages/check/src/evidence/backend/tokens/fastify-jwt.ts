/** @fastify/jwt, as it is registered. */
import type { Call, Located, Program, Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** The options of `app.register(fastifyJwt, { secret, sign: { expiresIn } })`; of several, those of the namespace that is asked. */
export const fastifyOptions = (reading: Reading, path: readonly string[]): { key?: Value; expires?: Value } => {
  const all = jwtRegistrations(reading)
  const named = all.filter(({ node, scope }) => {
    const space =
      node.args[1] && reading.evaluator.member(reading.evaluator.value(node.args[1], scope), 'namespace', node.at)
    return space?.kind === 'literal' && path.includes(String(space.value))
  })
  const registered = named[0] ?? all[0]
  if (registered === undefined) return {}
  const options = registered.node.args[1]
  const object = options ? reading.evaluator.value(options, registered.scope) : undefined
  if (object === undefined) return {}
  const key = reading.evaluator.member(object, 'secret', registered.node.at)
  // Beside `sign`, at the top, it is not read.
  const sign = reading.evaluator.member(object, 'sign', registered.node.at)
  const expires = sign.kind === 'object' ? sign.entries.get('expiresIn') : undefined
  return { ...(key.kind === 'unknown' && key.label?.length === 1 ? {} : { key }), ...(expires ? { expires } : {}) }
}

/** The registrations of @fastify/jwt. */
export const jwtRegistrations = (reading: Reading): readonly Located<Call>[] => {
  const kept = registrations.get(reading.program)
  if (kept !== undefined) return kept
  const found = reading.program.callsNamed('register').filter(({ node, scope }) => {
    const plugin = node.args[0] && reading.evaluator.value(node.args[0], scope)
    return plugin?.kind === 'external' && /^(?:@fastify\/jwt|fastify-jwt)$/.test(plugin.from)
  })
  registrations.set(reading.program, found)
  return found
}

/** Asked for each call that may sign. */
const registrations = new WeakMap<Program, readonly Located<Call>[]>()

export const usesFastifyJwt = (reading: Reading): boolean =>
  reading.program.imports.has('@fastify/jwt') ||
  reading.program.imports.has('fastify-jwt') ||
  jwtRegistrations(reading).length > 0
