/** Settings of the environment: where a program reads them, what a schema makes of them, and what they are where nobody sets them. */
import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import type { Scope } from './scopes.ts'
import type { At, Call, Node } from './tree.ts'
import { either, type Frame, possibilities, type Value, withoutDefault } from './value.ts'
import { lastName, walk } from './walk.ts'

/** A setting, and what stands for it where it is not set. */
export const orFallback = (name: string, fallback: Value | undefined, at: At): Value => {
  const env: Value = { kind: 'env', name, at }
  return fallback === undefined || (fallback.kind === 'literal' && fallback.value === null)
    ? env
    : either([env, fallback], at)
}

/** A setting as a schema left it: a number where the schema says so. */
const validated = (evaluator: Evaluator, name: string, fallback: Value | undefined, at: At): Value => {
  const setting = orFallback(name, fallback, at)
  return evaluator.configuration.isNumber(name)
    ? either(
        possibilities(setting).map((one) => (one.kind === 'env' ? { ...one, number: true } : one)),
        at,
      )
    : setting
}

const IS_ENVIRONMENT = /^(?:process\.env|global\.process\.env|import\.meta\.env|Bun\.env|os\.environ|environ)$/

/** Members that mean something whatever the rest: the environment, dates' parts, enum values. */
export const knownMember = (evaluator: Evaluator, object: Value, name: string, at: At): Value | undefined => {
  if (object.kind === 'environment') {
    if (object.schema.length > 0 && /^(?:value|data|parsed|env|output|error|success)$/.test(name)) return object
    const schema = schemaOf(evaluator, object.schema, name)
    return object.schema.length > 0 ? validated(evaluator, name, schema, at) : orFallback(name, schema, at)
  }
  if (object.kind === 'external') {
    const path = [...withoutDefault(object.path), name].join('.')
    const whole =
      object.from === 'global' ? path : `${object.from.replace(/^node:/, '')}.${path}`.replace(/\.default\b/, '')
    // `import { env } from 'node:process'`, `from os import environ`
    if (
      IS_ENVIRONMENT.test(whole.slice(0, -name.length - 1)) &&
      object.call === undefined &&
      !/^(?:get|setdefault|items|copy)$/.test(name)
    )
      return orFallback(name, fallbackAnywhere(evaluator, name), at)
    if (IS_ENVIRONMENT.test(whole) || (object.from.replace(/^node:/, '') === 'process' && path === 'env'))
      return { kind: 'environment', schema: [], at }
    if (/^(?:@hono\/|hono)/.test(object.from) && name === 'env' && /Context\b/.test(path))
      return { kind: 'environment', schema: [], at }
    // @fastify/env puts the settings on the application.
    if (object.from === 'fastify' && object.path.at(-1) === 'config' && /^[A-Z][A-Z0-9_]*$/.test(name))
      return validated(evaluator, name, fallbackAnywhere(evaluator, name), at)
    if (object.from === 'env' && /^[A-Z]/.test(name)) return { kind: 'env', name, at }
  }
  if (object.kind === 'unknown' && name === 'env' && object.label?.[0] === 'import')
    return { kind: 'environment', schema: [], at }
  if (name === 'value' && object.kind === 'literal') return object
  if (name === 'get_secret_value') return
  if (name === 'env' && object.kind === 'unknown' && /^(?:c|ctx|context|bindings)$/.test(object.label?.at(-1) ?? ''))
    return { kind: 'environment', schema: [], at }
  // A setting by its custom: an upper-case name of something that nothing else is known of.
  if (object.kind === 'unknown' && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name))
    return validated(evaluator, name, fallbackAnywhere(evaluator, name), at)
  // `config: Static<typeof schema>`, `z.infer<typeof env>`: an upper-case member of it is a setting too.
  if (
    object.kind === 'external' &&
    object.call === undefined &&
    /^(?:Static|StaticDecode|infer|output|TypeOf|InferOutput|InferType)$/.test(object.path.at(-1) ?? '') &&
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name)
  )
    return validated(evaluator, name, fallbackAnywhere(evaluator, name), at)
  // `parse(readFileSync('.env')).JWT_SECRET`, and what a schema made of it.
  if (
    object.kind === 'external' &&
    object.call !== undefined &&
    (object.from === 'dotenv' || /^(?:value|data|parsed)$/.test(object.path.at(-1) ?? '')) &&
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name)
  )
    return validated(evaluator, name, fallbackAnywhere(evaluator, name), at)
  // What a parser of the environment gives back carries its values in one of these.
  if (object.kind === 'external' && object.call !== undefined && /^(?:value|data|parsed|config|env)$/.test(name)) {
    const parsed = environmentOf(evaluator, object.call, object.frame)
    if (parsed !== undefined) return parsed
  }
  return
}

/** What is given settings by name and gives them back: `jwt({ secret: process.env.KEY })` only uses them. */
const PARSES =
  /^(?:(?:safe)?parse(?:Async)?|validate(?:Sync|Async)?|attempt|decode|cast|check|assert|create|envsafe|plainToClass|plainToInstance|(?:clean|create|validate|parse|load|make)\w*(?:Env|Config|Settings)\w*|loadEnv|envSchema)$/i

/** `schema.parse(process.env)`, `cleanEnv(process.env, {…})`, `schema.validate(process.env)`: the environment, with the schema's defaults. */
export const environmentOf = (evaluator: Evaluator, call: Located<Call>, frame?: Frame): Value | undefined => {
  const { node, scope } = call
  const given = [...node.args, ...node.named.values()].some((one) => {
    // `FastAPI(**settings.options)` is given settings, it reads none.
    if (one.kind === 'spread') return false
    const value = evaluator.value(one, scope, frame)
    return isEnvironment(value) || (PARSES.test(lastName(node.callee) ?? '') && holdsSettings(value))
  })
  if (!given) return
  return { kind: 'environment', schema: [call], at: node.at }
}

/** The environment itself, or a copy of it: `{ ...process.env }`. */
const isEnvironment = (value: Value): boolean =>
  value.kind === 'environment' || (value.kind === 'object' && value.rest.some((one) => one.kind === 'environment'))

/** `{ KEY: process.env.KEY }`, and an option that is one of these: t3-env's `runtimeEnv`. */
const holdsSettings = (value: Value): boolean =>
  value.kind === 'object' &&
  value.rest.length === 0 &&
  [...value.entries].some(
    ([key, entry]) =>
      possibilities(entry).some((one) => one.kind === 'env') ||
      (/env/i.test(key) && (isEnvironment(entry) || holdsSettings(entry))),
  )

/** The default that a schema gives a name: `.default('x')`, `default: 'x'`. */
const schemaOf = (evaluator: Evaluator, schemas: readonly Located[], name: string): Value | undefined => {
  for (const { node, scope } of schemas) {
    const found = entryDefault(evaluator, node, scope, name, 4)
    if (found !== undefined) return found
  }
  return schemas.length === 0 ? fallbackAnywhere(evaluator, name) : undefined
}

const entryDefault = (
  evaluator: Evaluator,
  node: Node,
  scope: Scope,
  name: string,
  depth: number,
): Value | undefined => {
  let found: Value | undefined
  walk([node], (one) => {
    if (found !== undefined) return false
    if (one.kind === 'object')
      for (const entry of one.entries) {
        if (entry.key.kind !== 'literal' || entry.key.value !== name) continue
        found = defaultIn(evaluator, entry.value, scope)
        if (found !== undefined) return false
      }
    if (one.kind === 'name' && depth > 0) {
      const value = evaluator.value(one, scope)
      const source = value.kind === 'external' ? value.call : value.kind === 'object' ? value.node : undefined
      if (source !== undefined && source.node !== node)
        found = entryDefault(evaluator, source.node, source.scope, name, depth - 1)
    }
    return true
  })
  return found
}

const defaultIn = (evaluator: Evaluator, node: Node, scope: Scope): Value | undefined => {
  let found: Value | undefined
  walk([node], (one) => {
    if (found !== undefined) return false
    if (one.kind === 'call' && /^(?:default|prefault|catch)$/.test(lastName(one.callee) ?? '') && one.args[0])
      found = evaluator.value(one.args[0], scope)
    if (one.kind === 'object')
      for (const entry of one.entries)
        if (entry.key.kind === 'literal' && (entry.key.value === 'default' || entry.key.value === 'devDefault'))
          found = evaluator.value(entry.value, scope)
    return one.kind !== 'function'
  })
  return found
}

/** A schema of the environment anywhere in the program that gives this name a default. */
const fallbackAnywhere = (evaluator: Evaluator, name: string): Value | undefined =>
  evaluator.configuration.defaultOf(name)
