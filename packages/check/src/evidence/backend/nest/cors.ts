/** CORS: `enableCors`, the option of `create`, the packages by hand, and headers by hand. */
import { type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { CorsSetting, OriginsLiteral } from '../facts.ts'
import { callWithoutList, callWithoutOptions, literalOf, originsEntry, switchedOrigins } from '../literals.ts'
import { corsInside, corsOfPackage, headersAnywhere, originOption, originsOfDelegate } from '../origins/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { appCalls, creations } from './application.ts'
import { methodOf } from './classes.ts'
import { appliedTo } from './middleware.ts'

export const corsOf = (reading: Reading): readonly CorsSetting[] => [
  ...creations(reading).flatMap(({ node, scope }) =>
    node.args.slice(1).flatMap((arg) =>
      possibilities(reading.evaluator.value(arg, scope)).flatMap((one) => {
        const cors = one.kind === 'object' ? one.entries.get('cors') : undefined
        return cors === undefined
          ? []
          : possibilities(cors).flatMap((each) => setting(reading, node, each, switchedOrigins(reading, one, 'cors')))
      }),
    ),
  ),
  ...reading.program
    .callsNamed('enableCors')
    .flatMap(({ node, scope }) =>
      whenOf(reading, node) === 'development'
        ? []
        : optionsOf(reading, node.args[0], scope).flatMap((one) =>
            setting(reading, node, one, callWithoutOptions(reading, node, '{ origin: ')),
          ),
    ),
  ...packaged(reading),
  ...headersAnywhere(reading),
]

const optionsOf = (reading: Reading, node: Node | undefined, scope: Scope): readonly (Value | undefined)[] =>
  node === undefined ? [undefined] : possibilities(reading.evaluator.value(node, scope))

const setting = (
  reading: Reading,
  node: Node,
  options: Value | undefined,
  withoutList: OriginsLiteral | undefined,
): readonly CorsSetting[] => {
  if (options?.kind === 'literal' && (options.value === false || options.value === null)) return []
  const at = placeOf(
    reading,
    options?.kind === 'object'
      ? (options.entries.get('origin')?.at.file === node.at.file ? (options.entries.get('origin') ?? options) : options)
          .at
      : node.at,
  )
  const whole = options === undefined || options.kind === 'literal'
  if (whole)
    return [
      {
        at: placeOf(reading, node.at),
        origins: 'any',
        what: options === undefined ? 'CORS with its defaults' : 'cors: true',
        credentials: false,
        ...literalOf(withoutList),
      },
    ]
  if (options.kind === 'function')
    return [{ at, origins: originsOfDelegate(reading, options), what: 'CORS by a function', credentials: false }]
  if (options.kind !== 'object') return [{ at, origins: 'unknown', what: 'CORS', credentials: false }]
  const credentials = options.entries.get('credentials')
  return [
    {
      at,
      origins: originOption(reading, options, 'any'),
      what: 'origin',
      credentials: credentials?.kind === 'literal' && credentials.value === true,
      ...literalOf(originsEntry(reading, options, 'origin')),
    },
  ]
}

/** `app.use(cors())`, `consumer.apply(Cors)`, `app.register(fastifyCors, …)`. */
const packaged = (reading: Reading): readonly CorsSetting[] => [
  ...appCalls(reading, 'use').flatMap(({ node, scope }) =>
    whenOf(reading, node) === 'development'
      ? []
      : node.args.flatMap((arg) =>
          possibilities(reading.evaluator.value(arg, scope)).flatMap((one) => ofMiddleware(reading, one)),
        ),
  ),
  ...appliedTo(reading).flatMap((one) => possibilities(one).flatMap((each) => ofMiddleware(reading, each))),
  ...appCalls(reading, 'register').flatMap(({ node, scope }) => {
    const plugin = node.args[0] && reading.evaluator.value(node.args[0], scope)
    return plugin?.kind === 'external' && /^(?:@fastify\/cors|fastify-cors)$/.test(plugin.from)
      ? optionsOf(reading, node.args[1], scope).flatMap((one) =>
          setting(reading, node, one, callWithoutList(reading, node, '{ origin: ')),
        )
      : []
  }),
]

/** What the package made, or a class or function that calls it. */
const ofMiddleware = (reading: Reading, value: Value): readonly CorsSetting[] => {
  if (value.kind === 'external') return corsOfPackage(reading, value)
  const type = value.kind === 'instance' ? value.class : value
  const use = type.kind === 'class' ? methodOf(reading, type, 'use') : type
  return use?.kind === 'function' ? corsInside(reading, use) : []
}
