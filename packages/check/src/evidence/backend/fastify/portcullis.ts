/** Portcullis itself: one plugin that is the guard, the limits, the origins and the proxies. */
import { lastName, type Node, possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export const isPortcullis = (from: string, path: readonly string[]): boolean =>
  /^portcullis(?:\/fastify)?$/.test(from) && path.filter((one) => one !== '*').join('.') === 'portcullis'

/** The definitions that `routesOf(definitions)` registers. */
export const isDefinitions = (reading: Reading, value: Value): readonly Value[] | undefined => {
  if (
    value.kind === 'external' &&
    /^portcullis/.test(value.from) &&
    withoutDefault(value.path).join('.') === 'routesOf.()' &&
    value.call !== undefined
  ) {
    const [given] = value.call.node.args
    return given === undefined ? undefined : listIn(reading.evaluator.value(given, value.call.scope, value.frame))
  }
  // In the program that has it, routesOf is a function whose frame holds them.
  if (value.kind === 'function' && /(?:^|\/)adapters\/fastify\/definitions\.[jt]s$/.test(value.scope.module.file)) {
    const given = value.frame?.parameters.get('definitions')
    return given === undefined ? undefined : listIn(given)
  }
  return
}

const listIn = (value: Value): readonly Value[] =>
  possibilities(value)
    .flatMap((one) => (one.kind === 'list' ? one.items : []))
    .flatMap(possibilities)

/** `access: 'public'` or `access: publicAccess`. */
export const isPublicAccess = (node: Node | undefined, value: Value | undefined): boolean =>
  (node !== undefined && lastName(node) === 'publicAccess') ||
  (value !== undefined &&
    possibilities(value).some(
      (one) =>
        (one.kind === 'literal' && one.value === 'public') ||
        (one.kind === 'external' && one.path.at(-1) === 'publicAccess'),
    ))
