/** What the standard parts of both languages, and the usual libraries of settings and time, give back. */
import { extreme } from './arithmetic.ts'
import { convicted } from './convict.ts'
import { dumped, READS_ANOTHER } from './dumped.ts'
import { environmentOf, orFallback } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import { ofJson } from './json-texts.ts'
import {
  inSeconds,
  milliseconds,
  moment,
  ofInstant,
  ofTimestamp,
  relativedelta,
  shifted,
  timedelta,
} from './moments.ts'
import { required } from './names.ts'
import { asNumber } from './numbers.ts'
import { picked } from './picked.ts'
import type { Located } from './program.ts'
import { constructed, namedIn, overlaid } from './records.ts'
import type { Scope } from './scopes.ts'
import type { At, Call } from './tree.ts'
import { either, type Frame, unknown, type Value, withoutDefault } from './value.ts'
import { lastName } from './walk.ts'

/** A call with its arguments, evaluated when asked for. */
export interface Evaluated {
  readonly located: Located<Call>
  readonly frame: Frame | undefined
  arg(index: number): Value | undefined
  named(name: string): Value | undefined
}

/** The name of a call's callee as its documentation has it: `jsonwebtoken.sign.()`. */
const nameOf = (callee: Value): string | undefined =>
  callee.kind === 'external'
    ? [...(callee.from === 'global' ? [] : [callee.from.replace(/^node:/, '')]), ...withoutDefault(callee.path), '()']
        .join('.')
        .replace('.default', '')
    : undefined

const PROMISIFIES = /^(?:util|bluebird|Promise|es6-promisify|es-toolkit)\.promisify\.\(\)$|^pify\.\(\)$/

/** `express-async-handler` and its like: what it is given, whose promise is waited for. */
const WAITS_FOR =
  /^(?:@[\w.-]+\/)?[\w-]*async-?[\w-]*(?:handler|wrap(?:per)?|ify|catch|errors?|middleware)s?(?:\.\w+)?\.\(\)$/i

export const knownCall = (evaluator: Evaluator, callee: Value, call: Evaluated): Value | undefined => {
  const { node } = call.located
  const { at } = node
  const name = nameOf(callee)
  if (name !== undefined) {
    const now = moment(name, call, at)
    if (now !== undefined) return now
    if (/^(?:datetime\.)?timedelta\.\(\)$/.test(name)) return timedelta(call, at)
    if (/^dateutil\.relativedelta\.relativedelta\.\(\)$/.test(name)) return relativedelta(call, at)
    if (/^(?:calendar\.timegm|time\.mktime)\.\(\)$/.test(name)) return inSeconds(call.arg(0), at)
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
    if (WAITS_FOR.test(name) && call.arg(0)?.kind === 'function') return call.arg(0)
    if (name === 'dict.()' && node.named.size > 0) return withNamed(evaluator, call, at)
    if (
      /^(?:String|str|Buffer\.from|Object\.freeze|TextEncoder\.\(\)\.encode|SecretStr|pydantic\.SecretStr|bytes|crypto\.createSecretKey|structuredClone|dict|list|tuple|set|frozenset|Array\.from|copy\.(?:copy|deepcopy))\.\(\)$/.test(
        name,
      )
    )
      return call.arg(0)
    if (name === 'Boolean.()' && call.arg(0)?.kind === 'env') return call.arg(0)
    const read = /^(?:JSON\.parse|json\.loads)\.\(\)$/.test(name) ? ofJson(call.arg(0), at) : undefined
    if (read !== undefined) return read
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
        return required(evaluator, from.value, call.located.scope, at)
    }
    if (name === 'hono/adapter.env.()') return { kind: 'environment', schema: [], at }
    // They read process.env by themselves.
    if (/^(?:env-schema\.(?:envSchema\.)?|envsafe\.envsafe\.)\(\)$/.test(name))
      return { kind: 'environment', schema: [call.located], at }
    const set = convicted(evaluator, callee, call.arg(0), at)
    if (set !== undefined) return set
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

const CONTAINERS = /^(?:@nestjs\/.*|inversify|tsyringe|typedi)$/

const ofValue = (evaluator: Evaluator, object: Value, method: string, call: Evaluated, at: At): Value | undefined => {
  if (object.kind === 'instant') return ofInstant(object, method, call, at)
  // `jwt.sign.bind(jwt)`: what it is called on, and nothing of its arguments.
  if (method === 'bind' && (object.kind === 'external' || object.kind === 'function') && call.arg(1) === undefined)
    return object
  // A moment whose distance is a setting stays what it is.
  if (
    object.kind === 'unknown' &&
    object.label?.[0] === 'timedelta' &&
    /^(?:unix|toDate|getTime|valueOf|timestamp|total_seconds|utctimetuple|timetuple)$/.test(method)
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
  const record = dumped(evaluator, object, method, call, at)
  if (record !== undefined) return record
  if (object.kind === 'class' && READS_ANOTHER.test(method))
    return { kind: 'instance', class: object, call: call.located, at }
  if (object.kind === 'list' && /^(?:map|filter|slice|concat)$/.test(method))
    return method === 'concat'
      ? { ...object, items: [...object.items, ...(call.arg(0) ? [call.arg(0) as Value] : [])] }
      : object
  if (object.kind === 'env' && /^(?:map|filter)$/.test(method)) return object
  if (object.kind === 'object') {
    if (method === 'copy') return object
    if (method === 'get') {
      const key = call.arg(0)
      if (key?.kind === 'literal') return evaluator.member(object, String(key.value), at)
    }
  }
  // A container of dependencies: Nest's `app.get(ConfigService)` is one.
  if (object.kind === 'external' && CONTAINERS.test(object.from) && (method === 'get' || method === 'resolve')) {
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
    if (key?.kind === 'literal' && typeof key.value === 'string')
      return evaluator.configuration.get(key.value, call, at)
  }
  return
}

/** `dict(claims, sub=user.id)`. */
const withNamed = (evaluator: Evaluator, call: Evaluated, at: At): Value => {
  const given = call.arg(0)
  const { node, scope } = call.located
  const named = namedIn(evaluator, node, scope, call.frame)
  return overlaid(given === undefined ? [named] : [given, named], at)
}

const assigned = (evaluator: Evaluator, call: Evaluated, count: number, at: At): Value =>
  overlaid(
    Array.from({ length: count }, (_, index) => call.arg(index))
      .filter((one) => one !== undefined)
      .map((one) => (one.kind === 'instance' ? (constructed(evaluator, one, at) ?? one) : one)),
    at,
  )
