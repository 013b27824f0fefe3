/** Any schema's shape: which library it is written with is seen by where its first name comes from. */
import { type Node, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { ARKTYPE, arktypeShape } from './arktype.ts'
import { argOf, type Chain, chainOf, type External, type Step, textOf } from './chain.ts'
import { DRIZZLE, tableShape } from './drizzle.ts'
import { EXPRESS_VALIDATOR, expressValidatorShape } from './express-validator.ts'
import { functionalShape, SUPERSTRUCT, VALIBOT } from './functional.ts'
import { JOI, joiShape } from './joi.ts'
import { FLUENT, fluentShape, TYPEBOX, typeboxShape } from './json-builders.ts'
import { isJsonSchema, jsonShape, sharedSchema } from './json-schema.ts'
import { portcullisShape } from './portcullis.ts'
import { type Context, fieldsOf, unionOf } from './readers.ts'
import { type Shape, unread } from './shape.ts'
import { YUP, yupShape } from './yup.ts'
import { ZOD, zodShape, zodSteps } from './zod.ts'

const DEEPEST = 40

export const shapeOf = (reading: Reading, value: Value): Shape => {
  const open = new Set<Node>()
  let depth = 0
  const context: Context = {
    reading,
    shared: (id) => sharedSchema(reading, id),
    shape: (one) => {
      const node = nodeOf(one)
      // A schema inside itself (z.lazy, Type.Recursive) is judged once.
      if (node !== undefined && open.has(node)) return { kind: 'fixed', at: one.at }
      if (depth > DEEPEST) return unread('the schema is too deep', one.at)
      if (node !== undefined) open.add(node)
      depth += 1
      try {
        return shaped(context, one)
      } finally {
        depth -= 1
        if (node !== undefined) open.delete(node)
      }
    },
  }
  return context.shape(value)
}

/** The whole of a schema; a member of it is another one. */
const nodeOf = (value: Value): Node | undefined =>
  value.kind === 'external' && value.path.at(-1) === '()'
    ? value.call?.node
    : value.kind === 'object'
      ? value.node?.node
      : undefined

const shaped = (context: Context, value: Value): Shape => {
  const { at } = value
  switch (value.kind) {
    case 'either': {
      const known = possibilities(value).filter((one) => one.kind !== 'literal')
      return known.length === 0
        ? unread('it is no schema', at)
        : unionOf(
            known.map((one) => context.shape(one)),
            at,
          )
    }
    case 'external':
      return ofLibrary(context, value)
    case 'object':
      return ofObject(context, value)
    case 'function': {
      const made = context.reading.evaluator.returned(value)
      return made.kind === 'external' || made.kind === 'object'
        ? context.shape(made)
        : unread('a function stands for a schema', at)
    }
    case 'class':
    case 'instance': {
      // class Dto extends createZodDto(schema) {}
      const type = value.kind === 'class' ? value : value.class
      const base = type.node.bases
        .map((one) => context.reading.evaluator.value(one, type.scope))
        .find((one) => one.kind === 'external')
      return base === undefined
        ? unread(`the class ${type.node.name ?? ''} is no schema that can be read`, at)
        : context.shape(base)
    }
    case 'list':
      return value.items.length > 0
        ? unionOf(
            value.items.map((one) => context.shape(one)),
            at,
          )
        : unread('an empty list stands for a schema', at)
    case 'literal':
      return typeof value.value === 'boolean' ? { kind: value.value ? 'any' : 'fixed', at } : literal(context, value)
    case 'unknown':
      return unread(`${value.label?.join('.') ?? 'a schema'} could not be read`, at)
    default:
      return unread('a schema could not be read', at)
  }
}

/** Superstruct and Joi take literals as what is equal to them. A text may be the name of a shared schema: `'user#'`. */
const literal = (context: Context, value: Extract<Value, { kind: 'literal' }>): Shape => {
  const id = textOf(value)
  const shared = id?.endsWith('#') ? context.shared(id.slice(0, -1)) : undefined
  return shared === undefined ? { kind: 'fixed', at: value.at } : context.shape(shared)
}

const ofLibrary = (context: Context, value: External): Shape => {
  const chain = chainOf(context.reading, value)
  const { from } = chain
  const wrapped = unwrapped(context, chain)
  if (wrapped !== undefined) return wrapped
  if (DRIZZLE.test(from)) {
    const first = chain.steps.findIndex((one) => /^create\w*Schema$/.test(one.name) && one.called)
    const start = chain.steps[first]
    return start === undefined
      ? unread(from, chain.at)
      : zodSteps(context, tableShape(context, start), chain.steps.slice(first + 1))
  }
  if (ZOD.test(from)) return zodShape(context, chain)
  if (JOI.test(from))
    return joiShape(
      context,
      from === 'celebrate' ? { ...chain, steps: chain.steps.filter((one) => one.name !== 'Joi' || one.called) } : chain,
    )
  if (YUP.test(from)) return yupShape(context, chain)
  if (VALIBOT.test(from) || SUPERSTRUCT.test(from)) return functionalShape(context, chain)
  if (TYPEBOX.test(from)) return typeboxShape(context, chain)
  if (ARKTYPE.test(from)) return arktypeShape(context, chain)
  if (FLUENT.test(from)) return fluentShape(context, chain)
  if (EXPRESS_VALIDATOR.test(from)) return expressValidatorShape(context, chain)
  if (from.startsWith('stoker')) return stoker(chain)
  const own = portcullisShape(context, chain)
  if (own !== undefined) return own
  return unread(
    `${[from === 'global' ? '' : from, ...chain.steps.map((one) => one.name)].filter((one) => one !== '').join(' ')} could not be read`,
    chain.at,
  )
}

const WRAPPERS: readonly (readonly [from: RegExp, name: RegExp])[] = [
  [/^stoker/, /^jsonContent/],
  [/^(?:@hono\/zod-openapi|zod.*)$/, /^toJSONSchema$/],
  [/^zod-to-json-schema$|^zod-openapi/, /./],
  [/^(?:ajv|@sinclair\/typebox|typebox)(?:\/|$)/, /^(?:[cC]ompile|Compile|compileAsync|compileParser)$/],
  [/^nestjs-zod|^zod-nestjs|^@anatine\/zod-nestjs/, /^createZodDto$/],
  [/^hono-openapi|^@hono\/(?:standard|valibot|typebox)/, /^resolver$/],
  [/^@valibot\/to-json-schema$/, /^toJsonSchema$/],
]

/** Functions of packages that only carry a schema on. */
const unwrapped = (context: Context, chain: Chain): Shape | undefined => {
  if (chain.from === 'fastify-zod') return fromFastifyZod(context, chain)
  const step = chain.steps.find(
    (one) => one.called && WRAPPERS.some(([from, name]) => from.test(chain.from) && name.test(one.name)),
  )
  const arg = step && argOf(context.reading, step, 0)
  return arg && context.shape(arg)
}

/** `const { schemas, $ref } = buildJsonSchemas({ login: z.object(…) })`, then `$ref('login')`. */
const fromFastifyZod = (context: Context, chain: Chain): Shape => {
  const made = chain.steps.find((one) => one.name === 'buildJsonSchemas' && one.called)
  const ref: Step | undefined = chain.steps.find((one) => one.name === '$ref' && one.called)
  const schemas = made && argOf(context.reading, made, 0)
  const key = textOf(ref && argOf(context.reading, ref, 0))
  const schema = schemas?.kind === 'object' && key !== undefined ? schemas.entries.get(key) : undefined
  return schema === undefined ? unread('a schema of fastify-zod could not be read', chain.at) : context.shape(schema)
}

/** Schemas that this package exports: an id as a number or a UUID, a slug by its pattern. */
const stoker = (chain: Chain): Shape => {
  const name = chain.steps.at(-1)?.name ?? ''
  const { at } = chain
  const known: Readonly<Record<string, readonly [string, Shape]>> = {
    IdParamsSchema: ['id', { kind: 'number', bounded: false, at }],
    IdUUIDParamsSchema: ['id', { kind: 'string', bounded: true, at }],
    SlugParamsSchema: ['slug', { kind: 'string', bounded: true, at }],
  }
  const field = known[name]
  return field === undefined
    ? unread(`stoker's ${name}`, at)
    : { kind: 'object', closed: true, fields: new Map([field]), at }
}

const ofObject = (context: Context, value: Extract<Value, { kind: 'object' }>): Shape => {
  const { at } = value
  const content = value.entries.get('content')
  if (
    content?.kind === 'object' &&
    content.entries.size > 0 &&
    [...content.entries.keys()].every((one) => one.includes('/'))
  ) {
    const schemas = [...content.entries.values()].map((one) => context.reading.evaluator.member(one, 'schema', one.at))
    return unionOf(
      schemas.map((one) => context.shape(one)),
      at,
    )
  }
  // What Ajv or OpenAPI needs beside the schema of another library.
  if (isJsonSchema(value)) return jsonShape(context, value)
  if (value.entries.size === 0 && value.rest.length === 0) return { kind: 'any', at }
  const library = libraryIn(context, value)
  if (library === undefined) {
    const plain = [...value.entries.values()]
    const fields =
      plain.length > 0 && value.rest.length === 0 && plain.every((one) => one.kind === 'object' && isJsonSchema(one))
    // Old Fastify's short form: the properties alone.
    return fields
      ? { kind: 'object', closed: false, fields: fieldsOf(context, value), at }
      : unread('an object stands for a schema, and it is none that is known', at)
  }
  return {
    kind: 'object',
    closed: !YUP.test(library) && !FLUENT.test(library) && !TYPEBOX.test(library),
    fields: fieldsOf(context, value),
    at,
  }
}

/** The library of the first schema among an object's values. */
const libraryIn = (context: Context, value: Value, depth = 3): string | undefined => {
  if (value.kind === 'external') return isSchemaLibrary(value.from) ? chainOf(context.reading, value).from : undefined
  if (value.kind !== 'object' || depth === 0) return
  for (const one of [...value.entries.values(), ...value.rest]) {
    const found = libraryIn(context, one, depth - 1)
    if (found !== undefined) return found
  }
  return
}

const LIBRARIES = [
  ZOD,
  JOI,
  YUP,
  VALIBOT,
  SUPERSTRUCT,
  TYPEBOX,
  FLUENT,
  EXPRESS_VALIDATOR,
  DRIZZLE,
  /^ajv(?:\/|$)/,
  ARKTYPE,
  /^@effect\/schema|^effect$/,
  /^io-ts$/,
  /^runtypes$/,
]

export const isSchemaLibrary = (from: string): boolean => LIBRARIES.some((one) => one.test(from))
