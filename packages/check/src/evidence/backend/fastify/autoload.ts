/** @fastify/autoload: a folder of plugins, whose sub-folders are prefixes. */
import {
  type Call,
  frameGiven,
  type Located,
  lastName,
  type Module,
  possibilities,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Assembler } from './assemble.ts'
import { cameTo, isLiteral, optionOf, optionValue, textIn } from './expressions.ts'
import { folderOf } from './folders.ts'
import { instanceValue } from './instances.ts'
import type { Context, Expression, Run } from './model.ts'
import { pluginIn } from './plugins.ts'

export const isAutoload = (from: string): boolean => from === '@fastify/autoload' || from === 'fastify-autoload'

const SCRIPT = /\.(?:[cm]?[jt]s)$/
const DECLARATION = /\.d\.[cm]?ts$/
const INDEX = /^index(?:\.ts|\.js|\.cjs|\.mjs)$/i
const HOOKS = /^[_.]?auto_?hooks(?:\.ts|\.js|\.cjs|\.mjs)$/i

interface Loading {
  readonly reading: Reading
  readonly assembler: Assembler
  readonly call: Located<Call>
  readonly options: Expression | undefined
  readonly run: Run
  /** The context that it is registered on. */
  readonly base: Context
  readonly prefixed: boolean
  readonly prefix: string
  readonly routeParams: boolean
  readonly hooks: boolean
  readonly cascade: boolean
  readonly index: RegExp
  readonly hooksNamed: RegExp
  readonly encapsulate: boolean
  /** `ignorePattern` is asked the name of a file or folder, the filters a file's path below the folder. */
  readonly ignored: (name: string) => boolean
  readonly filtered: (path: string) => boolean
  readonly root: string
  /** How many folders below it are looked into. */
  readonly deepest: number
}

export const loadFolder = (
  reading: Reading,
  assembler: Assembler,
  base: Context,
  call: Located<Call>,
  options: Expression | undefined,
  run: Run,
): void => {
  const dir = optionOf(reading, options, 'dir')
  const folder = dir && folderOf(reading, dir.node, dir.scope)
  if (folder === undefined) {
    base.app.unresolved.push({ context: base, run, seq: run.seq, call, through: [] })
    return
  }
  const value = (...names: string[]) => optionValue(reading, options, ...names)
  const pattern = patternIn(value('ignorePattern'))
  const [ignore, match] = [testIn(reading, value('ignoreFilter')), testIn(reading, value('matchFilter'))]
  const given = optionOf(reading, options, 'options')
  load(
    {
      reading,
      assembler,
      call,
      run,
      base,
      options: given,
      prefixed: !isLiteral(value('dirNameRoutePrefix'), false),
      prefix: textIn(optionValue(reading, given, 'prefix')) ?? '',
      routeParams: isLiteral(value('routeParams'), true),
      hooks: isLiteral(value('autoHooks'), true),
      cascade: isLiteral(value('cascadeHooks'), true),
      index: patternIn(value('indexPattern')) ?? INDEX,
      hooksNamed: patternIn(value('autoHooksPattern')) ?? HOOKS,
      encapsulate: !isLiteral(value('encapsulate'), false),
      root: folder,
      ignored: (name) => pattern?.test(name) === true,
      filtered: (path) => ignore?.test(path) === true || match?.test(path) === false,
      deepest: numberIn(value('maxDepth')) ?? Number.POSITIVE_INFINITY,
    },
    folder,
    '',
    [],
  )
}

const numberIn = (value: Value | undefined): number | undefined => {
  for (const one of value === undefined ? [] : possibilities(value))
    if (one.kind === 'literal' && typeof one.value === 'number') return one.value
  return
}

const patternIn = (value: Value | undefined): RegExp | undefined => {
  for (const one of value === undefined ? [] : possibilities(value)) {
    try {
      if (one.kind === 'pattern') return new RegExp(one.source, 'i')
      if (one.kind === 'literal' && typeof one.value === 'string')
        return new RegExp(one.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    } catch {
      return
    }
  }
  return
}

/** A filter that is a pattern, or a function with one in it. */
const testIn = (reading: Reading, value: Value | undefined): RegExp | undefined => {
  if (value?.kind !== 'function') return patternIn(value)
  let found: RegExp | undefined
  walk(value.node.body, (node) => {
    if (node.kind === 'pattern') found ??= patternIn(reading.evaluator.value(node, value.scope))
    if (
      node.kind === 'call' &&
      /^(?:endsWith|includes)$/.test(lastName(node.callee) ?? '') &&
      node.args[0]?.kind === 'literal'
    )
      found ??= patternIn(reading.evaluator.value(node.args[0], value.scope))
  })
  return found
}

const load = (loading: Loading, folder: string, prefix: string, above: readonly Module[]): void => {
  const { reading, assembler, base } = loading
  const modules = [...reading.program.modules.values()].filter(
    (one) => one.file.startsWith(`${folder}/`) && SCRIPT.test(one.file) && !DECLARATION.test(one.file),
  )
  const here = modules
    .filter((one) => !one.file.slice(folder.length + 1).includes('/'))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
  const nameOf = (one: Module) => one.file.slice(folder.length + 1)
  const own = loading.hooks ? here.filter((one) => loading.hooksNamed.test(nameOf(one))) : []
  const hooks = [...(loading.cascade ? above : []), ...own]
  const others = here.filter((one) => !loading.hooksNamed.test(nameOf(one)))
  // The index is found before `ignorePattern` is asked: `ignorePattern: /.*\.js/` leaves nothing else.
  const index = others.find((one) => loading.index.test(nameOf(one)))
  const plugins = (index === undefined ? others.filter((one) => !loading.ignored(nameOf(one))) : [index]).filter(
    (one) => !loading.filtered(one.file.slice(loading.root.length)),
  )
  const context = hooks.length > 0 ? assembler.context(base, base.prefix, base.app) : base
  for (const one of hooks) register(loading, context, one, undefined)
  for (const one of plugins) register(loading, context, one, prefix)
  const below = new Set(
    modules.filter((one) => !here.includes(one)).map((one) => one.file.slice(folder.length + 1).split('/')[0] ?? ''),
  )
  for (const name of [...below].sort()) {
    if (name === 'node_modules' || loading.ignored(name)) continue
    if (folder.slice(loading.root.length).split('/').length > loading.deepest) continue
    const part = loading.routeParams ? name.replace(/^_+/, ':').replace(/(?<=^:.+)__/g, '-:') : name
    load(loading, `${folder}/${name}`, loading.prefixed ? `${prefix}/${part}` : prefix, hooks)
  }
}

/** `prefix` is undefined for hooks, which work on the folder's own context. */
const register = (loading: Loading, context: Context, module: Module, prefix: string | undefined): void => {
  const { reading, assembler } = loading
  const exported = reading.program.exported(module, 'default')
  if (exported === undefined) return
  const value: Value =
    'node' in exported
      ? reading.evaluator.value(exported.node, exported.scope)
      : { kind: 'module', module: exported, at: topAt(module) }
  if (prefix !== undefined && isFalse(setOn(reading, module, 'autoload'))) return
  const override = setOn(reading, module, 'prefixOverride')
  const auto = textIn(setOn(reading, module, 'autoPrefix'))
  const whole = override === undefined ? `${loading.prefix}/${auto ?? prefix ?? ''}` : (textIn(override) ?? '')
  const entries = new Map<string, Value>()
  const given = loading.options && cameTo(reading, loading.options)
  if (given?.kind === 'object') for (const [key, one] of given.entries) entries.set(key, one)
  const config = configOf(reading, context, module)
  if (config?.kind === 'object') for (const [key, one] of config.entries) entries.set(key, one)
  const at = topAt(module)
  if (prefix !== undefined)
    entries.set('prefix', { kind: 'literal', value: whole.replace(/\/{2,}/g, '/').replace(/\/$/, ''), at })
  const settings: Value = {
    kind: 'object',
    entries,
    rest:
      config !== undefined && config.kind !== 'object'
        ? [config]
        : given !== undefined && given.kind !== 'object'
          ? [given]
          : [],
    at,
  }
  const run = assembler.newRun(loading.run, loading.call)
  if (prefix !== undefined && loading.encapsulate) {
    assembler.load(
      context,
      { node: { ...loading.call.node, at }, scope: reading.program.scopes(module).top },
      value,
      undefined,
      settings,
      run,
    )
    return
  }
  // Hooks, and whatever `encapsulate: false` loads, work on the context whatever fastify-plugin was told of them.
  const plugin = pluginIn(reading, value)
  if (plugin?.kind === 'own') assembler.enterPlugin(context, plugin.value, settings, run)
  else
    assembler.load(
      context,
      { node: { ...loading.call.node, at }, scope: reading.program.scopes(module).top },
      value,
      undefined,
      settings,
      run,
    )
}

const topAt = (module: Module) => ({ file: module.file, line: 1, start: 0, end: 0 })

const isFalse = (value: Value | undefined): boolean => isLiteral(value, false)

/** `export const autoPrefix = '/x'`, `module.exports.autoPrefix = '/x'`, `plugin.autoPrefix = '/x'`. */
const setOn = (reading: Reading, module: Module, name: string): Value | undefined => {
  if (!module.text.includes(name)) return
  const exported = reading.program.exported(module, name)
  if (exported !== undefined && 'node' in exported) {
    const value = reading.evaluator.value(exported.node, exported.scope)
    if (value.kind !== 'unknown') return value
  }
  for (const node of module.body)
    if (
      node.kind === 'assign' &&
      node.target.kind === 'member' &&
      lastName(node.target) === name &&
      node.value !== undefined
    )
      return reading.evaluator.value(node.value, reading.program.scopes(module).top)
  return
}

/** `autoConfig`: the plugin's options, or a function of the instance that gives them. */
const configOf = (reading: Reading, context: Context, module: Module): Value | undefined => {
  const value = setOn(reading, module, 'autoConfig')
  if (value?.kind !== 'function') return value
  return reading.evaluator.returned(
    value,
    frameGiven(reading.evaluator, value.node, [instanceValue(context, value.at)], value.frame),
  )
}
