/** convict: `convict({ jwt: { secret: { default: null, env: 'JWT_SECRET' } } })`, asked by `config.get('jwt.secret')`. */
import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import type { At, Call, Node } from './tree.ts'
import { either, type Frame, unknown, type Value, withoutDefault } from './value.ts'

const ASKS = /^\(\)(?:\.\w+\.\(\))*\.(get|getProperties)$/
const NUMBERS = /^(?:nat|int|port|integer|duration|timestamp)$/

/** What `config.get('jwt.secret')` can come to: its variable, and its default. */
export const convicted = (evaluator: Evaluator, callee: Value, asked: Value | undefined, at: At): Value | undefined => {
  if (callee.kind !== 'external' || callee.from !== 'convict' || callee.call === undefined) return
  if (!ASKS.test(withoutDefault(callee.path).join('.'))) return
  const schema = schemaOf(evaluator, callee.call, callee.frame)
  if (schema?.kind !== 'object') return
  const settings = settingsOf(schema, at)
  if (asked === undefined) return settings
  if (asked.kind !== 'literal') return
  return String(asked.value)
    .split('.')
    .reduce<Value>((whole, name) => evaluator.member(whole, name, at), settings)
}

/** The call that was given the schema, behind `.loadFile(…)` and `.validate()`. */
const schemaOf = (evaluator: Evaluator, { node, scope }: Located<Call>, frame?: Frame): Value | undefined => {
  let made: Node = node
  while (made.kind === 'call' && made.callee.kind === 'member' && made.callee.object.kind === 'call')
    made = made.callee.object
  const [given] = made.kind === 'call' ? made.args : []
  return given && evaluator.value(given, scope, frame)
}

const settingsOf = (schema: Value, at: At): Value => {
  if (schema.kind !== 'object') return unknown(at)
  const initial = schema.entries.get('default')
  if (initial === undefined)
    return {
      ...schema,
      entries: new Map([...schema.entries].map(([name, one]) => [name, settingsOf(one, at)] as const)),
    }
  const [variable, format] = [schema.entries.get('env'), schema.entries.get('format')]
  if (variable?.kind !== 'literal') return initial
  const isNumber = format?.kind === 'literal' ? NUMBERS.test(String(format.value)) : isNumberType(format)
  const env: Value = { kind: 'env', name: String(variable.value), at, ...(isNumber ? { number: true } : {}) }
  return initial.kind === 'literal' && initial.value === null ? env : either([env, initial], at)
}

const isNumberType = (format: Value | undefined): boolean =>
  format?.kind === 'external' && format.from === 'global' && format.path.join('.') === 'Number'
