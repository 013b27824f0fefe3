/** What a route of Fastify takes in, and what checks it. */
import { possibilities, type Value } from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import {
  boundKeys,
  type Coverage,
  coverage,
  partsIn,
  rawInput,
  rawInputs,
  replacesBody,
  schemaProblems,
  storedAsItCame,
  storedProblem,
  validatedBy,
  validatedInline,
  validatedProblems,
} from '../schemas/index.ts'
import { cameTo, entryOf, isAbsent, isLiteral, optionOf, optionValue } from './expressions.ts'
import { HOOKS } from './guarding.ts'
import type { Application, Expression, RouteEntry } from './model.ts'
import { isPortcullis } from './portcullis.ts'
import { idleCompiler } from './validator-compilers.ts'

type From = Input['from']

/** The keys that Fastify reads; another is as if it were not there. */
const KEYS: readonly (readonly [From, readonly string[]])[] = [
  ['body', ['body']],
  ['query', ['querystring', 'query']],
  ['path', ['params']],
]

export const inputsOf = (reading: Reading, app: Application, route: RouteEntry): Input[] => {
  const inputs: Input[] = []
  const checked = coverage()
  const here = placeOf(reading, route.call.node.at)
  if (route.takes !== undefined) return route.takes.map((from) => ({ from, at: here, problems: [] }))
  const given = route.neutral === true ? route.options : optionOf(reading, route.options, 'schema')
  const schema = given === undefined || isAbsent(reading, given) ? undefined : given
  const closed = app.plugins.some((one) => isPortcullis(one.from, one.path)) || closesAll(app)
  const ignored = attached(reading, route) ?? idle(reading)
  for (const [from, names] of KEYS) {
    const found = optionOf(reading, schema, ...names)
    if (found === undefined || (from === 'body' && takesNoBody(route))) continue
    checked.add(from)
    inputs.push(bySchema(reading, found, from, closed, ignored))
  }
  if (schema !== undefined && route.neutral !== true && isUnread(cameTo(reading, schema)))
    return [
      {
        from: takesNoBody(route) ? 'query' : 'body',
        at: here,
        problems: [],
        unread: "the route's schema could not be read",
      },
    ]
  if (app.plugins.some((one) => isPortcullis(one.from, one.path))) return inputs

  /** @param gives whether what comes through takes the place of what came in */
  const take = (validations: ReturnType<typeof validatedBy>, gives: boolean) => {
    for (const validated of validations ?? [])
      for (const each of partsIn(validated.from)) {
        const { problems, unread, named } = validatedProblems(reading, validated, each)
        checked.add(each, validated.keys, gives ? undefined : named)
        inputs.push({
          from: each,
          at: placeOf(reading, validated.schema.at),
          problems,
          ...(unread === undefined ? {} : { unread }),
        })
      }
  }
  const gives = (one: Value) => one.kind !== 'function' || replacesBody(reading, one.node, one.scope, one.frame)
  for (const name of HOOKS) {
    const hook = optionOf(reading, route.options, name)
    if (hook !== undefined)
      for (const one of possibilities(cameTo(reading, hook)))
        if (one.kind !== 'list') take(validatedBy(reading, one, hook.node, hook.scope), gives(one))
  }
  const known = boundKeys(route.url, '(')
  for (const one of route.handler === undefined ? [] : possibilities(route.handler)) {
    if (one.kind !== 'function') {
      inputs.push(...unknownHandler(route, checked, here))
      continue
    }
    const inline = validatedInline(reading, one.node, one.scope)
    // A schema of the route's own is the framework's, and what it gives is what came through.
    if (!checked.has('body'))
      for (const at of storedAsItCame(reading, inline, one.node, one.scope, one.frame))
        inputs.push({ from: 'body', at, problems: [storedProblem(at)] })
    take(inline, gives(one))
    for (const raw of rawInputs(reading, one.node, one.scope, one.frame, known)) {
      if (
        checked.holds(raw) ||
        (raw.sound && inputs.some((one) => one.from === raw.from)) ||
        (raw.from === 'path' && !/[:*]/.test(route.url)) ||
        (raw.from === 'body' && takesNoBody(route))
      )
        continue
      const unnamed = checked.without(raw)
      checked.add(raw.from)
      inputs.push(rawInput(raw, unnamed))
    }
  }
  return inputs
}

const takesNoBody = (route: RouteEntry): boolean => route.methods.every((one) => one === 'GET' || one === 'HEAD')

const isUnread = (value: Value): boolean =>
  possibilities(value).every((one) => one.kind === 'unknown' || one.kind === 'external' || one.kind === 'function')

const bySchema = (
  reading: Reading,
  { node, scope, frame }: Expression,
  from: From,
  closed: boolean,
  ignored: Ignored | undefined,
): Input => {
  const { problems, unread } = schemaProblems(reading, node, scope, from, frame)
  const left = closed ? problems.filter((one) => !one.what.endsWith('unknown keys pass')) : problems
  const value = reading.evaluator.value(node, scope, frame)
  return {
    from,
    at: placeOf(reading, value.at),
    problems: ignored === undefined ? left : [...left, ignored],
    ...(unread === undefined ? {} : { unread }),
  }
}

/** Why nothing comes of what a schema refuses. */
type Ignored = Input['problems'][number]

const idle = (reading: Reading): Ignored | undefined => {
  const at = idleCompiler(reading)
  return at && { what: 'the validator compiler lets everything through', at }
}

/** `attachValidation: true` hands the refusal to the handler, which has to look at it. */
const attached = (reading: Reading, route: RouteEntry): Ignored | undefined => {
  const value = optionValue(reading, route.options, 'attachValidation')
  if (!isLiteral(value, true)) return
  const text =
    route.handler?.kind === 'function'
      ? route.handler.scope.module.text.slice(route.handler.node.at.start, route.handler.node.at.end)
      : ''
  const at = placeOf(reading, value?.at ?? route.call.node.at)
  return text.includes('validationError')
    ? undefined
    : { what: 'attachValidation: what the schema refuses reaches the handler', at }
}

/** `ajv: { customOptions: { removeAdditional: 'all' } }` drops what no schema names, whatever the schema says. */
const closesAll = (app: Application): boolean =>
  isLiteral(entryOf(entryOf(entryOf(app.options, 'ajv'), 'customOptions'), 'removeAdditional'), 'all')

const unknownHandler = (route: RouteEntry, checked: Coverage, at: Place): Input[] => {
  const missing: From[] = []
  if (/[:*]/.test(route.url) && !checked.has('path')) missing.push('path')
  if (!takesNoBody(route) && !checked.has('body') && route.methods.some((one) => /^(?:POST|PUT|PATCH|ALL)$/.test(one)))
    missing.push('body')
  return missing.map((from) => ({ from, at, problems: [], unread: 'the handler could not be found' }))
}
