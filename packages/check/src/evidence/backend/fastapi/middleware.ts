/** The middleware of an application, each with the function that runs. */
import { type Call, type Located, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import { type FunctionValue, itemsOf, lastOf, methodOf, valuesOf } from '../python/index.ts'
import { type Reading, whenOf } from '../reading.ts'
import { unitsOf } from './units.ts'

export interface Middleware {
  /** Undefined: any of the program's. */
  readonly app: Call | undefined
  /** Where it is added, with the options it is given. */
  readonly call: Located<Call>
  /** `CORSMiddleware`, the function's or class's own name. */
  readonly name: string
  readonly value: Value
  readonly function: FunctionValue | undefined
}

export const middlewareIn = (reading: Reading): readonly Middleware[] => {
  const found: Middleware[] = []
  const add = (app: Call | undefined, call: Located<Call>, value: Value) => {
    if (whenOf(reading, call.node) === 'development') return
    found.push({ app, call, value, name: nameOf(value), function: functionOf(reading, value) })
  }
  const each = (call: Located<Call>, apps: readonly Call[], values: readonly Value[]) => {
    for (const app of apps.length > 0 ? apps : [undefined]) for (const value of values) add(app, call, value)
  }
  for (const call of reading.program.callsNamed('add_middleware')) {
    const { node, scope } = call
    const target = node.args[0] ?? node.named.get('middleware_class')
    if (node.callee.kind === 'member' && target)
      each(call, unitsOf(reading, node.callee.object, scope), onlyOne(valuesOf(reading, target, scope)))
  }
  // FastAPI(middleware=[Middleware(X, option=…)])
  for (const name of ['FastAPI', 'Starlette'])
    for (const { node, scope } of reading.program.callsNamed(name))
      for (const one of itemsOf(reading, node.named.get('middleware'), scope)) {
        const target =
          one.node.kind === 'call' && lastName(one.node.callee) === 'Middleware' ? one.node.args[0] : undefined
        if (one.node.kind === 'call' && target)
          each({ node: one.node, scope: one.scope }, [node], onlyOne(valuesOf(reading, target, one.scope)))
      }
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (scope === undefined) return
      // @app.middleware('http')
      if (node.kind === 'function')
        for (const one of node.decorators)
          if (one.kind === 'call' && one.callee.kind === 'member' && lastName(one.callee) === 'middleware')
            each({ node: one, scope }, unitsOf(reading, one.callee.object, scope), [
              { kind: 'function', node, scope, frame: undefined, at: node.at },
            ])
      // app.middleware('http')(function)
      if (
        node.kind === 'call' &&
        node.callee.kind === 'call' &&
        node.callee.callee.kind === 'member' &&
        lastName(node.callee.callee) === 'middleware' &&
        node.args[0]
      )
        each(
          { node, scope },
          unitsOf(reading, node.callee.callee.object, scope),
          onlyOne(valuesOf(reading, node.args[0], scope)),
        )
    })
  }
  return found
}

const onlyOne = (values: readonly Value[]): readonly Value[] =>
  values.filter(
    (one, index) =>
      values.findIndex((other) => other.at.start === one.at.start && other.at.file === one.at.file) === index,
  )

const nameOf = (value: Value): string => {
  if (value.kind === 'function' || value.kind === 'class') return value.node.name ?? ''
  if (value.kind === 'instance') return value.class.node.name ?? ''
  return value.kind === 'unknown' ? (value.label?.at(-1) ?? '') : lastOf(value)
}

/** A class's `dispatch` (Starlette's BaseHTTPMiddleware), or its `__call__`. */
const functionOf = (reading: Reading, value: Value): FunctionValue | undefined => {
  if (value.kind === 'function') return value
  if (value.kind !== 'class' && value.kind !== 'instance') return
  const instance: Value = value.kind === 'class' ? { kind: 'instance', class: value, at: value.at } : value
  return methodOf(reading, instance, 'dispatch') ?? methodOf(reading, instance, '__call__')
}

/** What AuthenticationMiddleware asks; it lets through whom that gives nothing. */
export const backendOf = (reading: Reading, { call }: Middleware): FunctionValue | undefined => {
  const backend = call.node.named.get('backend')
  const value =
    backend && possibilities(reading.evaluator.value(backend, call.scope)).find((one) => one.kind === 'instance')
  return value?.kind === 'instance' ? methodOf(reading, value, 'authenticate') : undefined
}
