import type { FastifyInstance } from 'fastify'
import type { InputFinding } from '../../door/index.ts'
import type { AccessRule } from '../../layers/access/index.ts'
import { readRule } from '../../layers/access/index.ts'
import { parseQuota } from '../../layers/limits/index.ts'
import { isSlip, nearest } from '../../settings/index.ts'
import { otherWords } from './slips.ts'

/** What an application registers: plugins, and the rules of groups, as in `register(routes, { access: role('admin') })`. */
export interface Registrations {
  /** The rule of the nearest context that was registered with one. */
  groupRule(instance: object): AccessRule | undefined
  /** Rules that are none, or that Fastify would drop without a word, and plugins that answer past the door: they stop the start. */
  readonly faults: readonly string[]
  /** Other words for a rule, in options that nobody reads: they stop the start outside development, unless they are waived. */
  readonly findings: readonly InputFinding[]
  /** The names of those that say it (fastify-plugin). */
  readonly plugins: ReadonlySet<string>
}

/** Looks at all that is registered in an application, from its birth on. */
export const registrations = (app: FastifyInstance): Registrations => {
  const rules = new WeakMap<object, AccessRule>()
  const faults: string[] = []
  const findings: InputFinding[] = []
  const plugins = new Set<string>()
  app.addHook('onRegister', (instance, options: { readonly access?: unknown }) => {
    if (options?.access === undefined) return
    try {
      rules.set(instance, readRule(options.access))
    } catch (error) {
      faults.push(`the plugin at ${instance.prefix || '/'}: ${(error as Error).message}`)
    }
  })
  heedRegister(app, { faults, findings, plugins })
  return {
    faults,
    findings,
    plugins,
    groupRule: (instance) => {
      // Contexts inherit from each other by prototype.
      for (let context: object | null = instance; context !== null; context = Object.getPrototypeOf(context)) {
        const rule = rules.get(context)
        if (rule !== undefined) return rule
      }
      return undefined
    },
  }
}

/** What is heard of all that is registered. */
interface Heard {
  readonly faults: string[]
  readonly findings: InputFinding[]
  readonly plugins: Set<string>
}

type Register = (this: unknown, plugin: unknown, options?: unknown) => unknown

/**
 * Fastify tells of each context it makes. It makes none for a plugin that works on the application it is registered on
 * (fastify-plugin), and reads options that are a function too late: a rule that is given there would count for nothing.
 */
const heedRegister = (app: FastifyInstance, { faults, findings, plugins }: Heard): void => {
  const target = app as unknown as { register: Register }
  const { register } = target
  target.register = function (plugin, options) {
    const late = typeof options === 'function'
    const given = late
      ? (parent: unknown): unknown => {
          const read: unknown = options(parent)
          if (isRule(Object(read).access)) faults.push(`${nameOf(plugin)}: ${LATE}`)
          faults.push(...slips(plugin, Object(read)))
          return read
        }
      : options
    // `register(import('./routes.js'))`: what it is shows when it is there; one that fails is Fastify's to report.
    Promise.resolve(plugin).then(
      (loaded) => {
        const known: object = Object(pluginOf(loaded))
        faults.push(...look(known, late ? {} : Object(options)))
        findings.push(...unread(known, Object(options)))
        plugins.add(String(metaName(known)))
      },
      () => {},
    )
    return register.call(this, plugin, given)
  }
}

const LATE = 'access does nothing in options that are a function: give the options as an object'
const SHARED =
  'access does nothing for a plugin that has no context of its own (fastify-plugin): register it without, and give its routes config: { access: … }, or register it inside a plugin that has the access'
const CORS =
  '@fastify/cors writes its fields over those of the door, which would let other origins in: take it out, and list the origins in cors.origins'

/** What is wrong with a plugin, or with the options that it is registered with. */
const look = (plugin: object, options: Readonly<Record<string, unknown>>): readonly string[] => [
  ...(metaName(plugin) === '@fastify/cors' ? [CORS] : []),
  // Fastify takes anything that is not false for it.
  ...(isRule(options['access']) && Reflect.get(plugin, Symbol.for('skip-override'))
    ? [`${nameOf(plugin)}: ${SHARED}`]
    : []),
  ...slips(plugin, options),
]

/** Where somebody probably meant the rule of a group, or its quota, and wrote it where nobody reads it. */
const slips = (plugin: unknown, options: Readonly<Record<string, unknown>>): readonly string[] => [
  ...Object.entries(options)
    .filter(([name, value]) => name !== 'access' && (isSlip(name, 'access') || (isRule(value) && isLike(name))))
    .map(([name]) => `${nameOf(plugin)}: ${name} is not read; did you mean access?`),
  ...(Object.entries(Object(options['config'])).some(([name, value]) => isRule(value) && isLike(name))
    ? [`${nameOf(plugin)}: config is not read in the options of a plugin: write access beside its prefix`]
    : []),
  ...([options['limit'], Object(options['config']).limit].some(isQuota)
    ? [`${nameOf(plugin)}: limit is not read in the options of a plugin: give its routes config: { limit: … }`]
    : []),
]

/** `role: 'admin'` for a group of routes: they would be open to every session. Where the plugin has options it may be one of its own. */
const unread = (plugin: object, options: object): readonly InputFinding[] =>
  takesNoOptions(plugin) && !Reflect.get(plugin, Symbol.for('skip-override'))
    ? otherWords(options, '').map(([name, problem]) => ({ name: `${nameOf(plugin)} ${name}`, problem }))
    : []

/** A function of one plain name is given the context alone; its `length` would not show a second with a default. */
const takesNoOptions = (plugin: object): boolean => {
  const source = typeof plugin === 'function' ? Function.prototype.toString.call(plugin) : ''
  return ONE_NAME.test(source) && !/\barguments\b/.test(source)
}

const ONE_NAME = /^(?:async\s*)?(?:function\b[^(]*)?(?:\(\s*[\w$]+\s*,?\s*\)|[\w$]+)\s*(?:=>|\{)/

/** `acecss` too: two letters that changed places. Other names (`readAccess`) are options of the plugin's own. */
const isLike = (name: string): boolean => nearest(name, ['access']) !== undefined

/** What would be a rule of ours: a plugin of somebody else's may have an option of that name. */
const isRule = (access: unknown): boolean => {
  try {
    return access !== undefined && readRule(access) !== undefined
  } catch {
    return false
  }
}

/** What a route's `limit` takes. A plugin of somebody else's may have an option of that name: a number, say. */
const isQuota = (limit: unknown): boolean =>
  [limit].flat().some((one) => {
    try {
      return one === 'credentials' || one === 'refresh' || parseQuota(one as string) !== undefined
    } catch {
      return false
    }
  })

const pluginOf = (loaded: unknown): unknown => (typeof loaded === 'function' ? loaded : Object(loaded).default)

const metaName = (plugin: object): unknown => Object(Reflect.get(plugin, Symbol.for('plugin-meta'))).name

const nameOf = (plugin: unknown): string =>
  `plugin ${Reflect.get(Object(plugin), Symbol.for('fastify.display-name')) || Object(plugin).name || '(without a name)'}`
