/** Which values are an instance of Fastify. */
import { type Call, type Located, possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Context } from './model.ts'

/** Where the evaluator meets a plugin's first parameter, it is a value of this package, named by its context. */
const INSTANCE = 'fastify:instance'

export const instanceValue = (context: Context, at: Value['at']): Value => ({
  kind: 'external',
  from: INSTANCE,
  path: [context.id],
  at,
})

const CHAINED =
  /^(?:withTypeProvider|register|after|ready|addHook|decorate|decorateRequest|decorateReply|route|get|post|put|patch|delete|head|options|all|setErrorHandler|setNotFoundHandler|setValidatorCompiler|setSerializerCompiler|addSchema|setSchemaController|addContentTypeParser|setReplySerializer|addHttpMethod|setGenReqId|removeAllContentTypeParsers|removeContentTypeParser|setSchemaErrorFormatter|setChildLoggerFactory|use)$/

/** Nothing but calls that give the instance back. */
const isChain = (path: readonly string[]): boolean =>
  path.every((one, index) => (index % 2 === 0 ? CHAINED.test(one) : one === '()')) && path.length % 2 === 0

/** The names that the path takes to Fastify's own function. */
const isFactory = (path: readonly string[]): boolean =>
  path.length === 0 || (path.length === 1 && /^(?:default|fastify|Fastify)$/.test(path[0] ?? ''))

/** `app.getHttpAdapter().getInstance()`, with nothing after it but calls that give it back. */
export const isBelowNest = (value: Value): boolean => {
  if (value.kind !== 'external' || !value.from.startsWith('@nestjs/')) return false
  const asked = value.path.lastIndexOf('getInstance')
  return asked !== -1 && value.path[asked + 1] === '()' && isChain(value.path.slice(asked + 2))
}

/** `Fastify()` and what is chained to it: the call that makes the application. */
export const rootCallOf = (reading: Reading, value: Value): Located<Call> | undefined => {
  if (value.kind !== 'external' || value.call === undefined) return
  const path = withoutDefault(value.path)
  const below = isBelowNest(value)
  if (!below && value.from !== 'fastify') return
  const made = below ? path.lastIndexOf('getInstance') + 1 : path.indexOf('()')
  if (!below && (made === -1 || !isFactory(path.slice(0, made)) || !isChain(path.slice(made + 1)))) return
  if (made === path.length - 1) return value.call
  const { callee } = value.call.node
  if (callee.kind !== 'member') return
  for (const one of possibilities(reading.evaluator.value(callee.object, value.call.scope, value.frame))) {
    const found = rootCallOf(reading, one)
    if (found !== undefined) return found
  }
  return
}

interface InstanceMember {
  /** The context's; undefined where the value is the application itself, as it was made. */
  readonly id: string | undefined
  readonly path: readonly string[]
}

const unchained = (path: readonly string[]): readonly string[] =>
  path[1] === '()' && CHAINED.test(path[0] ?? '') ? unchained(path.slice(2)) : path

/** A member of a plugin's instance (`fastify.authenticate`): whose, and the names. */
export const memberOfContext = (value: Value): InstanceMember | undefined => {
  if (value.kind !== 'external' || value.from !== INSTANCE) return
  const [id, ...rest] = value.path
  return { id, path: unchained(rest) }
}

/** The same, of an application too. */
export const memberOfInstance = (value: Value): InstanceMember | undefined => {
  if (value.kind !== 'external' || value.from !== 'fastify') return memberOfContext(value)
  const path = withoutDefault(value.path)
  const made = path.indexOf('()')
  return made === -1 || !isFactory(path.slice(0, made))
    ? undefined
    : { id: undefined, path: unchained(path.slice(made + 1)) }
}
