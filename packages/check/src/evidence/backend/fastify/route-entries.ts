/** The routes that a call on an instance, or a definition of Portcullis, adds. */
import { type Node, pathOf, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { cameTo, expression, optionOf, optionValue, textIn } from './expressions.ts'
import type { Added, Expression, RouteEntry } from './model.ts'

export const METHODS =
  /^(?:get|post|put|patch|delete|head|options|all|trace|search|propfind|mkcol|copy|move|lock|unlock)$/

export const joined = (prefix: string, url: string): string => {
  const path = `${prefix}/${url}`.replace(/\/{2,}/g, '/')
  return path.length > 1 && url !== '/' ? path : path.replace(/(.)\/$/, '$1')
}

/** `app.get(url, options, handler)`, `app.get(url, handler)`, `app.route(options)`. */
export const routeEntries = (
  reading: Reading,
  name: string,
  added: Added,
  args: readonly Expression[],
): RouteEntry[] => {
  const { prefix } = added.context
  const entry = (
    url: string | undefined,
    methods: readonly string[],
    options: Expression | undefined,
    handler: Expression | undefined,
  ): RouteEntry[] =>
    url === undefined
      ? []
      : [
          {
            ...added,
            methods,
            url: joined(prefix, url),
            options,
            handler: handler && cameTo(reading, handler),
            handlerName: nameIn(handler?.node),
          },
        ]
  const [first, second, third] = args
  if (first === undefined) return []
  if (name === 'route')
    return entry(
      textIn(optionValue(reading, first, 'url', 'path')),
      methodsIn(optionValue(reading, first, 'method')),
      first,
      optionOf(reading, first, 'handler'),
    )
  if (second === undefined) return []
  const options = third === undefined && cameTo(reading, second).kind !== 'object' ? undefined : second
  const handler = third ?? (options === undefined ? second : optionOf(reading, options, 'handler'))
  return entry(textIn(cameTo(reading, first)), [name === 'all' ? 'ALL' : name.toUpperCase()], options, handler)
}

const methodsIn = (value: Value | undefined): readonly string[] => {
  const methods = (value === undefined ? [] : possibilities(value))
    .flatMap((one) => (one.kind === 'list' ? one.items : [one]))
    .flatMap((one) => (one.kind === 'literal' ? [String(one.value).toUpperCase()] : []))
  return methods.length > 0 ? methods : ['ALL']
}

/** A route that knows no framework: `path`, `query` and `access` beside its handler. */
export const definitionEntries = (reading: Reading, added: Added, value: Value): RouteEntry[] => {
  if (value.kind !== 'object' || value.node === undefined) return []
  const options = expression(value.node.node, value.node.scope, undefined)
  const url = textIn(optionValue(reading, options, 'path', 'url'))
  const method = textIn(optionValue(reading, options, 'method'))
  if (url === undefined || method === undefined) return []
  const handler = optionOf(reading, options, 'handle', 'handler')
  const call = { node: { ...added.call.node, at: value.at }, scope: value.node.scope }
  return [
    {
      ...added,
      call,
      methods: [method.toUpperCase()],
      url: joined(added.context.prefix, url),
      options,
      handler: handler && cameTo(reading, handler),
      handlerName: '',
      neutral: true,
    },
  ]
}

const nameIn = (node: Node | undefined): string => {
  if (node === undefined) return ''
  const callee = node.kind === 'call' ? node.callee : node
  if (callee.kind === 'function') return callee.name ?? ''
  const path = pathOf(callee)?.filter((one) => one !== '()') ?? []
  return path.slice(-2).join('.')
}
