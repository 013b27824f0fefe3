import type { FastifySchemaCompiler, FastifyTypeProvider, RouteOptions } from 'fastify'
import type { z } from 'zod'
import { compileInput, noQuery, paramsFault, plainParams } from '../../door/index.ts'
import type { FieldFault, SchemaFinding, TextPlace } from '../../layers/validation/index.ts'
import {
  asynchronousFault,
  compiled,
  isZod,
  jsonSchemaOf,
  lenientMembers,
  listMembers,
  membersWithoutText,
  noSchemaFault,
} from '../../layers/validation/index.ts'
import { Problem } from '../../response/index.ts'

/** Types `request.body`, `params` and `query` by the route's zod schemas: `app.withTypeProvider<ZodTypeProvider>()`. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.core.$ZodType ? z.output<this['schema']> : unknown
  readonly serializer: this['schema'] extends z.core.$ZodType ? z.input<this['schema']> : unknown
}

const isOldZod = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && !isZod(schema) && 'safeParse' in schema && '_def' in schema

/** `{ name: field.line(80) }`: Fastify would read it as JSON Schema with an unknown keyword. */
const isShape = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && !isZod(schema) && Object.values(schema).some(isZod)

/** What is wrong with how a schema was written, as the end of a sentence; undefined when nothing is. */
const writtenFault = (schema: unknown): string | undefined => {
  if (isOldZod(schema)) return 'was made by zod 3: zod 4 is needed here (npm install zod@4)'
  if (isShape(schema)) return 'is a plain object of zod schemas: write z.strictObject({ … }) around them'
  // JSON Schema is an object too.
  if (typeof schema !== 'object' || schema === null) return noSchemaFault(schema)
  return isZod(schema) ? (noSchemaFault(schema) ?? asynchronousFault(schema)) : undefined
}

/** Which of them were written in JSON Schema: all or none. @throws TypeError for a mixture */
const foreignTo = (schemas: readonly (readonly [where: string, schema: unknown])[], why: string): readonly string[] => {
  const foreign = schemas.filter(([, schema]) => !isZod(schema)).map(([where]) => where)
  if (foreign.length > 0 && foreign.length < schemas.length)
    throw new TypeError(`mixes zod and JSON Schema (${foreign.join(', ')}): ${why}, write all of it in zod`)
  return foreign
}

/** What Fastify checks of a request. */
export const PARTS = ['body', 'params', 'querystring', 'headers'] as const

/** A route's inputs that its author describes, as JSON Schema. */
export interface RouteSchemas {
  readonly body: object | undefined
  /** Whether zod takes nothing for it. */
  readonly bodyOptional: boolean
  readonly params: object | undefined
  readonly query: object | undefined
  /** Only what is written in JSON Schema. */
  readonly headers: object | undefined
  /** True when they were written in JSON Schema: then Fastify's own validator checks them. */
  readonly foreign: boolean
  /** What only zod tells: members that no text fits, and those of a body in JSON that take what they should refuse. */
  readonly mistaken: readonly SchemaFinding[]
}

/** Reads a route's inputs, puts the defaults where it says nothing, and sets its validators. */
export const readSchemas = (route: RouteOptions): RouteSchemas => {
  const schema: Record<string, unknown> = { ...(route.schema as Record<string, unknown> | undefined) }
  if (schema['query'] !== undefined && schema['querystring'] === undefined) schema['querystring'] = schema['query']
  delete schema['query']
  const own = PARTS.filter((part) => schema[part] !== undefined)
  const inputs = own.map((part) => [part, schema[part]] as const)
  const responses = Object.entries(Object(schema['response'])).map(
    ([status, one]) => [`response.${status}`, one] as const,
  )
  for (const [where, one] of [...inputs, ...responses]) {
    const fault = writtenFault(one)
    if (fault !== undefined) throw new TypeError(`schema.${where} ${fault}`)
  }
  const foreign = foreignTo(inputs, 'one validator checks a route')
  foreignTo(responses, 'one serializer writes its answers')
  if (route.attachValidation === true)
    throw new TypeError('has attachValidation, which lets a refused value reach the handler: take it out')
  const upper = isZod(schema['headers']) ? headerNames(schema['headers']).find((name) => /[A-Z]/.test(name)) : undefined
  if (upper !== undefined)
    throw new TypeError(`names ${upper} in schema.headers, where names are lower case: ${upper.toLowerCase()}`)
  const described = {
    body: asJson(schema['body']),
    bodyOptional: isZod(schema['body']) && schema['body']._zod.optin !== undefined,
    params: asJson(schema['params']),
    query: asJson(schema['querystring']),
    headers: isZod(schema['headers']) ? undefined : (schema['headers'] as object | undefined),
    foreign: foreign.length > 0,
    mistaken: [
      ...withoutText(schema['params'], 'params'),
      ...withoutText(schema['querystring'], 'query'),
      ...withoutText(schema['headers'], 'headers'),
      // What a form holds is text, and has to be converted.
      ...(isZod(schema['body']) && route.config?.contentTypes === undefined
        ? lenientMembers(schema['body'], 'body')
        : []),
    ],
  }
  const misnamed =
    isZod(schema['params']) && described.params !== undefined ? paramsFault(route.url, described.params) : undefined
  if (misnamed !== undefined) throw new TypeError(misnamed)
  const asOwn = (fallback: z.ZodType): unknown => (foreign.length === 0 ? fallback : draft07(fallback))
  if (/[:*]/.test(route.url.replaceAll('::', ''))) schema['params'] ??= asOwn(plainParams(route.url))
  schema['querystring'] ??= asOwn(noQuery)
  if (foreign.length === 0) route.validatorCompiler = compiler as FastifySchemaCompiler<unknown>
  if (responses.length > 0 && responses.every(([, response]) => isZod(response)))
    route.serializerCompiler = ({ schema: response }) => serializer(response as unknown as z.ZodType)
  route.schema = schema
  return described
}

/** For Fastify's own validator, which refuses the name of a newer draft. */
const draft07 = (schema: z.ZodType): object => {
  const { $schema: _, ...rest } = jsonSchemaOf(schema) as Record<string, unknown>
  return rest
}

const asJson = (schema: unknown): object | undefined =>
  isZod(schema) ? jsonSchemaOf(schema) : (schema as object | undefined)

const withoutText = (schema: unknown, place: TextPlace): readonly SchemaFinding[] =>
  isZod(schema) ? membersWithoutText(schema, place) : []

/** Where a refused value stood, in the words of a problem's `errors`; by Fastify's names of what it checks. */
export const places: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** Refuses by answering the problem, which Fastify hands to the error handler. */
const compiler = ({
  schema,
  httpPart,
}: {
  schema: unknown
  httpPart?: string
}): ((value: unknown) => { value: unknown } | { error: Error }) => {
  const check = compileInput(schema as z.ZodType)
  const place = places[httpPart ?? ''] ?? 'body'
  const read = readerOf(schema as z.ZodType, httpPart)
  return (value) => {
    const checked = check(read(value as Values))
    // Fastify takes its value, and looks for no more.
    if (checked.ok) return checked
    const errors = checked.faults.map((fault) => ({ in: place, ...(fault satisfies FieldFault) }))
    return { error: new Problem('invalid', { errors }) }
  }
}

type Values = Record<string, unknown>

/** What is checked of what Fastify has read of an input. */
const readerOf = (schema: z.ZodType, httpPart: string | undefined): ((value: Values) => unknown) => {
  if (httpPart === 'headers') {
    const names = headerNames(schema)
    return (fields) => pick(fields, names)
  }
  const lists = httpPart === 'querystring' ? listMembers(schema) : []
  if (lists.length > 0) return (query) => withLists(query, lists)
  return asItCame
}

const asItCame = (value: Values): unknown => value ?? undefined

/** `?tag=a`: a list that has one item comes as text, where `?tag=a&tag=b` is a list. */
const withLists = (query: Values, names: readonly string[]): Values => {
  const read = { ...query }
  for (const name of names) if (typeof read[name] === 'string') read[name] = [read[name]]
  return read
}

const headerNames = (schema: z.ZodType): readonly string[] =>
  Object.keys((jsonSchemaOf(schema) as { properties?: object }).properties ?? {})

/** Every request has header fields that no route describes; only the described ones are checked. */
const pick = (fields: Values, names: readonly string[]): Values =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]))

/** Fields that the response schema does not name do not leave (API3:2023). */
const serializer = (schema: z.ZodType) => {
  const fields = compiled(schema)
  return (value: unknown): string => JSON.stringify(fields.parse(value))
}
