/** What the standard parts of both languages, and the usual libraries of settings and time, give back. */
import { extreme } from './arithmetic.ts'
import type { Evaluator } from './evaluate.ts'
import { picked } from './picked.ts'
import type { Located } from './program.ts'
import { constructed, declaredFields } from './records.ts'
import type { Scope } from './scopes.ts'
import { secondsOf, spanOf } from './spans.ts'
import type { At, Call, Node } from './tree.ts'
import { either, type Frame, possibilities, unknown, type Value, withoutDefault } from './value.ts'
import { lastName, walk } from './walk.ts'

/** A call with its arguments, evaluated when asked for. */
export interface Evaluated {
  readonly located: Located<Call>
  readonly frame: Frame | undefined
  arg(index: number): Value | undefined
  named(name: string): Value | undefined
}

const numeric = (value: Value | undefined): number | undefined => {
  if (value?.kind !== 'literal' || value.value === null || value.value === '') return
  const number = Number(value.value)
  return Number.isNaN(number) ? undefined : number
}

const orFallback = (name: string, fallback: Value | undefined, at: At): Value => {
  const env: Value = { kind: 'env', name, at }
  return fallback === undefined || (fallback.kind === 'literal' && fallback.value === null)
    ? env
    : either([env, fallback], at)
}

/** A setting as a schema left it: a number where the schema says so. */
const validated = (evaluator: Evaluator, name: string, fallback: Value | undefined, at: At): Value => {
  const setting = orFallback(name, fallback, at)
  return evaluator.schemaNumber(name)
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
const environmentOf = (evaluator: Evaluator, call: Located<Call>, frame?: Frame): Value | undefined => {
  const { node, scope } = call
  const given = [...node.args, ...node.named.values()].some((one) => {
    // `FastAPI(**settings.options)` is given settings, it reads none.
    if (one.kind === 'spread') return false
    const value = evaluator.value(one, scope, frame)
    return (
      value.kind === 'environment' ||
      (value.kind === 'object' &&
        [...value.entries.values()].some((entry) => possibilities(entry).some((each) => each.kind === 'env')) &&
        value.rest.length === 0 &&
        value.entries.size > 0 &&
        PARSES.test(lastName(node.callee) ?? '')) ||
      (value.kind === 'object' && value.rest.some((rest) => rest.kind === 'environment'))
    )
  })
  if (!given) return
  return { kind: 'environment', schema: [call], at: node.at }
}

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
const fallbackAnywhere = (evaluator: Evaluator, name: string): Value | undefined => evaluator.schemaDefault(name)

/** What `Number(x)` comes to; a setting stays what it is. */
export const asNumber = (value: Value, at: At): Value =>
  either(
    possibilities(value).map((one) => {
      if (one.kind === 'instant' || one.kind === 'duration') return one
      // A moment whose distance is a setting.
      if (one.kind === 'unknown' && one.label?.[0] === 'timedelta') return one
      if (one.kind === 'env') return { ...one, number: true }
      const number = numeric(one)
      return number === undefined ? unknown(at) : { kind: 'literal', value: number, at: one.at }
    }),
    at,
  )

const NOW: Readonly<Record<string, 'ms' | 's' | 'object'>> = {
  'Date.now.()': 'ms',
  'Date.()': 'object',
  'performance.now.()': 'ms',
  'moment.()': 'object',
  'moment.utc.()': 'object',
  'dayjs.()': 'object',
  'dayjs.utc.()': 'object',
  'luxon.DateTime.now.()': 'object',
  'luxon.DateTime.utc.()': 'object',
  'datetime.datetime.utcnow.()': 'object',
  'datetime.datetime.now.()': 'object',
  'datetime.datetime.today.()': 'object',
  'datetime.utcnow.()': 'object',
  'datetime.now.()': 'object',
  'django.utils.timezone.now.()': 'object',
  'time.time.()': 's',
  'pendulum.now.()': 'object',
  'arrow.utcnow.()': 'object',
}

/** The name of a call's callee as its documentation has it: `jsonwebtoken.sign.()`. */
const nameOf = (callee: Value): string | undefined =>
  callee.kind === 'external'
    ? [...(callee.from === 'global' ? [] : [callee.from.replace(/^node:/, '')]), ...withoutDefault(callee.path), '()']
        .join('.')
        .replace('.default', '')
    : undefined

const PROMISIFIES = /^(?:util|bluebird|Promise|es6-promisify|es-toolkit)\.promisify\.\(\)$|^pify\.\(\)$/

export const knownCall = (evaluator: Evaluator, callee: Value, call: Evaluated): Value | undefined => {
  const { node } = call.located
  const { at } = node
  const name = nameOf(callee)
  if (name !== undefined) {
    const scale =
      NOW[name] ?? NOW[name.replace(/^(?:moment-timezone|dayjs\/[^.]+)/, (one) => one.split(/[-/]/)[0] ?? one)]
    if (scale !== undefined) {
      const of = /^datetime/.test(name) ? undefined : call.arg(0)
      if (of === undefined || of.kind === 'external' || of.kind === 'unknown')
        return of === undefined || scale !== 'object' || of.kind === 'external'
          ? { kind: 'instant', seconds: 0, scale, at }
          : unknown(at)
      if (of.kind === 'instant') return { ...of, scale: 'object', at }
      return /^(?:datetime|time|pendulum)/.test(name) ? { kind: 'instant', seconds: 0, scale, at } : unknown(at)
    }
    if (/^(?:datetime\.)?timedelta\.\(\)$/.test(name)) return timedelta(call, at)
    // The moment that its seconds say.
    if (/^(?:datetime\.){0,2}(?:utc)?fromtimestamp\.\(\)$/.test(name)) return ofTimestamp(call.arg(0), at)
    if (
      /^(?:Number|parseInt|parseFloat|Math\.(?:floor|round|ceil|trunc)|int|float|round|math\.(?:floor|ceil))\.\(\)$/.test(
        name,
      )
    )
      return asNumber(call.arg(0) ?? unknown(at), at)
    if (/^(?:Number\.(?:parseInt|parseFloat))\.\(\)$/.test(name)) return asNumber(call.arg(0) ?? unknown(at), at)
    const [, end] = /^Math\.(max|min)\.\(\)$/.exec(name) ?? []
    if (end !== undefined)
      return extreme(
        end,
        node.args.map((_, index) => call.arg(index) ?? unknown(at)),
        at,
      )
    // The same call, only answered by a promise.
    if (PROMISIFIES.test(name) && call.arg(0)?.kind === 'external') return call.arg(0)
    if (name === 'dict.()' && node.named.size > 0) return withNamed(call, at)
    if (
      /^(?:String|str|Buffer\.from|Object\.freeze|TextEncoder\.\(\)\.encode|SecretStr|pydantic\.SecretStr|bytes|crypto\.createSecretKey|structuredClone|dict|list|Array\.from|copy\.(?:copy|deepcopy))\.\(\)$/.test(
        name,
      )
    )
      return call.arg(0)
    if (/^(?:JSON\.parse|Boolean)\.\(\)$/.test(name) && call.arg(0)?.kind === 'env') return call.arg(0)
    const [, way, unit] =
      name.match(/^date-fns\.(?:\w+\.)?(add|sub)(Seconds|Minutes|Hours|Days|Weeks|Months|Years)?\.\(\)$/) ?? []
    if (way !== undefined) return shifted(call, way, unit ?? '', at)
    if (/^date-fns\.(?:getUnixTime\.){1,2}\(\)$/.test(name) && call.arg(0)?.kind === 'instant')
      return { ...(call.arg(0) as Extract<Value, { kind: 'instant' }>), scale: 's', at }
    if (/^(?:ms)\.(?:ms\.)?\(\)$/.test(name)) return milliseconds(call.arg(0), at)
    if (/^Object\.assign\.\(\)$/.test(name)) return assigned(evaluator, call, node.args.length, at)
    if (
      /(?:^|\.)(?:os\.(?:getenv|environ\.get|environ\.setdefault)|getenv|environ\.get|env|config|get_env|getEnv|Deno\.env\.get|env\.(?:str|int|bool|get|list)|Config\.\(\))\.\(\)$/.test(
        name,
      ) &&
      !/^(?:dotenv|convict)/.test(name)
    ) {
      const key = call.arg(0)
      if (key?.kind === 'literal' && typeof key.value === 'string')
        return orFallback(key.value, call.named('default') ?? call.arg(1), at)
    }
    if (/(?:^|\.)(?:pydantic\.Field|pydantic_settings\.Field|Field)\.\(\)$/.test(name)) {
      const given = call.named('default') ?? call.arg(0)
      const env = call.named('env') ?? call.named('validation_alias') ?? call.named('alias')
      const bare = given === undefined || (given.kind === 'external' && given.from === 'global') ? undefined : given
      return env?.kind === 'literal' ? orFallback(String(env.value), bare, at) : (bare ?? unknown(at))
    }
    if (/^fastapi\.(?:Depends|Security)\.\(\)$/.test(name)) {
      const made = call.arg(0)
      if (made?.kind === 'function')
        return evaluator.returned(
          made,
          evaluator.frame(made, { node: { ...node, args: [] }, scope: call.located.scope }),
        )
      return made?.kind === 'class' ? { kind: 'instance', class: made, at } : unknown(at)
    }
    if (/^functools\.|^typing\.cast/.test(name)) return call.arg(1) ?? call.arg(0)
    if (name === 'require.()' || name === 'import.()') {
      const from = call.arg(0)
      if (from?.kind === 'literal' && typeof from.value === 'string')
        return evaluator.required(from.value, call.located.scope, at)
    }
    if (name === 'hono/adapter.env.()') return { kind: 'environment', schema: [], at }
    // They read process.env by themselves.
    if (/^(?:env-schema\.(?:envSchema\.)?|envsafe\.envsafe\.)\(\)$/.test(name))
      return { kind: 'environment', schema: [call.located], at }
    const parsed = environmentOf(evaluator, call.located, call.frame)
    if (parsed !== undefined) return parsed
  }
  return picked(evaluator, callee, call)
}

/** Methods of values whose kind is known: moments, texts, objects, and the configuration services. */
export const instanceCall = (
  evaluator: Evaluator,
  node: Call,
  scope: Scope,
  frame: Frame | undefined,
  call: Evaluated,
): Value | undefined => {
  if (node.callee.kind !== 'member') return
  const method = lastName(node.callee)
  if (method === undefined) return
  const { at } = node
  const object = evaluator.value(node.callee.object, scope, frame)
  if (object.kind === 'either' && object.values.every((one) => one.kind !== 'function' && one.kind !== 'external')) {
    const values = object.values.map((one) => ofValue(evaluator, one, method, call, at))
    if (values.some((one) => one !== undefined))
      return either(
        values.map((one) => one ?? unknown(at)),
        at,
      )
  }
  return ofValue(evaluator, object, method, call, at)
}

const ofValue = (evaluator: Evaluator, object: Value, method: string, call: Evaluated, at: At): Value | undefined => {
  if (object.kind === 'instant') return ofInstant(object, method, call, at)
  // `jwt.sign.bind(jwt)`: what it is called on, and nothing of its arguments.
  if (method === 'bind' && (object.kind === 'external' || object.kind === 'function') && call.arg(1) === undefined)
    return object
  // A moment whose distance is a setting stays what it is.
  if (
    object.kind === 'unknown' &&
    object.label?.[0] === 'timedelta' &&
    /^(?:unix|toDate|getTime|valueOf|timestamp|total_seconds)$/.test(method)
  )
    return object
  if (object.kind === 'duration' && method === 'total_seconds') return { kind: 'literal', value: object.seconds, at }
  if (object.kind === 'environment' && /^(?:get|getOrThrow|setdefault)$/.test(method)) {
    const key = call.arg(0)
    if (key?.kind === 'literal') return orFallback(String(key.value), call.arg(1), at)
  }
  if (object.kind === 'literal' || object.kind === 'text' || object.kind === 'env') {
    if (/^(?:trim|toString|strip|encode|decode|get_secret_value|lower|toLowerCase|valueOf)$/.test(method)) return object
    if (method === 'split' && object.kind === 'literal' && typeof object.value === 'string') {
      const separator = call.arg(0)
      const by = separator?.kind === 'literal' && typeof separator.value === 'string' ? separator.value : ' '
      return {
        kind: 'list',
        items: object.value.split(by).map((value) => ({ kind: 'literal', value, at: object.at })),
        at,
      }
    }
    if (method === 'split' && object.kind === 'env') return object
    if (method === 'replace' || method === 'replaceAll') return object
  }
  if (object.kind === 'instance' && object.call !== undefined && /^(?:dict|model_dump|toJSON|toObject)$/.test(method)) {
    const declared = evaluator.members(object.class.node, object.class.scope).has(method)
    if (!declared && object.call.node.named.size > 0) return evaluator.given(object)
  }
  // Pydantic: the record of another class, read into the fields of this one.
  if (object.kind === 'class' && /^(?:from_orm|model_validate|parse_obj)$/.test(method))
    return { kind: 'instance', class: object, call: call.located, at }
  if (
    object.kind === 'instance' &&
    object.call !== undefined &&
    /^(?:dict|model_dump)$/.test(method) &&
    /^(?:from_orm|model_validate|parse_obj)$/.test(lastName(object.call.node.callee) ?? '')
  ) {
    const fields = declaredFields(evaluator, object, at)
    const only = namesIn(call.named('include'))
    const out = namesIn(call.named('exclude')) ?? []
    if (fields.entries.size > 0)
      return {
        ...fields,
        entries: new Map(
          [...fields.entries].filter(([key]) => !out.includes(key) && (only === undefined || only.includes(key))),
        ),
      }
  }
  if (object.kind === 'list' && /^(?:map|filter|slice|concat)$/.test(method))
    return method === 'concat'
      ? { ...object, items: [...object.items, ...(call.arg(0) ? [call.arg(0) as Value] : [])] }
      : object
  if (object.kind === 'env' && /^(?:map|filter)$/.test(method)) return object
  if (object.kind === 'object') {
    if (
      method === 'copy' ||
      method === 'toObject' ||
      method === 'toJSON' ||
      method === 'dict' ||
      method === 'model_dump'
    )
      return object
    if (method === 'get') {
      const key = call.arg(0)
      if (key?.kind === 'literal') return evaluator.member(object, String(key.value), at)
    }
  }
  // Nest's container: `app.get(ConfigService)` is one.
  if (object.kind === 'external' && object.from.startsWith('@nestjs/') && (method === 'get' || method === 'resolve')) {
    const type = call.arg(0)
    if (type?.kind === 'class') return { kind: 'instance', class: type, at }
    if (type?.kind === 'external' && type.from !== 'global') return { ...type, at }
  }
  // Nest's ConfigService, node-config, convict: a path into what was registered, or the environment.
  if (
    object.kind === 'external' &&
    (method === 'get' || method === 'getOrThrow') &&
    (/ConfigService/.test(object.path.join('.')) || /^config$|convict|nconf/.test(object.from))
  ) {
    const key = call.arg(0)
    if (key?.kind === 'literal' && typeof key.value === 'string') return evaluator.configured(key.value, call, at)
  }
  return
}

/** `{'id', 'name'}` */
const namesIn = (value: Value | undefined): readonly string[] | undefined =>
  value?.kind === 'list' ? value.items.flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : [])) : undefined

const PARTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    getDate: 86400,
    getUTCDate: 86400,
    getHours: 3600,
    getUTCHours: 3600,
    getMinutes: 60,
    getUTCMinutes: 60,
    getSeconds: 1,
    getUTCSeconds: 1,
    getMonth: 2592000,
    getFullYear: 31557600,
    getMilliseconds: 0.001,
  }),
)

const ofInstant = (
  moment: Extract<Value, { kind: 'instant' }>,
  method: string,
  call: Evaluated,
  at: At,
): Value | undefined => {
  if (/^(?:getTime|valueOf|toMillis)$/.test(method)) return { ...moment, scale: 'ms', at }
  if (/^(?:unix|timestamp|toSeconds|toUnixInteger)$/.test(method)) return { ...moment, scale: 's', at }
  if (/^(?:toDate|toJSDate|utc|local|clone|replace|astimezone|tz|toString|toISOString|isoformat|toFixed)$/.test(method))
    return { ...moment, at }
  const part = PARTS.get(method)
  if (part !== undefined) return { ...moment, seconds: 0, scale: 'part', unit: part, at }
  if (/^(?:add|plus|subtract|minus)$/.test(method)) {
    const [amount, unit] = [call.arg(0), call.arg(1)]
    return either(
      possibilities(amount ?? unknown(at)).map((one): Value => {
        if (one.kind === 'env' && unit?.kind === 'literal')
          return { kind: 'unknown', label: ['timedelta', String(unit.value), one.name], at }
        const span = momentSpan(one, unit)
        return span === undefined
          ? unknown(at)
          : { ...moment, seconds: moment.seconds + (/^(?:add|plus)$/.test(method) ? span : -span), at }
      }),
      at,
    )
  }
  return
}

const momentSpan = (amount: Value | undefined, unit: Value | undefined): number | undefined => {
  if (amount?.kind === 'object') {
    let total = 0
    for (const [key, value] of amount.entries) {
      const [seconds, count] = [secondsOf(key), numeric(value)]
      if (seconds === undefined || count === undefined) return
      total += seconds * count
    }
    return total
  }
  if (amount?.kind === 'duration') return amount.seconds
  const count = numeric(
    possibilities(amount ?? unknown({ file: '', line: 0, start: 0, end: 0 })).find((one) => one.kind === 'literal'),
  )
  const seconds = unit?.kind === 'literal' ? secondsOf(String(unit.value)) : undefined
  return count === undefined || seconds === undefined ? undefined : count * seconds
}

const timedelta = (call: Evaluated, at: At): Value => {
  const order = ['days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks']
  // Each way the amounts can be: a setting with a fallback is known by its fallback.
  const sums: (number | undefined)[] = [0]
  const envs: Value[] = []
  order.forEach((unit, index) => {
    const amount = call.named(unit) ?? call.arg(index)
    if (amount === undefined) return
    const seconds = unit === 'microseconds' ? 1e-6 : (secondsOf(unit) ?? 0)
    const options = possibilities(amount).map((one) => {
      if (one.kind === 'env') envs.push(one)
      return numeric(one)
    })
    const known = options.filter((one) => one !== undefined)
    const before = [...sums]
    sums.length = 0
    for (const sum of before)
      for (const option of known.length > 0 ? known : [undefined])
        sums.push(sum === undefined || option === undefined ? undefined : sum + option * seconds)
  })
  const unitOfEnv = order.find((unit) =>
    possibilities(call.named(unit) ?? unknown(at)).some((one) => one.kind === 'env'),
  )
  const values = sums.map(
    (seconds): Value =>
      seconds === undefined
        ? {
            kind: 'unknown',
            label: ['timedelta', unitOfEnv ?? '', ...envs.map((one) => (one.kind === 'env' ? one.name : ''))],
            at,
          }
        : { kind: 'duration', seconds, at },
  )
  return either(values, at)
}

const milliseconds = (value: Value | undefined, at: At): Value => {
  const span = value?.kind === 'literal' && typeof value.value === 'string' ? spanOf(value.value) : undefined
  return span === undefined ? unknown(at) : { kind: 'literal', value: span * 1000, at }
}

/** `dict(claims, sub=user.id)`. */
const withNamed = (call: Evaluated, at: At): Value => {
  const given = call.arg(0)
  const named = [...call.located.node.named.keys()].map((key): [string, Value] => [key, call.named(key) ?? unknown(at)])
  return given === undefined || given.kind === 'object'
    ? { kind: 'object', entries: new Map([...(given?.entries ?? []), ...named]), rest: given?.rest ?? [], at }
    : { kind: 'object', entries: new Map(named), rest: [given], at }
}

const ofTimestamp = (seconds: Value | undefined, at: At): Value =>
  either(
    possibilities(seconds ?? unknown(at)).map((one) =>
      one.kind === 'instant' ? { ...one, scale: 'object', at } : unknown(at),
    ),
    at,
  )

/** date-fns: `addMinutes(new Date(), 15)`, `add(now, { hours: 1 })`. */
const shifted = (call: Evaluated, way: string, unit: string, at: At): Value | undefined => {
  const moment = call.arg(0)
  const amount = call.arg(1)
  if (moment?.kind !== 'instant') return
  const span = momentSpan(amount, unit === '' ? undefined : { kind: 'literal', value: unit, at })
  return span === undefined
    ? unknown(at)
    : { ...moment, seconds: moment.seconds + (way === 'add' ? span : -span), scale: 'object', at }
}

const assigned = (evaluator: Evaluator, call: Evaluated, count: number, at: At): Value => {
  const entries = new Map<string, Value>()
  const rest: Value[] = []
  for (let index = 0; index < count; index += 1) {
    const given = call.arg(index)
    const value = given?.kind === 'instance' ? (constructed(evaluator, given, at) ?? given) : given
    if (value?.kind === 'object') {
      for (const [key, one] of value.entries) entries.set(key, one)
      rest.push(...value.rest)
    } else if (value !== undefined) rest.push(value)
  }
  return { kind: 'object', entries, rest, at }
}
