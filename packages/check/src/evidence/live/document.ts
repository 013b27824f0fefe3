import { isRecord } from './exchange.ts'

/** What an OpenAPI document says of one route. */
export interface Operation {
  readonly method: string
  /** With the path of the document's server before it, `{id}` as written. */
  readonly path: string
  /** `unsaid`: neither the route nor the document says anything; `public`: an empty list, or an empty choice in it. */
  readonly security: 'secured' | 'public' | 'unsaid'
  /** Of the body, when it takes one. */
  readonly content?: 'json' | 'form' | 'other'
  /** Names of the body's properties and the JSON types they have. */
  readonly fields: Readonly<Record<string, string>>
  readonly required: readonly string[]
  /** Path parameters and their types. */
  readonly parameters: Readonly<Record<string, string>>
}

export interface ApiDocument {
  /** A path on the server, or the local file. */
  readonly where: string
  readonly onServer: boolean
  readonly title: string
  readonly operations: readonly Operation[]
}

type Json = Readonly<Record<string, unknown>>

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete']
const MOST_OPERATIONS = 1_000

export const isOpenApi = (value: unknown): value is Json =>
  isRecord(value) &&
  (typeof value['openapi'] === 'string' || typeof value['swagger'] === 'string') &&
  isRecord(value['paths'])

/** The routes of an OpenAPI 3 or Swagger 2 document. What is odd in it is left out: it is a claim of the server, nothing more. */
export const readDocument = (root: Json, where: string, onServer: boolean): ApiDocument => {
  const base = serverPath(root)
  const operations = Object.entries(record(root['paths'])).flatMap(([path, item]) =>
    METHODS.filter((method) => isRecord(record(item)[method])).map((method) =>
      operationOf(root, method, joined(base, path), record(item), record(record(item)[method])),
    ),
  )
  const title = record(root['info'])['title']
  return {
    where,
    onServer,
    title: typeof title === 'string' ? title.slice(0, 100) : '',
    operations: operations.slice(0, MOST_OPERATIONS),
  }
}

const operationOf = (root: Json, method: string, path: string, item: Json, operation: Json): Operation => {
  const parameters = [...list(item['parameters']), ...list(operation['parameters'])].map((one) => resolved(root, one))
  const { content, schema } = bodyOf(root, operation, parameters)
  const shape = flattened(root, schema)
  return {
    method: method.toUpperCase(),
    path,
    security: securityOf(operation['security'] ?? root['security']),
    ...(content === undefined ? {} : { content }),
    ...shape,
    parameters: Object.fromEntries(
      parameters
        .filter((one) => one['in'] === 'path' && typeof one['name'] === 'string')
        .map((one) => [String(one['name']), typeOf(root, one['schema'] ?? one)]),
    ),
  }
}

/** `security: [{}, …]` says that nothing is needed. */
const securityOf = (value: unknown): Operation['security'] => {
  if (!Array.isArray(value)) return 'unsaid'
  return value.length === 0 || value.some((one) => isRecord(one) && Object.keys(one).length === 0)
    ? 'public'
    : 'secured'
}

const bodyOf = (
  root: Json,
  operation: Json,
  parameters: readonly Json[],
): { content?: 'json' | 'form' | 'other'; schema: Json } => {
  const content = record(resolved(root, operation['requestBody'])['content'])
  const entry = Object.entries(content)
  const of = (kind: string): Json | undefined => {
    const found = entry.find(([type]) => type.includes(kind))
    return found && record(record(found[1])['schema'])
  }
  const json = of('json')
  if (json !== undefined) return { content: 'json', schema: json }
  const form = of('form')
  if (form !== undefined) return { content: 'form', schema: form }
  if (entry.length > 0) return { content: 'other', schema: {} }
  // Swagger 2 has its body among the parameters.
  const body = parameters.find((one) => one['in'] === 'body')
  return body === undefined ? { schema: {} } : { content: 'json', schema: record(body['schema']) }
}

/** The names and types of an object's properties, through references and allOf; a member of oneOf or anyOf is taken as it comes. */
const flattened = (root: Json, schema: unknown, depth = 0): Pick<Operation, 'fields' | 'required'> => {
  const one = resolved(root, schema)
  if (depth > 5) return { fields: {}, required: [] }
  const choice = [...list(one['oneOf']), ...list(one['anyOf'])].slice(0, 1)
  const parts = [...list(one['allOf']), ...choice].map((part) => flattened(root, part, depth + 1))
  const own = Object.entries(record(one['properties'])).map(([name, value]) => [name, typeOf(root, value)] as const)
  return {
    fields: { ...Object.assign({}, ...parts.map(({ fields }) => fields)), ...Object.fromEntries(own) },
    required: [
      ...parts.flatMap(({ required }) => required),
      ...list(one['required']).filter((name): name is string => typeof name === 'string'),
    ],
  }
}

const typeOf = (root: Json, schema: unknown): string => {
  const one = resolved(root, schema)
  const type = [one['type']].flat().find((name) => typeof name === 'string' && name !== 'null')
  if (one['format'] === 'uuid' || one['format'] === 'email') return one['format']
  return typeof type === 'string' ? type : 'string'
}

const resolved = (root: Json, value: unknown, depth = 0): Json => {
  const reference = record(value)['$ref']
  if (typeof reference !== 'string' || !reference.startsWith('#/') || depth > 10) return record(value)
  const found = reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined), root)
  return resolved(root, found, depth + 1)
}

const serverPath = (root: Json): string => {
  if (typeof root['basePath'] === 'string') return root['basePath'].replace(/\/+$/, '')
  const url = record(list(root['servers'])[0])['url']
  if (typeof url !== 'string' || url.includes('{')) return ''
  return (URL.parse(url, 'http://localhost')?.pathname ?? '').replace(/\/+$/, '')
}

const joined = (base: string, path: string): string =>
  base === '' || path.startsWith(`${base}/`) ? path : `${base}${path}`

const record = (value: unknown): Json => (isRecord(value) ? value : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
