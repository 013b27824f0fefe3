/** The package `cors`, wherever a program calls it: Express's middleware, which others borrow. */
import {
  type Call,
  type Located,
  type Node,
  possibilities,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { callWithoutOptions, literalOf, originsEntry } from '../literals.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { originOption, originsOfDelegate } from './origins.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** What `cors(options)` lets in; without options it is everybody. */
const corsSettings = (reading: Reading, call: Located<Call>, options: Value | undefined): readonly CorsSetting[] => {
  const at = placeOf(reading, call.node.at)
  if (options === undefined)
    return [
      {
        at,
        origins: 'any',
        what: 'cors() without a list',
        credentials: false,
        ...literalOf(callWithoutOptions(reading, call.node, '{ origin: ')),
      },
    ]
  return possibilities(options).map((one): CorsSetting => {
    if (one.kind === 'function')
      return { at, origins: originsOfDelegate(reading, one), what: 'cors options', credentials: false }
    if (one.kind !== 'object') return { at, origins: 'unknown', what: 'cors options', credentials: false }
    const origin = one.entries.get('origin')
    const credentials = one.entries.get('credentials')
    return {
      at: origin === undefined ? at : placeOf(reading, origin.at),
      origins: originOption(reading, one, 'any'),
      what: 'cors origin',
      credentials: credentials?.kind === 'literal' && credentials.value === true,
      ...literalOf(originsEntry(reading, one, 'origin')),
    }
  })
}

/** A middleware that is what the package made. */
export const corsOfPackage = (reading: Reading, value: Value): readonly CorsSetting[] => {
  if (value.kind !== 'external' || value.from !== 'cors' || value.call === undefined) return []
  const [given] = value.call.node.args
  return corsSettings(reading, value.call, given && reading.evaluator.value(given, value.call.scope, value.frame))
}

/** `(req, res, next) => cors(options)(req, res, next)`: what a middleware of the project's own calls. */
export const corsInside = (reading: Reading, { node, scope, frame }: FunctionValue): readonly CorsSetting[] =>
  callsOf(reading).flatMap((call) => {
    if (!isWithin(call.node, node) || whenOf(reading, call.node) === 'development') return []
    const [given] = call.node.args
    const where = reading.program.scopeOf(call.node) ?? scope
    return corsSettings(reading, call, given && reading.evaluator.value(given, where, frame))
  })

const isWithin = (inner: Node, outer: Node): boolean =>
  inner.at.file === outer.at.file && inner.at.start >= outer.at.start && inner.at.end <= outer.at.end

const known = new WeakMap<Reading['program'], readonly Located<Call>[]>()

/** Every call of the package itself, not of what it made. */
const callsOf = (reading: Reading): readonly Located<Call>[] => {
  const before = known.get(reading.program)
  if (before !== undefined) return before
  const calls: Located<Call>[] = []
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'javascript' || !/\bcors\b/.test(module.text)) continue
    const { around } = reading.program.scopes(module)
    walk(module.body, (node) => {
      const scope = node.kind === 'call' ? around.get(node) : undefined
      if (node.kind !== 'call' || scope === undefined) return
      const callee = reading.evaluator.value(node.callee, scope)
      if (callee.kind === 'external' && callee.from === 'cors' && withoutDefault(callee.path).length === 0)
        calls.push({ node, scope })
    })
  }
  known.set(reading.program, calls)
  return calls
}

/** Calls of the package of which no reader said where they stand: nobody knows before which routes that is. */
export const corsElsewhere = (reading: Reading, found: readonly CorsSetting[]): readonly CorsSetting[] => {
  const places = new Set(found.map(({ at }) => `${at.file}:${at.line}`))
  return callsOf(reading).flatMap((call): readonly CorsSetting[] => {
    if (whenOf(reading, call.node) === 'development' || !isUsed(reading, call.node)) return []
    const [given] = call.node.args
    const own = corsSettings(reading, call, given && reading.evaluator.value(given, call.scope))
    const at = placeOf(reading, call.node.at)
    if ([...own.map((one) => one.at), at].some((one) => places.has(`${one.file}:${one.line}`))) return []
    return [{ at, origins: 'unknown', what: 'cors() that nothing was seen to use', credentials: false }]
  })
}

const PLUGINS = /^(?:@fastify\/cors|fastify-cors|hono\/cors|@koa\/cors)$/

/** A program that has a plugin of CORS, of which no reader saw what it is given. */
export const pluginsElsewhere = (reading: Reading): readonly CorsSetting[] =>
  [...reading.program.modules.values()].flatMap((module) =>
    module.body.flatMap((node): readonly CorsSetting[] => {
      if (node.kind !== 'import' || !PLUGINS.test(node.from)) return []
      const locals = node.names.flatMap(({ imported, local }) =>
        /^(?:default|\*|cors|fastifyCors)$/.test(imported) ? [local] : [],
      )
      let used = false
      walk(module.body, (one) => {
        if (one.kind === 'name' && locals.includes(one.name) && whenOf(reading, one) !== 'development') used = true
        return !used
      })
      const at = placeOf(reading, node.at)
      return used
        ? [{ at, origins: 'unknown', what: `${node.from} that nothing was seen to use`, credentials: false }]
        : []
    }),
  )

/** Whether anything has to do with what the call made: `const c = cors()` that nobody names again does nothing. */
const isUsed = (reading: Reading, node: Node): boolean => {
  const parent = reading.program.parentOf(node)
  if (parent === undefined || parent.kind === 'function' || parent.kind === 'if') return false
  if (parent.kind !== 'assign' || parent.target.kind !== 'name') return true
  const { name } = parent.target
  const module = reading.program.modules.get(node.at.file)
  let names = 0
  walk(module?.body ?? [], (one) => {
    if (one.kind === 'name' && one.name === name) names += 1
  })
  return names > 1
}
