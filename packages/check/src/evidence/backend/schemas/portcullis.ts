/** Portcullis's own field types and `noBody`: schemas of zod that are bounded, those with arguments by what they are given. */
import { possibilities, type Value } from '../../source/index.ts'
import { argsOf, type Chain, type External, type Step } from './chain.ts'
import { type Context, shapeOfArg } from './readers.ts'
import { type Shape, unread } from './shape.ts'
import { zodSteps } from './zod.ts'

const VALIDATION = 'portcullis/validation'
const WITH_NO_BODY: readonly string[] = ['portcullis', 'portcullis/fastify']

/** Undefined for what these packages export beside schemas, and for what they do not. */
export const portcullisShape = (context: Context, chain: Chain): Shape | undefined => {
  // `import * as validation`: the name of the whole comes first.
  const steps = chain.steps.slice(chain.steps.findIndex((one) => one.name !== '*' && one.name !== 'default'))
  const [first, ...rest] = steps
  if (first === undefined) return
  if (WITH_NO_BODY.includes(chain.from) && first.name === 'noBody' && !first.called)
    return zodSteps(context, { kind: 'fixed', at: first.at }, rest)
  if (chain.from !== VALIDATION) return
  // It gives back the schema that it is given.
  if (first.name === 'compiled' && first.called)
    return zodSteps(context, shapeOfArg(context, argsOf(context.reading, first)[0], first.at), rest)
  const [field, ...after] = rest
  const shape = first.name === 'field' && !first.called && field !== undefined ? fieldShape(context, field) : undefined
  return shape && zodSteps(context, shape, after)
}

/** Whether a validation can be asked of it: `field.pageQuery.parse(query)`, `compiled(schema).parse(body)`. */
export const isPortcullisSchema = ({ from, path }: External): boolean =>
  from === VALIDATION && path.some((one) => one === 'field' || one === 'compiled')

const TEXTS: ReadonlySet<string> = new Set(['email', 'username', 'password', 'id', 'slug', 'url', 'money'])

/** Those that are called, and which of their arguments is the maximum. */
const MADE: ReadonlyMap<string, readonly [kind: 'string' | 'number', maximum: number]> = new Map([
  ['text', ['string', 0]],
  ['line', ['string', 0]],
  ['integer', ['number', 1]],
])

const fieldShape = (context: Context, step: Step): Shape | undefined => {
  const { name, called, at } = step
  if (!called) return TEXTS.has(name) ? { kind: 'string', bounded: true, at } : pageQuery(step)
  const made = MADE.get(name)
  if (made === undefined || step.call === undefined) return
  const [kind, index] = made
  const given = argsOf(context.reading, step)
  if (step.call.node.args.some((one) => one.kind === 'spread') && given.length <= index)
    return unread(`the arguments of field.${name} could not be read`, at)
  return { kind, bounded: isMaximum(given[index]), at }
}

/** Without one, or with Infinity, zod compares with nothing: JavaScript can ask for that. */
const isMaximum = (value: Value | undefined): boolean =>
  value !== undefined &&
  possibilities(value).every((one) =>
    one.kind === 'literal'
      ? typeof one.value === 'number' && Number.isFinite(one.value)
      : !(one.kind === 'external' && one.from === 'global' && /^(?:NaN|\w*INFINITY)$/i.test(one.path.at(-1) ?? '')),
  )

const pageQuery = ({ name, at }: Step): Shape | undefined =>
  name !== 'pageQuery'
    ? undefined
    : {
        kind: 'object',
        closed: true,
        fields: new Map<string, Shape>([
          ['limit', { kind: 'number', bounded: true, at }],
          ['after', { kind: 'string', bounded: true, at }],
        ]),
        at,
      }
