/** The actions of routing-controllers' classes as routes, with what guards, limits and checks them. */
import { type FunctionNode, lastName, possibilities, type Value } from '../../source/index.ts'
import type { Limiter, Place, Route } from '../facts.ts'
import { argOf, type Decorated, type Decorator, decoratorsOf, lineOf, methodsOf, named } from '../nest/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { type Checking, inputsOf } from './inputs.ts'
import { type Around, guardOf, limiterOf } from './middleware.ts'
import { type Server, textIn } from './servers.ts'

const PACKAGE = /^routing-controllers$/
const VERBS = /^(?:Get|Post|Put|Patch|Delete|All|Head|Options|Method)$/

export const isController = (one: Decorated): boolean =>
  named(one.decorators, /^(?:Json)?Controller$/, PACKAGE).length > 0

export const routesOf = (
  reading: Reading,
  server: Server,
  controllers: readonly Decorated[],
  around: Around,
): readonly Route[] => {
  const checking = checkingOf(server)
  const asks = asksFor(reading, server)
  return controllers.flatMap((controller) => {
    const line = lineOf(reading, controller.class)
    const ofClass = [
      ...controller.decorators,
      ...line.slice(1).flatMap((one) => decoratorsOf(reading, one.node.decorators)),
    ]
    const seen = new Set<string>()
    return line.flatMap((each) =>
      methodsOf(each.node).flatMap((method) => {
        const name = method.name ?? ''
        if (seen.has(name)) return []
        seen.add(name)
        return actions(reading, { server, controller, ofClass, method, checking, asks, around })
      }),
    )
  })
}

interface Action {
  readonly server: Server
  readonly controller: Decorated
  readonly ofClass: readonly Decorator[]
  readonly method: FunctionNode
  readonly checking: Checking
  readonly asks: (decorators: readonly Decorator[]) => Place | undefined
  readonly around: Around
}

const actions = (reading: Reading, action: Action): readonly Route[] => {
  const { server, controller, ofClass, method, checking, asks, around } = action
  const decorators = decoratorsOf(reading, method.decorators)
  const uses = [...named(decorators, 'UseBefore', PACKAGE), ...named(ofClass, 'UseBefore', PACKAGE)]
  const [base] = named(ofClass, /^(?:Json)?Controller$/, PACKAGE)
  const verbs = decorators.filter((one) => VERBS.test(one.name) && PACKAGE.test(one.from))
  if (verbs.length === 0) return []
  const limiters = [...around.limiters, ...around.foreign, ...limitersIn(reading, uses)]
  const covered = coverage(around, asks(decorators) ?? currentUser(reading, method), asks(ofClass))
  const inputs = inputsOf(reading, method, uses, checking)
  return verbs.map((verb): Route => {
    const isMethod = verb.name === 'Method'
    const path = pathIn(reading, argOf(reading, verb, isMethod ? 1 : 0))
    return {
      framework: 'express',
      method: isMethod ? textIn(reading, argOf(reading, verb, 0)).toUpperCase() || 'ALL' : verb.name.toUpperCase(),
      path: joined(server.prefix, base === undefined ? '' : pathIn(reading, argOf(reading, base, 0)), path),
      at: placeOf(reading, verb.at),
      ...covered,
      limiters,
      inputs,
      handler: `${controller.name}.${method.name ?? ''}`,
    }
  })
}

const pathIn = (reading: Reading, value: Value | undefined): string => {
  const pattern = value && possibilities(value).find((one) => one.kind === 'pattern')
  return pattern?.kind === 'pattern' ? `/${pattern.source}/` : textIn(reading, value)
}

const joined = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((one) => one.split('/'))
    .filter((one) => one !== '')
    .join('/')}`

const coverage = (
  around: Around,
  own: Place | undefined,
  group: Place | undefined,
): Pick<Route, 'guard' | 'guardAt'> => {
  const [guard] = around.guards
  if (guard !== undefined) return { guard: 'global', guardAt: guard.at }
  if (own !== undefined) return { guard: 'own', guardAt: own }
  return group === undefined ? { guard: 'none' } : { guard: 'group', guardAt: group }
}

/** Where decorators ask for a guard: `@Authorized()` through the server's checker, or `@UseBefore(guard)`. */
const asksFor = (reading: Reading, server: Server): Action['asks'] => {
  const open = passesAnybody(reading, server.option('authorizationChecker'))
  return (decorators) => {
    for (const one of decorators) {
      if (!PACKAGE.test(one.from)) continue
      if (one.name === 'Authorized' && !open) return placeOf(reading, one.at)
      if (one.name !== 'UseBefore') continue
      for (const arg of one.args) {
        const value = reading.evaluator.value(arg, one.scope, one.frame)
        if (guardOf(reading, value, lastName(arg.kind === 'call' ? arg.callee : arg) ?? '') !== undefined)
          return placeOf(reading, one.at)
      }
    }
    return
  }
}

/** A checker whose every answer is `true` lets all through. Without any checker the package refuses. */
const passesAnybody = (reading: Reading, checker: Value | undefined): boolean =>
  checker?.kind === 'function' &&
  possibilities(reading.evaluator.returned(checker)).every((one) => one.kind === 'literal' && one.value === true)

/** `@CurrentUser({ required: true })` refuses those who are nobody. */
const currentUser = (reading: Reading, method: FunctionNode): Place | undefined => {
  for (const parameter of method.parameters)
    for (const one of named(decoratorsOf(reading, parameter.decorators), 'CurrentUser', PACKAGE)) {
      const options = argOf(reading, one, 0)
      const required = options?.kind === 'object' ? options.entries.get('required') : undefined
      if (required?.kind === 'literal' && required.value === true) return placeOf(reading, one.at)
    }
  return
}

const limitersIn = (reading: Reading, uses: readonly Decorator[]): readonly Limiter[] =>
  uses.flatMap((one) =>
    one.args.flatMap((arg): readonly Limiter[] => {
      const found = limiterOf(reading, reading.evaluator.value(arg, one.scope, one.frame))
      return found === undefined ? [] : [{ ...found, mounted: 'somewhere' }]
    }),
  )

/** Validation is on unless it is switched off; the keys that no class names pass unless it says otherwise. */
const checkingOf = (server: Server): Checking => {
  const off = (name: string): boolean => {
    const value = server.option(name)
    return value?.kind === 'literal' && value.value === false
  }
  const validation = server.option('validation')
  const whitelist = validation?.kind === 'object' ? validation.entries.get('whitelist') : undefined
  return {
    validates: !off('validation') && !off('classTransformer'),
    closed: whitelist?.kind === 'literal' && whitelist.value === true,
  }
}
