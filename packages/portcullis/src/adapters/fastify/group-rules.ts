import type { FastifyInstance } from 'fastify'
import type { AccessRule } from '../../layers/access/index.ts'
import { readRule } from '../../layers/access/index.ts'

/** The rules of groups: those that contexts were registered with, as in `register(routes, { access: role('admin') })`. */
export interface GroupRules {
  /** The rule of the nearest context that was registered with one. */
  of(instance: object): AccessRule | undefined
  /** Rules that Fastify would drop without a word: they stop the start. */
  readonly faults: readonly string[]
}

/** Notes the rules of an application's groups, from its birth on. */
export const groupRules = (app: FastifyInstance): GroupRules => {
  const rules = new WeakMap<object, AccessRule>()
  const faults: string[] = []
  app.addHook('onRegister', (instance, options: { readonly access?: unknown }) => {
    if (options?.access !== undefined) rules.set(instance, readRule(options.access))
  })
  heedRegister(app, faults)
  return {
    faults,
    of: (instance) => {
      // Contexts inherit from each other by prototype.
      for (let context: object | null = instance; context !== null; context = Object.getPrototypeOf(context)) {
        const rule = rules.get(context)
        if (rule !== undefined) return rule
      }
      return undefined
    },
  }
}

type Register = (this: unknown, plugin: unknown, options?: unknown) => unknown

/**
 * Fastify tells of each context it makes. It makes none for a plugin that works on the application it is registered on
 * (fastify-plugin), and reads options that are a function too late: a rule that is given there would count for nothing.
 */
const heedRegister = (app: FastifyInstance, faults: string[]): void => {
  const target = app as unknown as { register: Register }
  const { register } = target
  target.register = function (plugin, options) {
    if (typeof options === 'function') {
      const late = (parent: unknown): unknown => {
        const read = options(parent)
        if (isRule(read?.access)) faults.push(`${nameOf(plugin)}: ${LATE}`)
        return read
      }
      return register.call(this, plugin, late)
    }
    if (isRule((options as { access?: unknown } | undefined)?.access)) {
      // `register(import('./routes.js'))`: what it is shows when it is there; one that fails is Fastify's to report.
      Promise.resolve(plugin).then(
        (loaded) => isShared(loaded) && faults.push(`${nameOf(loaded)}: ${SHARED}`),
        () => {},
      )
    }
    return register.call(this, plugin, options)
  }
}

const SHARED =
  'access does nothing for a plugin that has no context of its own (fastify-plugin): register it without, and give its routes config: { access: … }, or register it inside a plugin that has the access'
const LATE = 'access does nothing in options that are a function: give the options as an object'

/** What would be a rule of ours: a plugin of somebody else's may have an option of that name. */
const isRule = (access: unknown): boolean => {
  try {
    return access !== undefined && readRule(access) !== undefined
  } catch {
    return false
  }
}

const pluginOf = (loaded: unknown): unknown =>
  typeof loaded === 'function' ? loaded : (loaded as { default?: unknown } | undefined)?.default

const isShared = (loaded: unknown): boolean =>
  Reflect.get(Object(pluginOf(loaded)), Symbol.for('skip-override')) === true

const nameOf = (loaded: unknown): string => {
  const plugin = Object(pluginOf(loaded))
  return `plugin ${Reflect.get(plugin, Symbol.for('fastify.display-name')) || Reflect.get(plugin, 'name') || '(without a name)'}`
}
