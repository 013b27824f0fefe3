/** What a handler takes from a request, and whether anything checks it. */
import {
  type FunctionNode,
  lastName,
  type Node,
  type Parameter,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isCheckedByHand, isIdentifier, judge, type Shape } from '../schemas/index.ts'
import { argOf, type Decorator, decoratorsOf, named } from './decorators.ts'
import { dtoShape, isRuntimeClass, typeName } from './dto.ts'
import { type Pipe, pipeOf } from './pipes.ts'

/** What reads a schema of another library; undefined leaves it unread. */
export type SchemaReader = (value: Value) => Shape | undefined

const FROM: Readonly<Record<string, Input['from']>> = { Body: 'body', Query: 'query', Param: 'path', Args: 'body' }

export const inputsOf = (
  reading: Reading,
  method: FunctionNode,
  pipes: readonly Pipe[],
  graphql: boolean,
  schema: SchemaReader,
): readonly Input[] => {
  const inner = method.parameters[0]?.target ?? method.body[0]
  const scope = inner && reading.program.scopeOf(inner)
  return [
    ...method.parameters.flatMap((one) => {
      const inputs = ofParameter(reading, one, pipes, graphql, schema, scope)
      return isHeld(reading, method, one, scope, inputs) ? inputs.map((each) => ({ ...each, problems: [] })) : inputs
    }),
    ...rawInputs(reading, method),
  ]
}

/** `if (!isUUID(id)) throw new BadRequestException()` */
const isHeld = (
  reading: Reading,
  method: FunctionNode,
  { target }: Parameter,
  scope: Scope | undefined,
  [input]: readonly Input[],
): boolean =>
  target.kind === 'name' &&
  scope !== undefined &&
  input !== undefined &&
  input.problems.length > 0 &&
  isCheckedByHand(reading, method, scope, target.name, input.from)

const ofParameter = (
  reading: Reading,
  parameter: Parameter,
  pipes: readonly Pipe[],
  graphql: boolean,
  schema: SchemaReader,
  scope: Scope | undefined,
): readonly Input[] => {
  const decorators = decoratorsOf(reading, parameter.decorators)
  const source = decorators.find(
    (one) =>
      FROM[one.name] !== undefined &&
      /^@nestjs\/(?:common|graphql)$/.test(one.from) &&
      (one.name === 'Args') === graphql,
  )
  if (source === undefined) return []
  const from = FROM[source.name] ?? 'body'
  const at = placeOf(reading, parameter.target.at)
  const given = (index: number) => argOf(reading, source, index)
  const first = given(0)
  const options = first?.kind === 'object' ? first : undefined
  const key =
    first?.kind === 'literal'
      ? String(first.value)
      : options?.entries.get('name')?.kind === 'literal'
        ? lastLiteral(options.entries.get('name'))
        : undefined
  const own = source.args.flatMap((_, index): readonly Pipe[] => {
    const value = given(index)
    return value === undefined || value.kind === 'literal'
      ? []
      : possibilities(value).map((one) => pipeOf(reading, one))
  })
  const all = [...own, ...pipes]
  const shape = shapeOf(reading, { parameter, key, pipes: all, graphql, schema, scope, optionsNode: source })
  if (typeof shape === 'string') return [{ from, at, problems: [{ what: shape, at }] }]
  const { problems, unread } = judge(reading, shape, key === undefined ? from : 'path')
  const label = key ?? lastName(parameter.target) ?? ''
  return [
    {
      from,
      at,
      problems: problems.map((one) => ({
        ...one,
        what: key === undefined ? one.what : one.what.replace(/^path/, `${from}.${label}`),
      })),
      ...(unread === undefined ? {} : { unread }),
    },
  ]
}

const lastLiteral = (value: Value | undefined): string | undefined =>
  value?.kind === 'literal' ? String(value.value) : undefined

interface Parts {
  readonly parameter: Parameter
  readonly key: string | undefined
  readonly pipes: readonly Pipe[]
  readonly graphql: boolean
  readonly schema: SchemaReader
  readonly scope: Scope | undefined
  readonly optionsNode: Decorator
}

/** The shape that comes through the pipes, or in words why nothing checks it. */
const shapeOf = (reading: Reading, { parameter, key, pipes, graphql, schema, scope }: Parts): Shape | string => {
  const { at } = parameter.target
  const label = key ?? lastName(parameter.target) ?? 'it'
  const value = pipes.find((one) => one.kind === 'value')
  if (value?.kind === 'value') {
    if (value.of === 'fixed') return { kind: 'fixed', at }
    if (value.of === 'list') return { kind: 'array', bounded: false, items: [], at }
    return { kind: 'number', bounded: isIdentifier(label), at }
  }
  const other = pipes.find((one) => one.kind === 'schema')
  if (other?.kind === 'schema') {
    const shape = other.schema && schema(other.schema)
    if (shape !== undefined) return shape
    const typed = classesOf(reading, parameter.type, scope)
      .map((one) => zodDto(reading, one, schema))
      .find((one) => one !== undefined)
    if (typed !== undefined) return typed
    return { kind: 'unread', why: `what ${other.what} checks`, at }
  }
  const type = typeName(parameter.type)
  const classes = classesOf(reading, parameter.type, scope)
  const pipe = pipes.find((one) => one.kind === 'validation')
  const closed = pipe?.kind === 'validation' && pipe.closed
  if (classes.length === 0) {
    const own = pipes.find((one) => one.kind === 'own')
    if (own?.kind === 'own') return { kind: 'unread', why: `what ${own.what} checks`, at }
    return plain(type, key, label, graphql, at)
  }
  const [only] = classes
  if (only === undefined) return `${label}: it has no type that can be checked`
  const made = zodDto(reading, only, schema)
  if (made !== undefined) {
    // Nothing of Nest's own, nor class-validator, asks the schema that the class was made of.
    const isAsked = graphql || pipes.some((one) => one.kind === 'own' || one.kind === 'none')
    return isAsked ? made : `${label}: no pipe asks the schema that its class is made of`
  }
  if (parameter.type?.kind === 'type' && parameter.type.name === 'array' && !graphql)
    return `${label}: the pipe does not look into an array`
  if (isTypeImport(reading, parameter.type) && !graphql)
    return `${label}: its class is imported as a type only, so nothing of it is left to check by`
  if (pipe === undefined && !graphql) {
    const own = pipes.find((one) => one.kind === 'own')
    if (own?.kind === 'own') return { kind: 'unread', why: `what ${own.what} checks`, at }
    return `${label}: no ValidationPipe looks at it`
  }
  // Without a pipe GraphQL still holds the types, but no decorator.
  return dtoShape(reading, only, { closed, graphql })
}

const plain = (
  type: string | undefined,
  key: string | undefined,
  label: string,
  graphql: boolean,
  at: Parameter['target']['at'],
): Shape | string => {
  if (type === 'boolean' && (graphql || key !== undefined))
    return graphql ? { kind: 'fixed', at } : { kind: 'string', bounded: false, at }
  if (type === 'number' && graphql) return { kind: 'number', bounded: isIdentifier(label), at }
  if (key !== undefined || graphql) return { kind: 'string', bounded: false, at }
  return type === undefined || type === 'any' || type === 'unknown' || type === 'object'
    ? `${label}: it has no type that can be checked`
    : `${label}: its type is not there at run time, so nothing checks it`
}

/** The classes that a parameter's type means; an interface is none. */
export const classesOf = (reading: Reading, type: Node | undefined, scope: Scope | undefined): readonly Value[] => {
  if (type === undefined || scope === undefined) return []
  if (type.kind === 'type') {
    if (type.name === 'array') return type.args.flatMap((one) => classesOf(reading, one, scope))
    const real = type.args.filter((one) => !(one.kind === 'type' && /^(?:null|undefined)$/.test(one.name)))
    return type.name === 'union' && real.length === 1 ? classesOf(reading, real[0], scope) : []
  }
  if (type.kind === 'member' && type.property.kind !== 'literal') return []
  const value = reading.evaluator.value(type, scope)
  return possibilities(value)
    .filter((one) =>
      one.kind === 'class' ? isRuntimeClass(reading, one.node) : one.kind === 'external' && one.call !== undefined,
    )
    .slice(0, 1)
}

/** `class CreateUser extends createZodDto(schema) {}` */
const zodDto = (reading: Reading, value: Value, schema: SchemaReader): Shape | undefined => {
  if (value.kind !== 'class') return
  for (const base of value.node.bases) {
    if (base.kind !== 'call' || !/^create\w*Dto$/.test(lastName(base.callee) ?? '') || !base.args[0]) continue
    return (
      schema(reading.evaluator.value(base.args[0], value.scope)) ?? {
        kind: 'unread',
        why: 'the schema of a zod DTO',
        at: base.at,
      }
    )
  }
  return
}

/** `import type { Dto }`: decorators then have only Object to say, and the pipe lets Object pass. */
export const isTypeImport = (reading: Reading, type: Node | undefined): boolean => {
  if (type?.kind !== 'name') return false
  const module = reading.program.modules.get(type.at.file)
  const found = module?.body.find((one) => one.kind === 'import' && one.names.some((each) => each.local === type.name))
  if (module === undefined || found === undefined) return false
  const text = module.text.slice(found.at.start, found.at.end)
  return /^import\s+type\b/.test(text) || new RegExp(`\\btype\\s+(?:\\w+\\s+as\\s+)?${type.name}\\b`).test(text)
}

/** Parameters that hold the whole request, by the decorators that `isRequest` knows; what is read from one of them `past` every check. */
export const readByHand = (
  reading: Reading,
  method: FunctionNode,
  isRequest: (decorators: readonly Decorator[]) => boolean,
  past: string,
): readonly Input[] => {
  const inputs: Input[] = []
  for (const parameter of method.parameters) {
    if (!isRequest(decoratorsOf(reading, parameter.decorators)) || parameter.target.kind !== 'name') continue
    const { name } = parameter.target
    walk(method.body, (node) => {
      if (node.kind !== 'member' || node.object.kind !== 'name' || node.object.name !== name) return
      const last = lastName(node)
      const from = last === 'body' ? 'body' : last === 'query' ? 'query' : last === 'params' ? 'path' : undefined
      if (from === undefined || inputs.some((one) => one.from === from)) return
      const at = placeOf(reading, node.at)
      inputs.push({ from, at, problems: [{ what: `${last}: read from the request by hand, ${past}`, at }] })
    })
  }
  return inputs
}

/** `@Req() req` whose body, query or parameters a handler reads by hand: no pipe sees those. */
const rawInputs = (reading: Reading, method: FunctionNode): readonly Input[] =>
  readByHand(
    reading,
    method,
    (decorators) => named(decorators, /^Req(?:uest)?$/, /^@nestjs\/common$/).length > 0,
    'past every pipe',
  )
