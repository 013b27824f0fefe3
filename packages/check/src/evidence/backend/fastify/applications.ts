/** Where a program's applications of Fastify are made, and what is done to them: run until nothing is left to run. */
import {
  type Call,
  type FunctionNode,
  frameGiven,
  functionAround,
  type Located,
  lastName,
  type Module,
  type Node,
  possibilities,
  type Value,
  walk,
} from '../../source/index.ts'
import { type Reading, whenOf } from '../reading.ts'
import { Assembler, isFactoryValue } from './assemble.ts'
import { instanceValue, isBelowNest } from './instances.ts'
import type { Application } from './model.ts'
import { pluginIn } from './plugins.ts'

/** Every application of the program, put together. */
export const assemble = (reading: Reading): readonly Application[] => {
  const modules = [...reading.program.modules.values()].filter((one) => one.language === 'javascript')
  const assembler = new Assembler(reading)
  const made = modules.filter((one) => /fastify/i.test(one.text)).flatMap((one) => applicationsIn(reading, one))
  for (const call of made) assembler.application(call.node, call, optionsOf(reading, call))
  const bodies = new Set<Node | Module>()
  for (const call of made) runAround(reading, assembler, call, bodies)
  if (made.length > 0) sweep(reading, assembler, bodies)
  // An application in a recipe or a test bench beside the one that the command starts.
  if (assembler.applications.every((one) => one.routes.length === 0)) startedByCommand(reading, assembler, modules)
  for (const app of assembler.applications)
    if (app.unresolved.length > 0 || assembler.applications.every((one) => one.routes.length === 0))
      orphans(reading, assembler, app)
  return assembler.applications
}

/** `app.getHttpAdapter().getInstance()` of a Nest application that runs on Fastify. */
export const assembleBelowNest = (reading: Reading): readonly Application[] => {
  const modules = [...reading.program.modules.values()]
  if (!modules.some(({ text }) => text.includes('@nestjs/platform-fastify'))) return []
  const assembler = new Assembler(reading)
  const made = reading.program
    .callsNamed('getInstance')
    .filter(({ node, scope }) => possibilities(reading.evaluator.value(node, scope)).some(isBelowNest))
    .filter((call) => !onlyWhileDeveloping(reading, call, 0))
  for (const call of made) assembler.application(call.node, call, undefined)
  const bodies = new Set<Node | Module>()
  for (const call of made) runAround(reading, assembler, call, bodies)
  return assembler.applications
}

/** Itself, or each call of the function that it stands in: `if (!isProduction) setUpDocs(app)`. */
const onlyWhileDeveloping = (reading: Reading, { node, scope }: Located<Call>, depth: number): boolean => {
  if (whenOf(reading, node) === 'development') return true
  const owner = functionAround(scope)
  if (owner === undefined || depth > 3) return false
  const callers = reading.evaluator.callGraph.callers(owner, reading.program.nameOf(owner))
  return callers.length > 0 && callers.every((one) => onlyWhileDeveloping(reading, one, depth + 1))
}

/** The calls of Fastify's own function. */
const applicationsIn = (reading: Reading, module: Module): Located<Call>[] => {
  const found: Located<Call>[] = []
  const { around } = reading.program.scopes(module)
  walk(module.body, (node) => {
    if (node.kind !== 'call') return
    const scope = around.get(node)
    const name = node.callee.kind === 'call' ? 'require' : (lastName(node.callee) ?? '')
    if (
      scope === undefined ||
      !(name === 'require' || name === 'default' || /fastify|^app$|^server$|^create|^build/i.test(name))
    )
      return
    if (possibilities(reading.evaluator.value(node.callee, scope)).some(isFactoryValue)) found.push({ node, scope })
  })
  return found
}

const optionsOf = (reading: Reading, { node, scope }: Located<Call>): Value | undefined => {
  const [given] = node.args
  if (given === undefined) return
  const frames = reading.evaluator.callGraph.frames(scope)
  const values = frames.map((frame) => reading.evaluator.value(given, scope, frame))
  return values.find((one) => one.kind === 'object') ?? values[0]
}

/** Runs the function or module that a node stands in, and those that call it. */
const runAround = (
  reading: Reading,
  assembler: Assembler,
  { node, scope }: Located<Call>,
  bodies: Set<Node | Module>,
  depth = 0,
): void => {
  const owner = functionAround(scope)
  const key = owner ?? scope.module
  if (bodies.has(key) || depth > 3) return
  bodies.add(key)
  const run = assembler.newRun(undefined, undefined)
  if (owner === undefined) {
    assembler.execute(scope.module.body, reading.program.scopes(scope.module).top, undefined, run)
    return
  }
  const callers = reading.evaluator.callGraph
    .callers(owner, reading.program.nameOf(owner))
    .filter((call) => functionAround(call.scope) !== owner)
  // A method runs where it is called, a callback where it is handed over: run by itself as well, everything in it would be there twice.
  const around = reading.program.parentOf(owner)
  const handed = around?.kind === 'call' ? reading.program.scopeOf(around) : undefined
  const before =
    around?.kind === 'class' ? callers : around?.kind === 'call' && handed ? [{ node: around, scope: handed }] : []
  for (const call of before) {
    runAround(reading, assembler, call, bodies, depth + 1)
    if (assembler.isHandled(node)) return
  }
  const [first, ...more] = reading.evaluator.callGraph.frames(scope)
  const inner = (owner.body[0] && reading.program.scopeOf(owner.body[0])) ?? scope
  assembler.execute(
    owner.body,
    inner,
    more.length === 0 ? first : (first ?? more.find((one) => one !== undefined)),
    run,
  )
  for (const call of callers) runAround(reading, assembler, call, bodies, depth + 1)
}

const REGISTERS = [
  'register',
  'route',
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'addHook',
  'setErrorHandler',
  'decorate',
]

/** What is done to an application elsewhere: in modules that import it, in methods of the class that holds it. */
const sweep = (reading: Reading, assembler: Assembler, bodies: Set<Node | Module>): void => {
  for (const name of REGISTERS)
    for (const call of reading.program.callsNamed(name)) {
      if (assembler.isHandled(call.node) || !looksRegistered(call.node)) continue
      const { callee } = call.node
      if (callee.kind === 'member' && assembler.isInstance(reading.evaluator.value(callee.object, call.scope)))
        runAround(reading, assembler, call, bodies)
    }
}

/**
 * Something was registered that can't be found: files read from a folder, a name put together. Plugins that nothing else
 * registers are taken for it, without a prefix: a route under the wrong path is better than one that nobody looks at. So are they
 * where an application has no route at all: a bundler's virtual module loads them.
 */
const orphans = (reading: Reading, assembler: Assembler, app: Application): void => {
  const [first] = app.unresolved
  const call = first?.call ?? app.made
  const run = first?.run
  const seen = new Set<FunctionNode>()
  for (const name of REGISTERS)
    for (const each of reading.program.callsNamed(name)) {
      const owner = functionAround(each.scope)
      const target = owner?.parameters[0]?.target
      if (
        owner === undefined ||
        call === undefined ||
        seen.has(owner) ||
        assembler.isHandled(each.node) ||
        !looksRegistered(each.node)
      )
        continue
      const { callee } = each.node
      if (
        callee.kind !== 'member' ||
        callee.object.kind !== 'name' ||
        target?.kind !== 'name' ||
        target.name !== callee.object.name
      )
        continue
      if (!/^(?:fastify|app|server|instance|api|f)$/i.test(target.name)) continue
      seen.add(owner)
      const value: Value = {
        kind: 'function',
        node: owner,
        scope: reading.program.scopeOf(owner) ?? each.scope,
        frame: undefined,
        at: owner.at,
      }
      assembler.load(app.root, call, value, undefined, undefined, assembler.newRun(run, call))
    }
}

/** `app.get('/x', …)`, and no `map.get(key)`: most calls of these names are something else. */
const looksRegistered = ({ callee, args }: Call): boolean => {
  if (callee.kind !== 'member') return false
  const name = lastName(callee) ?? ''
  if (/^(?:register|route|addHook|setErrorHandler|decorate)$/.test(name)) return args.length > 0
  const [first] = args
  return (
    args.length > 1 &&
    (first?.kind === 'template' ||
      (first?.kind === 'literal' && typeof first.value === 'string' && /^(?:\/|$|\*)/.test(first.value)))
  )
}

/** `fastify start app.js`: the command makes the application, and the file is its plugin. */
const startedByCommand = (reading: Reading, assembler: Assembler, modules: readonly Module[]): void => {
  const entries = modules.filter(
    (one) =>
      /(?:^|\/)(?:app|server|index|plugin|main)\.[cm]?[jt]s$/.test(one.file) &&
      /\.register\(|autoload/i.test(one.text) &&
      /fastify/i.test(one.text),
  )
  const [entry] = entries.sort((a, b) => a.file.length - b.file.length)
  const exported = entry && reading.program.exported(entry, 'default')
  if (entry === undefined || exported === undefined || !('node' in exported)) return
  const plugin = pluginIn(reading, reading.evaluator.value(exported.node, exported.scope))
  if (plugin?.kind !== 'own') return
  const options = reading.program.exported(entry, 'options')
  const app = assembler.application(
    exported.node,
    undefined,
    options !== undefined && 'node' in options ? reading.evaluator.value(options.node, options.scope) : undefined,
  )
  const { value } = plugin
  const empty: Value = { kind: 'object', entries: new Map(), rest: [], at: value.at }
  const inner = (value.node.body[0] && reading.program.scopeOf(value.node.body[0])) ?? value.scope
  assembler.execute(
    value.node.body,
    inner,
    frameGiven(reading.evaluator, value.node, [instanceValue(app.root, value.at), empty], value.frame),
    assembler.newRun(undefined, undefined),
  )
}
