/** The application as its modules and its start say: what is provided for all routes, and what is called on the app. */
import { type Call, isFrom, type Located, possibilities, type Value } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isUp } from '../switches/index.ts'
import type { Program } from './classes.ts'
import { argOf, named } from './decorators.ts'

/** What stands for every route: a guard, pipe or filter, and where it was put there. */
interface Everywhere {
  readonly value: Value
  readonly at: Place
}

type Slot = 'APP_GUARD' | 'APP_PIPE' | 'APP_FILTER'

const METHODS: Readonly<Record<Slot, string>> = {
  APP_GUARD: 'useGlobalGuards',
  APP_PIPE: 'useGlobalPipes',
  APP_FILTER: 'useGlobalFilters',
}

/** Everything that providers and `app.useGlobal…` put on all routes. */
export const everywhere = (program: Program, slot: Slot): readonly Everywhere[] => [
  ...provided(program, slot),
  ...called(program.reading, METHODS[slot]),
]

const called = (reading: Reading, method: string): readonly Everywhere[] =>
  reading.program.callsNamed(method).flatMap(({ node, scope }) => {
    if (!isUp(reading, node)) return []
    return node.args.flatMap((arg) => {
      const value = reading.evaluator.value(arg.kind === 'spread' ? arg.operand : arg, scope)
      return (value.kind === 'list' ? value.items : [value]).map((one) => ({
        value: one,
        at: placeOf(reading, node.at),
      }))
    })
  })

/** The providers of modules that something uses; dynamic modules' too. */
const provided = (program: Program, slot: Slot): readonly Everywhere[] => {
  const { reading } = program
  const lists: Value[] = []
  for (const one of program.classes) {
    const [module] = named(one.decorators, 'Module')
    if (module === undefined || !program.isUsed(one.name)) continue
    const options = argOf(reading, module, 0)
    if (options?.kind === 'object') lists.push(...dynamic(reading, options))
    // `static forRoot() { return { module: X, providers: […] } }`
    for (const method of one.class.node.members) {
      if (method.kind !== 'function' || method.role !== 'static') continue
      const scope = reading.program.scopeOf(method)
      if (scope === undefined) continue
      for (const given of possibilities(
        reading.evaluator.returned({ kind: 'function', node: method, scope, frame: undefined, at: method.at }),
      ))
        if (given.kind === 'object') lists.push(...dynamic(reading, given))
    }
  }
  return lists
    .flatMap((list) => (list.kind === 'list' ? list.items.flatMap((one) => possibilities(one)) : []))
    .flatMap((one) => provider(reading, one, slot))
}

const dynamic = (reading: Reading, options: Extract<Value, { kind: 'object' }>): readonly Value[] =>
  possibilities(options.entries.get('providers') ?? reading.evaluator.member(options, 'providers', options.at))

const provider = (reading: Reading, one: Value, slot: Slot): readonly Everywhere[] => {
  if (one.kind === 'list') return one.items.flatMap((each) => provider(reading, each, slot))
  // `...(process.env.AUTH === 'on' ? [{ provide: APP_GUARD, … }] : [])`
  if (one.kind !== 'object' || (one.node !== undefined && !isUp(reading, one.node.node))) return []
  const token = one.entries.get('provide')
  if (token === undefined || !isFrom(token, '@nestjs/core', slot)) return []
  const at = placeOf(reading, one.at)
  const given = one.entries.get('useClass') ?? one.entries.get('useExisting') ?? one.entries.get('useValue')
  if (given !== undefined) return possibilities(given).map((value) => ({ value, at }))
  const factory = one.entries.get('useFactory')
  if (factory === undefined) return []
  return possibilities(factory)
    .flatMap((each) => (each.kind === 'function' ? possibilities(reading.evaluator.returned(each)) : []))
    .map((value) => ({ value, at }))
}

/** The calls that create an application: `NestFactory.create(Root, adapter?, options?)`. */
export const creations = (reading: Reading): readonly Located<Call>[] =>
  reading.program
    .callsNamed('create')
    .filter(({ node, scope }) =>
      isFrom(reading.evaluator.value(node.callee, scope), '@nestjs/core', 'NestFactory', 'create'),
    )

/** Calls of a method of the application: `app.use(…)`, in files that know Nest. */
export const appCalls = (reading: Reading, method: string): readonly Located<Call>[] =>
  reading.program.callsNamed(method).filter(({ node, scope }) => {
    if (node.callee.kind !== 'member') return false
    const object = reading.evaluator.value(node.callee.object, scope)
    return possibilities(object).some((one) =>
      one.kind === 'external'
        ? /^(?:@nestjs\/|express|fastify)/.test(one.from)
        : one.kind === 'unknown' &&
          /^(?:app|application|server|nest\w*|express\w*|instance|this|httpAdapter)$/i.test(one.label?.at(-1) ?? ''),
    )
  })
