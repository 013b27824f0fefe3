import { isTakenOut, spelledPlainly } from '../forwarding/claims.ts'
import type { BodyTypes } from './bodies.ts'
import { readBody } from './bodies.ts'
import { parametersIn } from './exploded.ts'
import { ownKeys } from './own-credentials.ts'
import type { Parameter, Place } from './parameters.ts'
import { methodsOf, readPathItem } from './path-items.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { schemaCloser } from './schemas.ts'
import type { Shape, TakesAnother } from './spellings.ts'
import { shapeOf, takesAnother } from './spellings.ts'
import type { Template } from './templates.ts'
import { readTemplate } from './templates.ts'
import { SPELLED_ALIKE, twins } from './twins.ts'

/** The methods that are forwarded. HEAD follows GET. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** One operation of the document. */
export interface Operation {
  readonly method: Method
  readonly template: Template
  readonly parameters: readonly Parameter[]
  readonly body: BodyTypes | undefined
  /** What the document says of who may call it: shown, never trusted. */
  readonly declared: string
  /** Whether values make its path another one of the document: then it is none. */
  readonly takesAnother: TakesAnother | undefined
}

/** What a document describes, and what of it can't be served. */
export interface Operations {
  readonly served: readonly Operation[]
  /** A sentence each: the operation, and why. It does not exist then, or takes no form of that media type. */
  readonly refused: readonly string[]
  /** A sentence each: operations that the upstream may take for one another, has under another path, or refuses. */
  readonly shadowed: readonly string[]
}

/**
 * Lists the operations of a document.
 *
 * @param webSockets paths beside it that GET has at the upstream: a value that makes one of them is no value
 * @throws TypeError when two of its paths are one: which of them the upstream serves can't be known
 */
export const readOperations = (document: Part, webSockets: readonly string[] = []): Operations => {
  const closer = schemaCloser(document)
  const read: Omit<Operation, 'takesAnother'>[] = []
  const all: { readonly path: string; readonly shape: Shape; readonly methods: readonly string[] }[] = webSockets.map(
    (path) => ({ path, shape: shapeOf(path), methods: ['GET'] }),
  )
  const refused: string[] = []
  const shapes = new Map<string, string>()
  const paths = isPart(document['paths']) ? document['paths'] : {}
  for (const [path, given] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue
    let item: Part | undefined
    let twice: readonly string[]
    let template: Template
    try {
      ;({ item, twice } = readPathItem(document, given))
      if (twice.includes('parameters')) throw new TypeError(`has parameters ${AND_REFERRED}`)
      template = readTemplate(path)
    } catch (error) {
      refused.push(`${path} ${(error as Error).message}`)
      all.push({ path, shape: shapeOf(path), methods: item === undefined ? METHODS : methodsOf(item) })
      continue
    }
    all.push({ path, shape: shapeOf(path), methods: methodsOf(item) })
    for (const method of methodsOf(item)) {
      const name = `${method} ${path}`
      const twin = shapes.get(`${method} ${template.shape}`)
      if (twin !== undefined) throw new TypeError(`${name} and ${twin} are one path: take one of them out`)
      shapes.set(`${method} ${template.shape}`, name)
      try {
        if (twice.includes(method.toLowerCase())) throw new TypeError(`stands ${AND_REFERRED}`)
        if (!isServed(method)) throw new TypeError(method === 'HEAD' ? 'follows its GET' : `is not forwarded`)
        const operation = item[method.toLowerCase()] as Part
        const body = bodyOf(document, method, operation, closer)
        const parameters = parametersOf(document, item, operation, template, closer)
        read.push({ method, template, parameters, body, declared: declaredOf(document, operation) })
        const leftOut = [...parameters, ...(body === undefined ? [] : [body])].flatMap((part) => part.leftOut)
        refused.push(...leftOut.map((why) => `${name} ${why}`))
      } catch (error) {
        refused.push(`${name} ${(error as Error).message}`)
      }
    }
  }
  // HEAD follows GET: what a document says of HEAD alone is not reached by either.
  const shapesOf = (method: Method): readonly Shape[] =>
    all
      .filter(({ methods }) => methods.includes(method) || (method === 'GET' && methods.includes('HEAD')))
      .map(({ shape }) => shape)
  const known = new Map(METHODS.map((method) => [method, shapesOf(method)]))
  const served = read.map((one) => ({ ...one, takesAnother: takesAnother(one.template, known.get(one.method) ?? []) }))
  const every = all.flatMap(({ path, methods }) => methods.map((method) => ({ method, path })))
  return { served, refused, shadowed: [...shadowedIn(served), ...alikeIn(served, every), ...colonsIn(served)] }
}

/** `/orders/:id`, as Express writes it, is a text in OpenAPI: no value would ever match. */
const colonsIn = (served: readonly Operation[]): readonly string[] =>
  served.flatMap(({ method, template: { text } }) => {
    const [segment, name] = /\/:(\w+)(?=\/|$)/.exec(text) ?? []
    return segment === undefined ? [] : [`${method} ${text} has :${name} as a text: write {${name}} for a value`]
  })

/** Those that are not served are of them: they would be reached by the other's rule. */
const alikeIn = (
  served: readonly Omit<Operation, 'takesAnother'>[],
  every: readonly { readonly method: string; readonly path: string }[],
): readonly string[] => {
  const names = new Set(served.map(({ method, template }) => `${method} ${template.text}`))
  return twins(every)
    .filter((pair) => pair.some(({ method, path }) => names.has(`${method} ${path}`)))
    .map(([one, other]) => `${other.method} ${other.path} and ${one.path} ${SPELLED_ALIKE}`)
}

/**
 * The gateway takes the plainer of two paths that match; FastAPI and Express take the one that was registered first. A rule of
 * `/users/me` would then be decided, and the handler of `/users/{id}` run.
 */
const shadowedIn = (served: readonly Operation[]): readonly string[] => {
  const segmented = served.map((operation) => ({ operation, segments: operation.template.text.split('/') }))
  return segmented.flatMap(({ operation, segments }, at) =>
    segmented
      .slice(0, at)
      .filter((before) => before.operation.method === operation.method && covers(before.segments, segments))
      .map(
        (before) =>
          `${operation.method} ${operation.template.text} stands behind ${before.operation.template.text}, which an upstream that goes by the order takes it for`,
      ),
  )
}

const isValue = (segment: string | undefined): boolean => segment?.startsWith('{') === true

const covers = (wide: readonly string[], narrow: readonly string[]): boolean =>
  wide.length === narrow.length && wide.every((segment, at) => segment === narrow[at] || isValue(segment))

/** OpenAPI 3.1 §4.8.9.1 leaves open which of them counts. */
const AND_REFERRED = 'in its path item and in what that refers to as well'

const isServed = (method: string): method is Method => (METHODS as readonly string[]).includes(method)

/**
 * What is never a parameter, whatever the document says (OpenAPI 3.1 §4.8.12.1), nor is what the gateway takes out and says itself: a backend that reads
 * `portcullis-subject` by `Header()` of FastAPI has it in its document, and no client is to send it.
 */
const isOurs = (name: string): boolean => ['accept', 'content-type'].includes(name) || isTakenOut(spelledPlainly(name))

const parametersOf = (
  document: Part,
  item: Part,
  operation: Part,
  template: Template,
  closer: ReturnType<typeof schemaCloser>,
): readonly Parameter[] => {
  const given = new Map<string, unknown>()
  const [ofPath, own] = [item, operation].map(({ parameters }) => (parameters ?? []) as readonly unknown[])
  // The operation's own replace the path's of the same name and place.
  for (const one of [...ownKeys(document, operation), ...(ofPath ?? []), ...(own ?? [])]) {
    const { name, in: place } = resolved(document, one)
    given.set(`${place} ${name}`, one)
  }
  const found = new Map<string, Parameter>()
  for (const parameter of [...given.values()].flatMap((one) => parametersIn(document, one, closer))) {
    const { name, place } = parameter
    if (place === 'header' && isOurs(name.toLowerCase())) continue
    if (found.has(`${place} ${name}`)) throw new TypeError(`takes ${name} twice in its ${place}`)
    found.set(`${place} ${name}`, parameter)
  }
  for (const { name } of template.values)
    if (!found.has(`path ${name}`)) throw new TypeError(`does not describe {${name}} of its path`)
  const inPath = (place: Place, name: string): boolean =>
    place !== 'path' || template.values.some((value) => value.name === name)
  return [...found.values()].filter(({ place, name }) => inPath(place, name))
}

const bodyOf = (
  document: Part,
  method: Method,
  operation: Part,
  closer: ReturnType<typeof schemaCloser>,
): BodyTypes | undefined => {
  if (operation['requestBody'] === undefined) return undefined
  // RFC 9110 §9.3.1: a body of GET has no meaning, and is what requests are smuggled in.
  if (method === 'GET') throw new TypeError('takes a body, which GET has not')
  return readBody(document, operation['requestBody'], closer)
}

const declaredOf = (document: Part, operation: Part): string => {
  const security = (operation['security'] ?? document['security']) as unknown
  if (!Array.isArray(security) || security.length === 0) return 'open'
  return security
    .map((one) => (isPart(one) && Object.keys(one).length > 0 ? Object.keys(one).join(' and ') : 'open'))
    .join(' or ')
}
