/** tsoa: routes by decorators, checks by types and the tags of their comments. */
import { type FunctionNode, lastName, possibilities, textsOf } from '../../source/index.ts'
import type { FrameworkFacts, Input, Limiter, Place, Route } from '../facts.ts'
import { argOf, type Decorated, type Decorator, decoratorsOf, methodsOf, named, programOf } from '../nest/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { judge } from '../schemas/index.ts'
import { guardOf, limiterOf } from './middleware.ts'
import { parameterShape } from './tsoa-types.ts'

const PACKAGE = /^(?:tsoa|@tsoa\/runtime)$/
const VERBS = /^(?:Get|Post|Put|Patch|Delete|Head|Options)$/
const FROM: Readonly<Record<string, Input['from']>> = {
  Body: 'body',
  BodyProp: 'body',
  Query: 'query',
  Queries: 'query',
  Path: 'path',
}

export const readTsoa = (reading: Reading): Pick<FrameworkFacts, 'routes' | 'limiters'> => {
  const controllers = programOf(reading).classes.filter((one) => named(one.decorators, 'Route', PACKAGE).length > 0)
  const routes = controllers.flatMap((one) =>
    methodsOf(one.class.node).flatMap((method) => action(reading, one, method)),
  )
  return { routes, limiters: routes.flatMap((one) => one.limiters) }
}

const action = (reading: Reading, controller: Decorated, method: FunctionNode): readonly Route[] => {
  const decorators = decoratorsOf(reading, method.decorators)
  const [base] = named(controller.decorators, 'Route', PACKAGE)
  const open = named(decorators, 'NoSecurity', PACKAGE).length > 0
  const own = asked(reading, decorators)
  const group = open ? undefined : asked(reading, controller.decorators)
  return decorators
    .filter((one) => VERBS.test(one.name) && PACKAGE.test(one.from))
    .map(
      (verb): Route => ({
        framework: 'express',
        method: verb.name.toUpperCase(),
        path: joined(textOf(reading, base), textOf(reading, verb)),
        at: placeOf(reading, verb.at),
        ...(own !== undefined
          ? { guard: 'own', guardAt: own }
          : group !== undefined
            ? { guard: 'group', guardAt: group }
            : { guard: 'none' }),
        limiters: limitersIn(reading, [...decorators, ...controller.decorators]),
        inputs: method.parameters.flatMap((one) => {
          const source = decoratorsOf(reading, one.decorators).find(
            (each) => FROM[each.name] !== undefined && PACKAGE.test(each.from),
          )
          if (source === undefined) return []
          const from = FROM[source.name] ?? 'body'
          const shape = parameterShape(reading, method, one)
          const name = lastName(one.target) ?? ''
          const { problems: found, unread } = judge(reading, shape, 'path')
          const label = source.name === 'Body' ? from : `${from}.${name}`
          const problems = found.map((each) => ({ ...each, what: each.what.replace(/^path/, label) }))
          const at = placeOf(reading, one.target.at)
          return [{ from, at, problems, ...(unread === undefined ? {} : { unread }) }]
        }),
        handler: `${controller.name}.${method.name ?? ''}`,
      }),
    )
}

const textOf = (reading: Reading, decorator: Decorator | undefined): string => {
  const value = decorator && argOf(reading, decorator, 0)
  return (value && textsOf(value)[0]) ?? ''
}

const joined = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((one) => one.split('/'))
    .filter((one) => one !== '')
    .join('/')}`

/** `@Security('jwt')` calls the project's `expressAuthentication`; `@Middlewares(guard)` is Express's own way. */
const asked = (reading: Reading, decorators: readonly Decorator[]): Place | undefined => {
  const [security] = named(decorators, 'Security', PACKAGE)
  if (security !== undefined) return placeOf(reading, security.at)
  const guard = named(decorators, 'Middlewares', PACKAGE).find((one) =>
    one.args.some((arg) =>
      possibilities(reading.evaluator.value(arg, one.scope, one.frame)).some(
        (each) => guardOf(reading, each, '') !== undefined,
      ),
    ),
  )
  return guard && placeOf(reading, guard.at)
}

const limitersIn = (reading: Reading, decorators: readonly Decorator[]): readonly Limiter[] =>
  named(decorators, 'Middlewares', PACKAGE).flatMap((one) =>
    one.args.flatMap((arg): readonly Limiter[] => {
      const found = limiterOf(reading, reading.evaluator.value(arg, one.scope, one.frame))
      return found === undefined ? [] : [{ ...found, mounted: 'somewhere' }]
    }),
  )
