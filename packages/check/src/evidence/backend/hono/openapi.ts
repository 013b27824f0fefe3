/** `app.openapi(createRoute({…}), handler)` of @hono/zod-openapi. */
import { possibilities, textsOf, type Value, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { handlersOf, nameOfValue } from './handlers.ts'
import type { Definition, Entry, Handler } from './model.ts'
import { pathOfValue } from './path-values.ts'
import { joined, routed } from './paths.ts'
import type { Registration } from './registrations.ts'

export const openapi = (
  reading: Reading,
  one: Registration,
  first: Value,
  under: string,
  base: Pick<Entry, 'registration' | 'root'>,
): Entry[] => {
  for (const value of possibilities(first)) {
    const definition = definitionOf(reading, value, one)
    if (definition === undefined) continue
    const member = (name: string) => reading.evaluator.member(definition.value, name, definition.node.at)
    const path = pathOfValue(member('path'))
    const [method = 'ALL'] = textsOf(member('method'))
    const listed = member('middleware')
    const own =
      listed.kind === 'unknown' || (listed.kind === 'literal' && listed.value === null)
        ? []
        : (listed.kind === 'list' ? listed.items : [listed]).map(
            (each): Handler => ({
              value: each,
              node: definition.node,
              scope: definition.scope,
              frame: definition.frame,
              name: nameOfValue(each),
            }),
          )
    const handlers = one.node.args.slice(1, 2).flatMap((arg) => handlersOf(reading, arg, one.scope, one.frame))
    return [
      {
        ...base,
        kind: 'route',
        method: method.toUpperCase(),
        path: joined(under, path === undefined ? '/:unknown' : routed(path)),
        handlers: [...own, ...handlers],
        definition,
      },
    ]
  }
  return [
    {
      ...base,
      kind: 'route',
      method: 'ALL',
      path: joined(under, '/:unknown'),
      handlers: one.node.args.slice(1, 2).flatMap((arg) => handlersOf(reading, arg, one.scope, one.frame)),
    },
  ]
}

/** `createRoute({…})`, or the object itself. */
const definitionOf = (reading: Reading, value: Value, one: Registration): Definition | undefined => {
  const given = one.node.args[0]
  if (
    value.kind === 'external' &&
    value.call?.node.args[0] &&
    /createRoute$/.test(withoutDefault(value.path).at(-2) ?? '')
  ) {
    const [node] = value.call.node.args
    return {
      node,
      scope: value.call.scope,
      frame: value.frame,
      value: reading.evaluator.value(node, value.call.scope, value.frame),
    }
  }
  return value.kind === 'object' && given ? { node: given, scope: one.scope, frame: one.frame, value } : undefined
}
