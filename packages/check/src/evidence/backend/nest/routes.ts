/** Every route of the controllers and resolvers, with what guards, limits and checks it. */
import { type FunctionNode, possibilities, type Value } from '../../source/index.ts'
import type { Limiter, Place, Route } from '../facts.ts'
import { givesForPassword } from '../guards/index.ts'
import { askedInside } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { type ClassValue, type Decorated, lineOf, methodsOf, type Program } from './classes.ts'
import { argOf, type Decorator, decoratorsOf, named } from './decorators.ts'
import { type GuardKind, guardKind } from './guard-kinds.ts'
import { inputsOf, type SchemaReader } from './inputs.ts'
import { forRoute, limitersOf, type Throttler } from './limits.ts'
import { isAsked, isExempt, type Mark, marksIn } from './marks.ts'
import { coversAll, type Middleware, meets } from './middleware.ts'
import { type Prefixes, pathsOf, type RoutePath } from './paths.ts'
import { type Pipe, pipeOf } from './pipes.ts'

interface Around {
  readonly program: Program
  readonly prefixes: Prefixes
  readonly guards: readonly { readonly guard: GuardKind; readonly at: Place }[]
  readonly middleware: readonly Middleware[]
  readonly pipes: readonly Pipe[]
  readonly throttlers: readonly Throttler[]
  readonly schema: SchemaReader
  /** Limiters of middleware, with what they cover. */
  readonly limiters: readonly { readonly limiter: Limiter; readonly middleware: Middleware }[]
  /** Registered on the adapter below, before Nest sees a request. */
  readonly everywhere: readonly Limiter[]
}

const VERBS = /^(?:Get|Post|Put|Patch|Delete|All|Head|Options|Search|Sse)$/
const FIELDS = /^(?:Query|Mutation|Subscription)$/

/** Names that say for themselves that a route is open, where the guard is another package's. */
const OPEN_NAMES =
  /^(?:is_?)?(?:public\w*|skip_?auth\w*|allow_?(?:anonymous|unauthori[sz]ed|unauthenticated|public)\w*|no_?auth\w*|unprotected|anonymous|open(?:route|endpoint)|without_?auth\w*|optional_?auth)$/i

export const routesOf = (around: Around): readonly Route[] =>
  around.program.classes.flatMap((one) => {
    const isController = named(one.decorators, 'Controller', /^@nestjs\/common$/).length > 0
    const isResolver = named(one.decorators, 'Resolver', /^@nestjs\/graphql$/).length > 0
    if ((!isController && !isResolver) || !around.program.isUsed(one.name)) return []
    const line = lineOf(around.program.reading, one.class)
    const seen = new Set<string>()
    return line.flatMap((each) =>
      methodsOf(each.node).flatMap((method) => {
        const name = method.name ?? ''
        if (seen.has(name)) return []
        seen.add(name)
        return ofMethod(around, one, line, method, isResolver)
      }),
    )
  })

const ofMethod = (
  around: Around,
  controller: Decorated,
  line: readonly ClassValue[],
  method: FunctionNode,
  isResolver: boolean,
): readonly Route[] => {
  const { reading } = around.program
  const decorators = decoratorsOf(reading, method.decorators)
  const verb = decorators.find((one) =>
    isResolver
      ? FIELDS.test(one.name) && one.from === '@nestjs/graphql'
      : VERBS.test(one.name) && one.from === '@nestjs/common',
  )
  if (verb === undefined) return []
  // Metadata of a class above is its own too, unless it says something else itself.
  const ofClass = [
    ...controller.decorators,
    ...line.slice(1).flatMap((one) => decoratorsOf(reading, one.node.decorators)),
  ]
  const verbName = isResolver ? verb.name.toUpperCase() : verb.name === 'Sse' ? 'GET' : verb.name.toUpperCase()
  const handler = `${controller.name}.${method.name ?? ''}`
  const pipes = [...pipesOf(reading, decorators), ...pipesOf(reading, ofClass), ...around.pipes]
  const inputs = inputsOf(reading, method, pipes, isResolver, around.schema)
  const at = placeOf(reading, verb.at)
  const scope = reading.program.scopeOf(method) ?? line[0]?.scope
  const asked = askedInside(reading, method.body, scope)
  const paths: readonly RoutePath[] = isResolver
    ? [fieldPath(reading, verb, method)]
    : pathsOf(reading, around.prefixes, controller, decorators, verb)
  return paths.map((path): Route => {
    const facts = { method: verbName, paths: [path.local, path.whole], controllers: line, graphql: isResolver }
    const own = guardsIn(reading, decorators)
    const ofGroup = guardsIn(reading, ofClass)
    const covered = coverage(around, facts, { decorators, ofClass, own, ofGroup })
    const limits = around.guards.flatMap((one) =>
      one.guard.kind === 'throttler' ? [{ guard: one.guard, mounted: 'everywhere' as const }] : [],
    )
    const somewhere = [...own, ...ofGroup].flatMap((guard) =>
      guard.kind === 'throttler' ? [{ guard, mounted: 'somewhere' as const }] : [],
    )
    const throttled = (limits.length > 0 ? limits : somewhere.slice(0, 1)).flatMap(({ guard, mounted }) =>
      limitersOf(reading, around.throttlers, guard, mounted),
    )
    return {
      framework: 'nest',
      method: verbName,
      path: path.whole,
      at,
      ...covered,
      limiters: [
        ...forRoute(reading, throttled, decorators, ofClass),
        ...around.limiters.flatMap(({ limiter, middleware }) =>
          middleware.targets.some((one) => meets(one, facts)) && !middleware.except.some((one) => meets(one, facts))
            ? [limiter]
            : [],
        ),
        ...around.everywhere,
        ...asked,
      ],
      inputs,
      handler,
      ...(own.some(isLocal) || (scope && givesForPassword(reading, method, scope)) ? { logsIn: true } : {}),
    }
  })
}

/** `AuthGuard('local')` compares the password. */
const isLocal = ({ kind, what }: GuardKind): boolean => kind === 'login' && /local|ldap/i.test(what)

const fieldPath = (reading: Reading, verb: Decorator, method: FunctionNode): RoutePath => {
  const options = verb.args.map((_, index) => argOf(reading, verb, index)).find((one) => one?.kind === 'object')
  const given = options?.kind === 'object' ? options.entries.get('name') : undefined
  const first = argOf(reading, verb, 0)
  const name =
    given?.kind === 'literal'
      ? String(given.value)
      : first?.kind === 'literal'
        ? String(first.value)
        : (method.name ?? '')
  return { local: name, whole: name }
}

/** What `@UseGuards` names. */
const guardsIn = (reading: Reading, decorators: readonly Decorator[]): readonly GuardKind[] =>
  named(decorators, 'UseGuards').flatMap((one) =>
    argumentsOf(reading, one).flatMap((value) => guardKind(reading, value) ?? []),
  )

const pipesOf = (reading: Reading, decorators: readonly Decorator[]): readonly Pipe[] =>
  named(decorators, 'UsePipes').flatMap((one) => argumentsOf(reading, one).map((value) => pipeOf(reading, value)))

const argumentsOf = (reading: Reading, one: Decorator): readonly Value[] =>
  one.args.flatMap((arg) => {
    const value = reading.evaluator.value(arg.kind === 'spread' ? arg.operand : arg, one.scope, one.frame)
    return possibilities(value).flatMap((each) => (each.kind === 'list' ? each.items : [each]))
  })

interface Told {
  readonly decorators: readonly Decorator[]
  readonly ofClass: readonly Decorator[]
  readonly own: readonly GuardKind[]
  readonly ofGroup: readonly GuardKind[]
}

type Facts = {
  readonly method: string
  readonly paths: readonly string[]
  readonly controllers: readonly ClassValue[]
  readonly graphql: boolean
}

/** Which guard answers for a route. */
const coverage = (
  around: Around,
  route: Facts,
  { decorators, ofClass, own, ofGroup }: Told,
): Pick<Route, 'guard' | 'guardAt' | 'openedByName'> => {
  const { reading } = around.program
  const marks = { ofMethod: marksIn(reading, decorators), ofClass: marksIn(reading, ofClass) }
  const names = [...decorators, ...ofClass].map((one) => one.name)
  const asks = (one: GuardKind): boolean =>
    one.kind === 'authentication' && !one.optional && !isOpen(around, one, marks, names, route)
  let exempt: Place | undefined
  let marked: Place | undefined
  for (const { guard, at } of around.guards) {
    if (guard.kind !== 'authentication' || guard.optional) continue
    if (optIn(guard)) {
      if (isAsked(guard.marks, marks.ofMethod, marks.ofClass)) return { guard: 'own', guardAt: at }
    } else if (isOpen(around, guard, marks, names, route)) marked = at
    else return { guard: 'global', guardAt: at }
  }
  for (const one of around.middleware) {
    if (one.guard === undefined || one.guard.optional || !one.targets.some((each) => meets(each, route))) continue
    if (one.except.some((each) => meets(each, route))) {
      if (coversAll(one)) exempt ??= one.at
    } else
      return {
        guard: coversAll(one) ? 'global' : one.targets.some((each) => each.controller !== undefined) ? 'group' : 'own',
        guardAt: one.at,
      }
  }
  const mine = own.find(asks)
  if (mine !== undefined) return { guard: 'own', guardAt: mine.at }
  const group = ofGroup.find(asks)
  if (group !== undefined) return { guard: 'group', guardAt: group.at }
  if (marked !== undefined) return { guard: 'exempt', guardAt: marked, openedByName: true }
  return exempt === undefined ? { guard: 'none' } : { guard: 'exempt', guardAt: exempt }
}

/** It lets through whatever carries no mark: every route must ask for it. */
export const optIn = (guard: GuardKind): boolean =>
  guard.marks.some((one) => one.means === 'asks') && !guard.marks.some((one) => one.means === 'passes')

const isOpen = (
  _around: Around,
  guard: GuardKind,
  marks: { ofMethod: readonly Mark[]; ofClass: readonly Mark[] },
  names: readonly string[],
  route: Facts,
): boolean => {
  if (isExempt(_around.program.reading, guard.marks, marks.ofMethod, marks.ofClass)) return true
  if (optIn(guard) && !isAsked(guard.marks, marks.ofMethod, marks.ofClass)) return true
  if (guard.foreign && names.some((one) => OPEN_NAMES.test(one))) return true
  return guard.paths.some((one) => route.paths.includes(one))
}
