/** The routes of a Flask program, as its decorators, views and blueprints say. */
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import {
  ancestorsOf,
  type ClassValue,
  definitionOf,
  type FunctionValue,
  knownText,
  lastOf,
  methodOf,
  valuesOf,
} from '../python/index.ts'
import { type Reading, whenOf } from '../reading.ts'

export interface FlaskRoute {
  readonly methods: readonly string[]
  readonly path: string
  readonly at: Node
  readonly handler: FunctionValue | undefined
  readonly name: string
  /** What `request.endpoint` is for it, with its blueprint's name before it; empty where that is not known. */
  readonly endpoint: string
  /** What wraps the handler under the route's decorator; of a class's view also its `decorators = […]`. */
  readonly wrappers: readonly Located[]
  /** The call that makes its blueprint; undefined for the application's own. */
  readonly blueprint: Call | undefined
}

interface Owner {
  readonly call: Call
  readonly isApp: boolean
}

const METHODS = /^(?:route|get|post|put|patch|delete)$/

/** The application or blueprint that a node stands for. */
export const ownerOf = (reading: Reading, node: Node, scope: Scope): Owner | undefined => {
  for (const value of valuesOf(reading, node, scope)) {
    const call = value.kind === 'external' || value.kind === 'instance' ? value.call : undefined
    const name =
      value.kind === 'external'
        ? lastOf({ ...value, path: value.path.filter((one) => one !== 'app') })
        : value.kind === 'instance'
          ? (ancestorsOf(reading, value.class).at(-1) ?? '')
          : ''
    if (call && /^(?:Flask|OpenAPI|APIFlask|Quart|Api|App|FlaskApp)$/.test(name))
      return { call: call.node, isApp: true }
    if (call && /^(?:\w*Blueprint|[Nn]amespace)$/.test(name)) return { call: call.node, isApp: false }
  }
  const word = lastName(node) ?? ''
  return /^(?:app|application|current_app)$/.test(word) &&
    valuesOf(reading, node, scope).every((one) => one.kind !== 'external' || !/fastapi|starlette/.test(one.from))
    ? {
        call: { kind: 'call', callee: node, args: [], named: new Map(), constructs: false, typeArgs: [], at: node.at },
        isApp: true,
      }
    : undefined
}

export const routesOf = (reading: Reading): readonly FlaskRoute[] => [
  ...decorated(reading),
  ...added(reading),
  ...resources(reading),
]

const decorated = (reading: Reading): FlaskRoute[] => {
  const found: FlaskRoute[] = []
  each(reading, (node, scope) => {
    if (node.kind !== 'function' && node.kind !== 'class') return
    node.decorators.forEach((decorator, index) => {
      if (decorator.kind !== 'call' || decorator.callee.kind !== 'member') return
      const method = lastName(decorator.callee) ?? ''
      const owner = METHODS.test(method) ? ownerOf(reading, decorator.callee.object, scope) : undefined
      if (owner === undefined || whenOf(reading, node) === 'development') return
      const paths = decorator.args.map((one) => knownText(reading, one, scope)).filter((one) => one !== undefined)
      const wrappers = node.decorators.slice(index + 1).map((one) => ({ node: one, scope }))
      for (const path of paths.length > 0 ? paths : ['']) {
        const full = prefixOf(reading, owner) + path || '/'
        const blueprint = owner.isApp ? undefined : owner.call
        const endpoint = endpointOf(reading, owner, decorator, scope, node.name)
        if (node.kind === 'class')
          found.push(
            ...viewsOf(reading, { kind: 'class', node, scope, at: node.at }, full, decorator, {
              endpoint,
              blueprint,
              outer: wrappers,
            }),
          )
        else
          found.push({
            methods: method === 'route' ? methodsOf(reading, { node: decorator, scope }) : [method.toUpperCase()],
            path: full,
            at: decorator,
            handler: functionOf(node, scope),
            name: node.name ?? '',
            endpoint,
            wrappers,
            blueprint,
          })
      }
    })
  })
  return found
}

const functionOf = (node: FunctionNode, scope: Scope): FunctionValue => ({
  kind: 'function',
  node,
  scope,
  frame: undefined,
  at: node.at,
})

const methodsOf = (reading: Reading, { node, scope }: Located<Call>): readonly string[] => {
  const given = node.named.get('methods')
  const value = given && reading.evaluator.value(given, scope)
  const names =
    value?.kind === 'list'
      ? value.items.flatMap((one) => (one.kind === 'literal' ? [String(one.value).toUpperCase()] : []))
      : []
  return names.length > 0 ? names : ['GET']
}

/** The methods of a MethodView or of a restful Resource. */
const viewsOf = (
  reading: Reading,
  type: ClassValue,
  path: string,
  at: Node,
  { endpoint, blueprint, outer }: Pick<FlaskRoute, 'endpoint' | 'blueprint'> & { readonly outer: readonly Located[] },
): FlaskRoute[] => {
  const listed = type.node.members.find(
    (one) => one.kind === 'assign' && /^(?:decorators|method_decorators)$/.test(lastName(one.target) ?? ''),
  )
  const items = listed?.kind === 'assign' && listed.value?.kind === 'list' ? listed.value.items : []
  const shared = items.map((node) => ({ node, scope: type.scope }))
  return ['get', 'post', 'put', 'patch', 'delete'].flatMap((name) => {
    const method = methodOf(reading, type, name)
    if (method === undefined) return []
    const own = method.node.decorators.map((node) => ({ node, scope: method.scope }))
    return [
      {
        methods: [name.toUpperCase()],
        path,
        at,
        handler: method,
        name: `${type.node.name ?? ''}.${name}`,
        endpoint,
        wrappers: [...outer, ...shared, ...own],
        blueprint,
      },
    ]
  })
}

/** `app.add_url_rule('/x', view_func=f)` */
const added = (reading: Reading): FlaskRoute[] =>
  reading.program.callsNamed('add_url_rule').flatMap((call): FlaskRoute[] => {
    const { node, scope } = call
    const owner = node.callee.kind === 'member' ? ownerOf(reading, node.callee.object, scope) : undefined
    const view = node.named.get('view_func') ?? node.args[2]
    if (owner === undefined || view === undefined) return []
    const path =
      prefixOf(reading, owner) + (knownText(reading, node.args[0] ?? node.named.get('rule'), scope) ?? '') || '/'
    const blueprint = owner.isApp ? undefined : owner.call
    // UserView.as_view('users')
    const made = definitionOf(reading, view, scope)
    const isView =
      made.node.kind === 'call' && lastName(made.node.callee) === 'as_view' && made.node.callee.kind === 'member'
    const type =
      isView && made.node.kind === 'call' && made.node.callee.kind === 'member'
        ? reading.evaluator.value(made.node.callee.object, made.scope)
        : undefined
    if (type?.kind === 'class') {
      const named = made.node.kind === 'call' ? knownText(reading, made.node.args[0], made.scope) : undefined
      const endpoint = endpointOf(reading, owner, node, scope, named, 1)
      return viewsOf(reading, type, path, node, { endpoint, blueprint, outer: [] })
    }
    const callee = possibilities(reading.evaluator.value(view, scope)).find((one) => one.kind === 'function')
    const handler = callee?.kind === 'function' ? callee : undefined
    return [
      {
        methods: methodsOf(reading, call),
        path,
        at: node,
        handler,
        name: handler?.node.name ?? '',
        endpoint: endpointOf(reading, owner, node, scope, handler?.node.name, 1),
        wrappers: handler ? handler.node.decorators.map((one) => ({ node: one, scope: handler.scope })) : [],
        blueprint,
      },
    ]
  })

/** flask-restful: `api.add_resource(Users, '/users')` */
const resources = (reading: Reading): FlaskRoute[] =>
  reading.program.callsNamed('add_resource').flatMap((call) => {
    const { node, scope } = call
    const value: Value | undefined = node.args[0] && reading.evaluator.value(node.args[0], scope)
    if (value?.kind !== 'class') return []
    const endpoint = knownText(reading, node.named.get('endpoint'), scope) ?? value.node.name?.toLowerCase() ?? ''
    return node.args.slice(1).flatMap((one) =>
      viewsOf(reading, value, knownText(reading, one, scope) ?? '', node, {
        endpoint,
        blueprint: undefined,
        outer: [],
      }),
    )
  })

/** What it is told, else what its handler is called; behind the name of its blueprint. */
const endpointOf = (
  reading: Reading,
  { call, isApp }: Owner,
  node: Call,
  scope: Scope,
  otherwise: string | undefined,
  place?: number,
): string => {
  const told = node.named.get('endpoint') ?? (place === undefined ? undefined : node.args[place])
  const own = told === undefined ? otherwise : knownText(reading, told, scope)
  const around = reading.program.scopeOf(call)
  // A namespace of flask-restx joins names by its own rule.
  if (/^namespace$/i.test(lastName(call.callee) ?? '')) return ''
  const blueprint = isApp ? '' : around && knownText(reading, call.args[0] ?? call.named.get('name'), around)
  if (own === undefined || blueprint === undefined) return ''
  return blueprint === '' ? own : `${blueprint}.${own}`
}

/** A blueprint's prefix: its own, or that of its registration. */
const prefixOf = (reading: Reading, { call, isApp }: Owner): string => {
  if (isApp) return ''
  const scope = reading.program.scopeOf(call)
  const isNamespace = /^namespace$/i.test(lastName(call.callee) ?? '')
  // flask-restx puts a namespace below its name, unless it is told where.
  const named = scope && isNamespace ? knownText(reading, call.args[0], scope) : undefined
  const own =
    (scope && knownText(reading, call.named.get('url_prefix') ?? call.named.get('path'), scope)) ??
    (named === undefined ? undefined : `/${named}`)
  for (const name of ['register_blueprint', 'add_namespace'])
    for (const { node, scope: at } of reading.program.callsNamed(name)) {
      const target = node.args[0]
      const given = node.named.get('url_prefix') ?? node.named.get('path')
      if (target && given && ownerOf(reading, target, at)?.call === call)
        return knownText(reading, given, at) ?? own ?? ''
    }
  return own ?? ''
}

/** Every node of the Python modules, with its scope. */
export const each = (reading: Reading, visit: (node: Node, scope: Scope) => void): void => {
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (scope) visit(node, scope)
    })
  }
}
