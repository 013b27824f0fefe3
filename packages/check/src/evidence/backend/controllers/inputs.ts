/** What an action of a routing-controllers class takes from a request, and what the package checks of it. */
import {
  type FunctionNode,
  lastName,
  type Parameter,
  possibilities,
  type Scope,
  type Value,
} from '../../source/index.ts'
import { classValidated } from '../express/class-validator.ts'
import type { Input } from '../facts.ts'
import {
  argOf,
  classesOf,
  type Decorator,
  decoratorsOf,
  dtoShape,
  isTypeImport,
  named,
  readByHand,
  typeName,
} from '../nest/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isIdentifier, judge, partsIn, type Shape, validatedBy, validatedProblems } from '../schemas/index.ts'

/** How a server checks what it hands to actions. */
export interface Checking {
  /** class-validator runs; without class-transformer there is no instance for it to look at. */
  readonly validates: boolean
  /** Keys that the class doesn't name are dropped or refused. */
  readonly closed: boolean
}

type From = Input['from']

const ONE: Readonly<Record<string, From>> = { Param: 'path', QueryParam: 'query', BodyParam: 'body' }
const WHOLE: Readonly<Record<string, From>> = { Body: 'body', QueryParams: 'query', Params: 'path' }
const PACKAGE = /^routing-controllers$/

export const inputsOf = (
  reading: Reading,
  method: FunctionNode,
  uses: readonly Decorator[],
  checking: Checking,
): readonly Input[] => {
  const inner = method.parameters[0]?.target ?? method.body[0]
  const scope = inner && reading.program.scopeOf(inner)
  const before = uses.flatMap((one) => checkedBefore(reading, one))
  const checked = new Set(before.map((one) => one.from))
  return [
    ...before,
    ...method.parameters
      .flatMap((one) => ofParameter(reading, one, checking, scope))
      .filter((one) => !checked.has(one.from) || one.problems.length === 0),
    ...byHand(reading, method).filter((one) => !checked.has(one.from)),
  ]
}

/** `@UseBefore(validate(schema))`: a validator of the project's own, or of another package. */
const checkedBefore = (reading: Reading, use: Decorator): readonly Input[] =>
  use.args.flatMap((arg) => {
    const value = reading.evaluator.value(arg, use.scope, use.frame)
    const byClass = classValidated(reading, value)
    if (byClass !== undefined) return byClass
    return (validatedBy(reading, value, arg, use.scope) ?? []).flatMap((validated) =>
      partsIn(validated.from).map((one): Input => {
        const { problems, unread } = validatedProblems(reading, validated, one)
        return {
          from: one,
          at: placeOf(reading, validated.schema.at),
          problems,
          ...(unread === undefined ? {} : { unread }),
        }
      }),
    )
  })

const isTrue = (value: Value): boolean => value.kind === 'literal' && value.value === true
const isFalse = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === false

const ofParameter = (
  reading: Reading,
  parameter: Parameter,
  checking: Checking,
  scope: Scope | undefined,
): readonly Input[] =>
  decoratorsOf(reading, parameter.decorators).flatMap((source) => {
    if (!PACKAGE.test(source.from)) return []
    const at = placeOf(reading, parameter.target.at)
    const [one, whole] = [ONE[source.name], WHOLE[source.name]]
    if (one !== undefined) {
      const [name] = possibilities(argOf(reading, source, 0) ?? { kind: 'unknown', at: source.at })
      const key = name?.kind === 'literal' ? String(name.value) : (lastName(parameter.target) ?? '')
      const shape = single(parameter, source.name, key)
      const { problems } = judge(reading, shape, 'path')
      return [{ from: one, at, problems: problems.map((each) => said(each, `${one}.${key}`)) }]
    }
    if (whole === undefined) return []
    const shape = wholeShape(reading, parameter, withOptions(argOf(reading, source, 0), checking), scope)
    if (typeof shape === 'string') return [{ from: whole, at, problems: [{ what: shape, at }] }]
    const { problems, unread } = judge(reading, shape, whole)
    return [{ from: whole, at, problems, ...(unread === undefined ? {} : { unread }) }]
  })

const said = <P extends { readonly what: string }>(problem: P, label: string): P => ({
  ...problem,
  what: problem.what.replace(/^path/, label),
})

/** One named value. Texts of paths and queries become what the type says; one key of a body stays whatever was sent. */
const single = (parameter: Parameter, decorator: string, key: string): Shape => {
  const { at } = parameter.target
  const type = typeName(parameter.type)
  if (decorator === 'BodyParam') return { kind: 'any', at }
  if (type === 'boolean' || type === 'Date') return { kind: 'fixed', at }
  if (type === 'number') return { kind: 'number', bounded: isIdentifier(key), at }
  return { kind: 'string', bounded: false, at }
}

/** `@Body({ validate: { whitelist: true } })` says it for one parameter. */
const withOptions = (given: Value | undefined, checking: Checking): Checking => {
  const validate = given?.kind === 'object' ? given.entries.get('validate') : undefined
  if (validate === undefined) return checking
  if (isFalse(validate)) return { ...checking, validates: false }
  const whitelist = validate.kind === 'object' ? validate.entries.get('whitelist') : undefined
  return whitelist === undefined ? checking : { ...checking, closed: possibilities(whitelist).every(isTrue) }
}

/** The shape of a body or of all of a query's keys, or in words why nothing checks it. */
const wholeShape = (
  reading: Reading,
  parameter: Parameter,
  checking: Checking,
  scope: Scope | undefined,
): Shape | string => {
  const label = lastName(parameter.target) ?? 'it'
  const [type] = classesOf(reading, parameter.type, scope)
  if (type === undefined) {
    const written = typeName(parameter.type)
    return written === undefined || /^(?:any|unknown|object)$/.test(written)
      ? `${label}: it has no type that can be checked`
      : `${label}: its type is not there at run time, so nothing checks it`
  }
  if (parameter.type?.kind === 'type' && parameter.type.name === 'array')
    return `${label}: routing-controllers does not look into an array`
  if (isTypeImport(reading, parameter.type))
    return `${label}: its class is imported as a type only, so nothing of it is left to check by`
  if (!checking.validates) return `${label}: validation is switched off`
  return dtoShape(reading, type, { closed: checking.closed, graphql: false })
}

/** `@Req() request` whose body, query or parameters an action reads itself: nothing of the package sees those. */
const byHand = (reading: Reading, method: FunctionNode): readonly Input[] =>
  readByHand(
    reading,
    method,
    (decorators) => named(decorators, /^(?:Req|Ctx)$/, PACKAGE).length > 0,
    'past every check',
  )
