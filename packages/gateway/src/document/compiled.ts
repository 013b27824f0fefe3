import { auditSchema } from 'portcullis/validation'
import type { MultipartSchema } from './multipart.ts'
import type { Operation, Operations } from './operations.ts'
import { readOperations } from './operations.ts'
import type { Place } from './parameters.ts'
import type { Part } from './pointers.ts'
import type { ClosedSchema } from './schemas.ts'

/** The inputs of an operation as JSON Schema: what the library audits. */
export interface InputSchemas {
  readonly params?: Part
  readonly querystring: Part
  readonly body?: ClosedSchema
}

/** The schemas of an operation's inputs, of those parts that a schema can describe. */
export const inputSchemas = ({ parameters, template, body }: Operation): InputSchemas => {
  const keyed = new Map(template.values.map(({ name, key }) => [name, key]))
  const object = (place: Place): Part => {
    const of = parameters.filter((parameter) => parameter.place === place)
    return {
      type: 'object',
      properties: Object.fromEntries(of.map(({ name, schema }) => [keyed.get(name) ?? name, shown(schema)])),
      required: of.filter(({ required }) => required).map(({ name }) => keyed.get(name) ?? name),
      additionalProperties: false,
      $defs: definitions(of.map(({ schema }) => schema)),
    }
  }
  return {
    ...(template.values.length === 0 ? {} : { params: object('path') }),
    querystring: object('query'),
    ...(body === undefined ? {} : { body: bodySchema(body) }),
  }
}

const bodySchema = ({ json, form, multipart, streamed }: NonNullable<Operation['body']>): ClosedSchema => {
  const [first] = [...json.values(), ...(form === undefined ? [] : [form.whole])]
  if (first !== undefined) return first
  if (multipart !== undefined) return multipartSchema(multipart)
  // What is streamed is bounded by its limit; it has no schema.
  return { type: 'string', maxLength: 0, title: streamed.join(', ') }
}

/** The texts of it: files are bounded by their limit. */
const multipartSchema = ({ parts }: MultipartSchema): Part => {
  const texts = [...parts].flatMap(([name, part]) => (part.kind === 'text' ? [[name, part.schema] as const] : []))
  return {
    type: 'object',
    properties: Object.fromEntries(texts.map(([name, schema]) => [name, shown(schema)])),
    additionalProperties: false,
    $defs: definitions(texts.map(([, schema]) => schema)),
  }
}

/** Of one document all have the same: to copy it for each of them took longer than all else that is asked here. */
const definitions = (schemas: readonly ClosedSchema[]): Part =>
  Object.assign({}, ...new Set(schemas.map((schema) => (typeof schema === 'boolean' ? {} : schema['$defs'])))) as Part

const shown = (schema: ClosedSchema): ClosedSchema => {
  if (typeof schema === 'boolean') return schema
  const { $defs: _, ...rest } = schema
  return rest
}

/** A route that the library's audit finds something about: under that name it is waived, since the document is not ours. */
export interface Unbounded {
  readonly name: string
  readonly problem: string
}

/** What the document leaves open, as the library's audit names it (packages/portcullis/src/door/inputs.ts). */
export const unboundedInputs = (operation: Operation): readonly Unbounded[] => {
  const { params, querystring, body } = inputSchemas(operation)
  return Object.entries({ body, params, query: querystring })
    .filter(([, schema]) => schema !== undefined)
    .flatMap(([where, schema]) => auditSchema(schema, where, true))
    .map(({ where, problem }) => ({ name: `${operation.method} ${operation.template.url} ${where}`, problem }))
}

/** A document that can be served. */
export interface CompiledDocument extends Operations {
  readonly document: Part
  readonly unbounded: readonly Unbounded[]
}

/** @throws TypeError when the document contradicts itself */
export const compileDocument = (
  document: Part,
  webSockets: readonly string[] = [],
): Omit<CompiledDocument, 'unbounded'> => ({
  ...readOperations(document, webSockets),
  document,
})
