import { validate } from '@readme/openapi-parser'
import { OTHER_VERBS, VERBS } from './path-items.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** Rules of the specification that tools break every day and that change nothing here: what matters is judged by operation. */
const LENIENT = {
  'path-parameters-not-in-parameters': 'warning',
  'path-parameters-not-in-path': 'warning',
} as const

/**
 * Checks what is read of a document against the specification.
 *
 * @throws Error that says the first thing that is wrong
 */
export const assertOpenApi = async (document: Part, timeoutMs: number): Promise<void> => {
  if (document['swagger'] !== undefined) throw new Error(SWAGGER)
  if (typeof document['openapi'] !== 'string' || !/^3\.[01]\.\d+/.test(document['openapi']))
    throw new Error('it is no OpenAPI document of version 3.0 or 3.1')
  const deadline = performance.now() + timeoutMs
  const fault = await faultOf(document, timeoutMs)
  if (fault !== undefined)
    throw new Error(`it is no valid OpenAPI document: ${await placeOf(document, deadline)}${fault}`)
}

/** Flask-RESTX, Springfox and swag of Go write no other, and what they wrote can be translated by itself. */
const SWAGGER =
  'it is Swagger 2.0, and OpenAPI 3.0 or 3.1 is read: translate it (npx swagger2openapi --outfile openapi.json …), and name the file by --openapi'

/** The first thing that is wrong with a document. */
const faultOf = async (document: Part, timeoutMs: number): Promise<string | undefined> => {
  const result = await validate(whatIsRead(document) as never, {
    resolve: { external: false },
    dereference: { circular: 'ignore' },
    timeoutMs,
    validate: { rules: { openapi: LENIENT } },
  })
  return result.valid ? undefined : (result.errors[0]?.message.split('\n')[0] ?? 'it is not valid')
}

/** A part of a path, an operation for one. */
interface Piece {
  readonly path: string
  readonly key: string
  readonly part: unknown
}

/**
 * Where that is, which the validator does not say: `POST /users: `, an operation that is wrong without the others. By halves: one after the other, those of
 * a large document would keep the gateway from answering for seconds.
 */
const placeOf = async (document: Part, deadline: number): Promise<string> => {
  const isFaulty = async (paths: Part): Promise<boolean> => {
    const leftMs = Math.ceil(deadline - performance.now())
    return leftMs > 0 && (await faultOf({ ...document, paths }, leftMs)) !== undefined
  }
  // To 3.1 a document without any path is none.
  if (await isFaulty({ '/': { get: {} } })) return 'components: '
  let pieces = piecesOf(document)
  while (pieces.length > 1) {
    const half = pieces.slice(0, Math.ceil(pieces.length / 2))
    pieces = (await isFaulty(together(half))) ? half : pieces.slice(half.length)
  }
  const [piece] = pieces
  if (piece === undefined || !(await isFaulty(together(pieces)))) return ''
  return piece.key === 'parameters' ? `${piece.path}: ` : `${piece.key.toUpperCase()} ${piece.path}: `
}

const piecesOf = ({ paths }: Part): readonly Piece[] =>
  Object.entries(isPart(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isPart(item) ? item : {}).map(([key, part]) => ({ path, key, part })),
  )

const together = (pieces: readonly Piece[]): Part => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { path, key, part } of pieces) paths[path] = { ...paths[path], [key]: part }
  return paths
}

/** Of a document and its components what nothing is read of; schemas are judged by operation. */
const UNREAD = ['info', 'servers', 'security', 'tags', 'externalDocs', 'webhooks']
const UNREAD_COMPONENTS = ['schemas', 'responses', 'securitySchemes', 'examples', 'headers', 'links', 'callbacks']

/**
 * A copy of what is read, since one fault anywhere keeps the whole gateway from starting: an answer without a description, which many write, or the
 * names that .NET and Springfox give to generic schemas (``PagedResult`1[[User]]``, `List«User»`). What stays refers to nothing that is left out.
 */
const whatIsRead = (document: Part): Part => {
  const { paths, components } = document
  return {
    ...without(document, UNREAD),
    info: { title: '', version: '' },
    ...(isPart(paths) ? { paths: mapped(without(paths), itemOf) } : {}),
    ...(isPart(components) ? { components: mapped(without(components, UNREAD_COMPONENTS), componentsOf) } : {}),
  }
}

const COMPONENTS: Readonly<Record<string, (given: unknown) => unknown>> = {
  parameters: (given) => parameterOf(given),
  requestBodies: (given) => bodyOf(given),
  pathItems: (given) => itemOf(given),
}

const componentsOf = (components: unknown, kind: string): unknown => {
  const each = COMPONENTS[kind]
  return isPart(components) && each !== undefined ? mapped(components, each) : components
}

/** Without the methods that OpenAPI does not know: they are named and not served. */
const itemOf = (item: unknown): unknown =>
  isPart(item)
    ? mapped(without(item, ['servers', ...OTHER_VERBS]), (part, key) =>
        VERBS.includes(key) && isPart(part) ? operationOf(part) : key === 'parameters' ? parametersOf(part) : part,
      )
    : item

const operationOf = ({ parameters, requestBody }: Part): Part => ({
  ...(parameters === undefined ? {} : { parameters: parametersOf(parameters) }),
  ...(requestBody === undefined ? {} : { requestBody: bodyOf(requestBody) }),
  responses: { default: { description: '' } },
})

const parametersOf = (given: unknown): unknown => (Array.isArray(given) ? given.map(parameterOf) : given)

const READ_OF_PARAMETERS = ['$ref', 'name', 'in', 'required', 'style', 'explode', 'schema', 'content']

/** Without `collectionFormat`, `default` and examples. One in a path must be there, whatever is said of that. */
const parameterOf = (given: unknown): unknown => {
  if (!isPart(given)) return given
  const read = withoutSchemas(only(given, READ_OF_PARAMETERS))
  return given['in'] === 'path' ? { ...read, required: true } : read
}

const bodyOf = (given: unknown): unknown =>
  isPart(given) ? withoutSchemas(only(given, ['$ref', 'required', 'content'])) : given

const mediaOf = (given: unknown): unknown =>
  isPart(given) ? withoutSchemas(only(given, ['schema', 'encoding'])) : given

const encodingOf = (given: unknown): unknown =>
  isPart(given) ? only(given, ['contentType', 'style', 'explode']) : given

const INSIDE: Readonly<Record<string, (given: unknown) => unknown>> = { content: mediaOf, encoding: encodingOf }

/**
 * A copy without schemas, in its media types neither. By the letter of 3.0 many are wrong that say what they mean: FastAPI calls its documents 3.0.2 up
 * to its release 0.98, and writes `exclusiveMinimum: 0` and `const` in them.
 */
const withoutSchemas = (part: Part): Part =>
  mapped(part, (value, key) => {
    if (!isPart(value)) return value
    const each = INSIDE[key]
    return key === 'schema' ? {} : each === undefined ? value : mapped(value, each)
  })

const only = (part: Part, keys: readonly string[]): Part =>
  Object.fromEntries(Object.entries(part).filter(([key]) => keys.includes(key)))

/** Without these, and without extensions: `x-webhooks`, as OpenAPI 3.0 has them, refer to schemas. */
const without = (part: Part, keys: readonly string[] = []): Part =>
  Object.fromEntries(Object.entries(part).filter(([key]) => !keys.includes(key) && !key.startsWith('x-')))

const mapped = (part: Part, each: (value: unknown, key: string) => unknown): Part =>
  Object.fromEntries(Object.entries(part).map(([key, value]) => [key, each(value, key)]))
