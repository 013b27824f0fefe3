/** Documents and pages of the API: where they are served, and when. */
import { type Frame, type Node, possibilities, type Value, walk, withoutDefault } from '../../source/index.ts'
import type { Docs } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { isOptOut } from '../switches/index.ts'
import { heldBy } from './environment.ts'
import type { Guarding } from './guarding.ts'
import { leavesOf } from './middleware.ts'
import type { Entry } from './model.ts'

const PACKAGES =
  /^(?:npm:)?(?:@hono\/swagger-ui|@hono\/swagger-editor|@scalar\/hono-api-reference|@scalar\/.*|hono-openapi(?:\/.*)?|swagger-ui(?:-dist)?|redoc|hono-redoc|@apidevtools\/.*|@hono\/graphiql|@stoplight\/.*)$/
const PAGES =
  /^(?:swaggerUI|SwaggerUI|swaggerEditor|apiReference|Scalar|openAPISpecs|openAPIRouteHandler|generateSpecs|openAPI|redoc|Redoc)$/
const DOCUMENT_PATH =
  /(?:^|\/)(?:open-?api|swagger|api-docs?|redoc|scalar|graphiql|playground)(?:[-_.]?(?:ui|docs?|spec|json|ya?ml|document|html))*(?:\/\*)?$/i
const DOCS_PATH = /(?:^|\/)(?:docs?|documentation|reference)(?:\.json|\.ya?ml|\.html)?(?:\/\*)?$/i

/** Whether an entry serves a document of the API, or a page that shows it. */
export const isDocs = (reading: Reading, entry: Entry): boolean => {
  if (entry.kind === 'docs') return true
  if (entry.kind === 'use' && !entry.handlers.some((one) => leavesOf(reading, one).some((leaf) => isPage(leaf.value))))
    return false
  if (
    entry.handlers.some((one) =>
      leavesOf(reading, one).some((leaf) => isPage(leaf.value) || callsPage(reading, leaf.value)),
    )
  )
    return true
  if (entry.path === undefined || !/^(?:GET|ALL)$/.test(entry.method) || entry.definition) return false
  if (DOCUMENT_PATH.test(entry.path)) return true
  return DOCS_PATH.test(entry.path) && entry.handlers.some((one) => answersPage(one.value))
}

export const docsOf = (reading: Reading, entries: readonly Entry[], guarding: Guarding): readonly Docs[] => {
  const docs = entries.filter((entry) => isDocs(reading, entry))
  const found = docs.map((entry): Docs => {
    const covering = guarding.of(entry)
    const guard =
      covering.guard === 'global' && excepts(reading, covering.guardAt?.file, entry.path, docs)
        ? 'exempt'
        : covering.guard
    const when = runs(reading, entry)
    return {
      at: placeOf(reading, nodeOf(entry).at),
      path: entry.path ?? '?',
      when:
        when === 'development'
          ? 'development'
          : guard === 'none' || guard === 'exempt'
            ? when === 'unknown'
              ? 'unknown'
              : 'always'
            : 'guarded',
    }
  })
  return [...found, ...graphiql(reading, entries, guarding)]
}

/** Whether the file of a guard names that path, beside the pages that stand there: its list of what stays open. The root is in too many texts to say so. */
const excepts = (
  reading: Reading,
  file: string | undefined,
  path: string | undefined,
  docs: readonly Entry[],
): boolean => {
  const text = (file === undefined ? undefined : reading.program.modules.get(file)?.text) ?? ''
  const here = docs.map(nodeOf).filter((one) => one.at.file === file)
  return (
    path !== undefined &&
    path.length > 1 &&
    [...text.matchAll(new RegExp(`['"\`]${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['"\`]`, 'g'))].some(
      ({ index }) => !here.some(({ at }) => at.start <= index && index < at.end),
    )
  )
}

const nodeOf = (entry: Entry): Node => entry.registration.node

/** When the registration happens, and every call that leads to it. */
const runs = (reading: Reading, entry: Entry): 'always' | 'development' | 'unknown' => {
  const nodes = [nodeOf(entry)]
  for (let frame: Frame | undefined = entry.registration.frame; frame !== undefined; frame = frame.outer)
    if (frame.call) nodes.push(frame.call.node)
  const held = nodes.map((node) => heldBy(reading, node))
  if (held.includes('development')) return 'development'
  // 404 in the handler itself outside of development.
  const inside = entry.handlers.some((one) => one.value.kind === 'function' && refusesInProduction(reading, one.value))
  if (inside) return 'development'
  return held.some((one, index) => one === 'unknown' && !isOptOut(reading, nodes[index] as Node)) ? 'unknown' : 'always'
}

const refusesInProduction = (reading: Reading, value: Extract<Value, { kind: 'function' }>): boolean => {
  const last = value.node.body.at(-1)
  return last !== undefined && value.node.body.length > 1 && whenOf(reading, last) === 'development'
}

const isPage = (value: Value): boolean =>
  possibilities(value).some(
    (one) =>
      one.kind === 'external' &&
      one.call !== undefined &&
      (PACKAGES.test(one.from) || one.from !== 'global') &&
      PAGES.test(withoutDefault(one.path).at(-2) ?? ''),
  )

const callsPage = (reading: Reading, value: Value): boolean => {
  if (value.kind !== 'function') return false
  let found = false
  walk(value.node.body, (node) => {
    if (found || node.kind !== 'call') return !found
    const scope = reading.program.scopeOf(node)
    const called = scope && reading.evaluator.value(node.callee, scope, value.frame)
    if (called?.kind === 'external' && PACKAGES.test(called.from)) found = true
    if (
      node.callee.kind === 'member' &&
      node.callee.property.kind === 'literal' &&
      /^getOpenAPI(?:31)?Document$/.test(String(node.callee.property.value))
    )
      found = true
    return !found
  })
  return found
}

/** `c.html(…)` with a page of Swagger in it, `c.json(document)`. */
const answersPage = (value: Value): boolean => {
  if (value.kind !== 'function') return false
  let found = false
  walk(value.node.body, (node) => {
    if (
      node.kind === 'literal' &&
      typeof node.value === 'string' &&
      /swagger-ui|redoc|scalar|rapidoc|stoplight|openapi/i.test(node.value)
    )
      found = true
    if (node.kind === 'name' && /openapi|swagger|apidoc|specs?$/i.test(node.name)) found = true
    return !found
  })
  return found
}

/** @hono/graphql-server with its page switched on. */
const graphiql = (reading: Reading, entries: readonly Entry[], guarding: Guarding): Docs[] =>
  entries.flatMap((entry) =>
    entry.handlers.flatMap((handler): Docs[] => {
      const { value } = handler
      if (value.kind !== 'external' || value.from !== '@hono/graphql-server' || value.call?.node.args[0] === undefined)
        return []
      const options = reading.evaluator.value(value.call.node.args[0], value.call.scope, value.frame)
      const page = options.kind === 'object' ? options.entries.get('graphiql') : undefined
      if (page === undefined || (page.kind === 'literal' && !page.value)) return []
      const guarded = !/^(?:none|exempt)$/.test(guarding.of(entry).guard)
      return [
        {
          at: placeOf(reading, nodeOf(entry).at),
          path: entry.path ?? '?',
          when: guarded
            ? 'guarded'
            : page.kind === 'literal'
              ? runs(reading, entry) === 'development'
                ? 'development'
                : 'always'
              : 'unknown',
        },
      ]
    }),
  )
