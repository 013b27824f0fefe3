/** connexion: routes and their inputs from the OpenAPI document that the program serves. */
import { parse } from 'yaml'
import type { FunctionNode, Scope } from '../../source/index.ts'
import type { Docs, Input, Place } from '../facts.ts'
import { argumentOf, type FunctionValue, knownText } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'

/** The text of a file of the project. */
export type ReadText = (file: string) => string | undefined

export interface ConnexionRoute {
  readonly method: string
  readonly path: string
  readonly at: Place
  readonly handler: FunctionValue | undefined
  readonly name: string
  readonly inputs: readonly Input[]
  /** The document asks for a credential, and says which function looks at it. */
  readonly secured: boolean
}

type Json = Readonly<Record<string, unknown>>

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isConnexion = (reading: Reading): boolean =>
  [...reading.program.modules.values()].some(
    (module) =>
      module.language === 'python' &&
      module.body.some((node) => node.kind === 'import' && /^connexion(?:\.|$)/.test(node.from)),
  )

/** The documents that add_api names. */
const documentsOf = (
  reading: Reading,
  read: ReadText,
): readonly { readonly file: string; readonly text: string; readonly document: Json }[] => {
  if (!isConnexion(reading)) return []
  const files = [...reading.program.layout.files]
  return reading.program.callsNamed('add_api').flatMap(({ node, scope }) => {
    const name = knownText(reading, node.args[0] ?? node.named.get('specification'), scope)
    if (name === undefined) return []
    const bare = name.replace(/^(?:\.\/)+/, '')
    const [file] = files.filter((one) => one === bare || one.endsWith(`/${bare}`)).sort((a, b) => a.length - b.length)
    const text = file === undefined ? undefined : read(file)
    if (file === undefined || text === undefined) return []
    try {
      return [{ file, text, document: objectOf(parse(text)) }]
    } catch {
      return []
    }
  })
}

const METHODS = /^(?:get|post|put|patch|delete|head|options|trace)$/

export const connexionRoutes = (reading: Reading, read: ReadText): readonly ConnexionRoute[] =>
  documentsOf(reading, read).flatMap(({ file, text, document }) => {
    const base = String(objectOf(listOf(document['servers'])[0])['url'] ?? document['basePath'] ?? '')
      .replace(/^https?:\/\/[^/]+/, '')
      .replace(/\/$/, '')
    const resolve = resolver(document)
    return Object.entries(objectOf(document['paths'])).flatMap(([path, item]) =>
      Object.entries(objectOf(item)).flatMap(([method, one]): ConnexionRoute[] => {
        if (!METHODS.test(method)) return []
        const operation = objectOf(one)
        const at = placeIn(file, text, path, method)
        const id = [operation['x-openapi-router-controller'], operation['operationId']]
          .filter((part) => typeof part === 'string')
          .join('.')
        const shared = listOf(objectOf(item)['parameters'])
        return [
          {
            method: method.toUpperCase(),
            path: base + path,
            at,
            handler: functionAt(reading, id),
            name: id.split('.').at(-1) ?? '',
            inputs: inputsOf([...shared, ...listOf(operation['parameters'])], operation['requestBody'], at, resolve),
            secured: isSecured(document, operation, resolve),
          },
        ]
      }),
    )
  })

/** The line of an operation: that of its method under its path. */
const placeIn = (file: string, text: string, path: string, method: string): Place => {
  const lines = text.split('\n')
  const start = lines.findIndex((line) =>
    line
      .trim()
      .replace(/^['"]|['"](?=:)/g, '')
      .startsWith(`${path}:`),
  )
  const offset = lines.slice(start + 1).findIndex((line) => line.trim().startsWith(`${method}:`))
  const line = start === -1 ? 0 : offset === -1 ? start : start + 1 + offset
  return { file, line: line + 1, text: `${method.toUpperCase()} ${path}` }
}

/** `api_views.users.login_user` */
const functionAt = (reading: Reading, id: string): FunctionValue | undefined => {
  const parts = id.split('.')
  const name = parts.at(-1) ?? ''
  const module = parts.slice(0, -1).join('/')
  const found = reading.program.functionsNamed(name).find(({ node }) => {
    const file = node.at.file.replace(/(?:\/__init__)?\.py$/, '')
    return module === '' || file === module || file.endsWith(`/${module}`)
  })
  return found && functionOf(found.node, found.scope)
}

const functionOf = (node: FunctionNode, scope: Scope): FunctionValue => ({
  kind: 'function',
  node,
  scope,
  frame: undefined,
  at: node.at,
})

type Resolve = (value: unknown) => Json

const resolver = (document: Json): Resolve => {
  const resolve = (value: unknown, depth = 0): Json => {
    const one = objectOf(value)
    const reference = one['$ref']
    if (typeof reference !== 'string' || !reference.startsWith('#/') || depth > 10) return one
    const found = reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => objectOf(at)[key.replaceAll('~1', '/').replaceAll('~0', '~')], document)
    return resolve(found, depth + 1)
  }
  return resolve
}

/** connexion asks the function that a scheme names; a scheme without one is only words. */
const isSecured = (document: Json, operation: Json, resolve: Resolve): boolean => {
  const required = listOf(operation['security'] ?? document['security'])
  if (required.length === 0 || required.some((one) => Object.keys(objectOf(one)).length === 0)) return false
  const schemes = objectOf(objectOf(document['components'])['securitySchemes'] ?? document['securityDefinitions'])
  return required.every((one) =>
    Object.keys(objectOf(one)).some((name) =>
      Object.keys(resolve(schemes[name])).some((key) => /^x-\w+InfoFunc$/.test(key)),
    ),
  )
}

const inputsOf = (parameters: readonly unknown[], body: unknown, at: Place, resolve: Resolve): readonly Input[] => {
  const inputs: Input[] = parameters.flatMap((one): Input[] => {
    const parameter = resolve(one)
    const place = parameter['in']
    const from = place === 'formData' ? 'body' : place
    if (from !== 'path' && from !== 'query' && from !== 'body') return []
    const name = String(parameter['name'] ?? '')
    return [{ from, at, problems: problemsOf(parameter['schema'] ?? parameter, name, at, resolve) }]
  })
  const content = Object.values(objectOf(resolve(body)['content']))
  for (const one of content)
    inputs.push({ from: 'body', at, problems: problemsOf(objectOf(one)['schema'], 'the body', at, resolve) })
  return inputs
}

const problemsOf = (schema: unknown, name: string, at: Place, resolve: Resolve, depth = 0): Input['problems'] => {
  const one = resolve(schema)
  if (depth > 8) return []
  const problem = (what: string) => [{ what: `${name}: ${what}`, at }]
  if (one['enum'] !== undefined || one['const'] !== undefined) return []
  const inner = ['allOf', 'oneOf', 'anyOf'].flatMap((key) => listOf(one[key]))
  if (inner.length > 0) return inner.flatMap((part) => problemsOf(part, name, at, resolve, depth + 1))
  switch (one['type']) {
    case 'string':
      return (one['maxLength'] ?? one['pattern'] ?? one['format'])
        ? one['format'] === 'password' && !one['maxLength']
          ? problem('a string without a greatest length')
          : []
        : problem('a string without a greatest length')
    case 'integer':
    case 'number': {
      const bounded =
        (one['minimum'] ?? one['exclusiveMinimum']) !== undefined &&
        (one['maximum'] ?? one['exclusiveMaximum']) !== undefined
      return bounded || /(?:^|_)id$|Id$/.test(name) ? [] : problem('a number without bounds')
    }
    case 'boolean':
      return []
    case 'array':
      return [
        ...(one['maxItems'] === undefined ? problem('a list of any length') : []),
        ...problemsOf(one['items'], name, at, resolve, depth + 1),
      ]
    default: {
      const properties = Object.entries(objectOf(one['properties']))
      if (properties.length === 0) return problem('anything')
      const open = one['additionalProperties'] === false ? [] : problem('unknown keys are kept')
      return [...open, ...properties.flatMap(([key, value]) => problemsOf(value, key, at, resolve, depth + 1))]
    }
  }
}

/** The console at /ui and the document: on, unless `swagger_ui` is switched off. */
export const connexionDocs = (reading: Reading): readonly Docs[] => {
  if (!isConnexion(reading)) return []
  return reading.program.callsNamed('add_api').flatMap((call): Docs[] => {
    const at = placeOf(reading, call.node.at)
    const options = [call, ...['App', 'FlaskApp', 'AsyncApp'].flatMap((name) => reading.program.callsNamed(name))]
    const isOff = (name: string): boolean =>
      options.some((one) => {
        const found = argumentOf(reading, one, name)?.values ?? []
        if (found.some((value) => value.kind === 'literal' && value.value === false)) return true
        const bag = ['options', 'swagger_ui_options'].flatMap((key) => argumentOf(reading, one, key)?.values ?? [])
        return bag.some((value) => {
          const entry =
            value.kind === 'object'
              ? value.entries.get(name)
              : value.kind === 'external' && value.call
                ? argumentOf(reading, value.call, name)?.values[0]
                : undefined
          return entry?.kind === 'literal' && entry.value === false
        })
      })
    const pages: Docs[] = []
    if (!isOff('swagger_ui')) pages.push({ at, path: '/ui', when: 'always' })
    if (!isOff('serve_spec') && !isOff('openapi_spec')) pages.push({ at, path: '/openapi.json', when: 'always' })
    return pages.length > 0 ? pages : [{ at, path: '/ui', when: 'never' }]
  })
}
