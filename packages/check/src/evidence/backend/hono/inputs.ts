/** What each route takes in, and what checks it. */
import { type At, type Node, possibilities } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import {
  boundKeys,
  type Coverage,
  coverage,
  partsIn,
  rawInput,
  rawInputs,
  storedAsItCame,
  storedProblem,
  type Validated,
  validatedBy,
  validatedInline,
  validatedProblems,
} from '../schemas/index.ts'
import { leavesOf } from './middleware.ts'
import type { Definition, Entry } from './model.ts'
import { parametersOf } from './paths.ts'

type From = Input['from']

/** `before` is what runs before the route: a middleware may validate too. */
export const inputsOf = (reading: Reading, entry: Entry, before: readonly Entry[]): readonly Input[] => {
  const handlers = [...before.flatMap((one) => one.handlers), ...entry.handlers]
  const middleware = (entry.kind === 'route' ? handlers.slice(0, -1) : handlers).flatMap((handler) =>
    leavesOf(reading, handler).flatMap(
      (leaf): readonly Validated[] => validatedBy(reading, leaf.value, leaf.node, handler.scope) ?? [],
    ),
  )
  const last = entry.handlers.at(-1)
  const functions =
    last === undefined ? [] : possibilities(last.value).flatMap((one) => (one.kind === 'function' ? [one] : []))
  const inline = functions.flatMap((one): readonly Validated[] =>
    validatedInline(reading, one.node, one.scope, one.frame),
  )
  const checks = [...(entry.definition ? requestOf(reading, entry.definition) : []), ...middleware, ...inline]
  const looked = coverage()
  const checked = checks.flatMap((one) => inputsIn(reading, one, entry, looked))
  const known = boundKeys(entry.path ?? '', '{')
  const raw = functions.flatMap((one) => rawInputs(reading, one.node, one.scope, undefined, known))
  const unchecked = raw.flatMap((one) =>
    looked.holds(one) ? [] : [rawInput(one, looked.has(one.from) ? looked.without(one) : one.keys)],
  )
  // `c.req.json()` gives what came in, whatever a middleware made of it.
  const stored = functions.flatMap((one) =>
    storedAsItCame(reading, checks, one.node, one.scope, one.frame).map(
      (at): Input => ({ from: 'body', at, problems: [storedProblem(at)] }),
    ),
  )
  if (checks.length === 0 && functions.length === 0 && last !== undefined && last.value.kind === 'unknown')
    return unreadOf(reading, entry, last.node)
  return [...checked, ...unchecked, ...stored]
}

const inputsIn = (reading: Reading, check: Validated, entry: Entry, looked: Coverage): Input[] => {
  for (const one of partsIn(check.from)) looked.add(one, check.keys, validatedProblems(reading, check, one).named)
  const froms: readonly From[] = check.from === 'all' ? ['body'] : [check.from]
  return froms.flatMap((from) => {
    const { problems, unread } = validatedProblems(reading, check, from)
    // A schema of path values for a route without any is never asked.
    if (from === 'path' && entry.path !== undefined && parametersOf(entry.path).length === 0) return []
    return [
      {
        from,
        at: placeOf(reading, placeIn(reading, check)),
        problems,
        ...(unread === undefined ? {} : { unread }),
      },
    ]
  })
}

/** Where the schema is written, not where it is named. */
const placeIn = (reading: Reading, { schema, scope, frame }: Validated): At => {
  const value = reading.evaluator.value(schema, scope, frame)
  const written = value.kind === 'external' || value.kind === 'object' || value.kind === 'function'
  return written && reading.program.modules.has(value.at.file) && value.at.line > 1 ? value.at : schema.at
}

const member = (object: Node, name: string): Node => ({
  kind: 'member',
  object,
  property: { kind: 'literal', value: name, at: object.at },
  at: object.at,
})

/** createRoute's `request`: `{ params, query, body: { content: { 'application/json': { schema } } } }`. */
const requestOf = (reading: Reading, { node, scope, frame }: Definition): readonly Validated[] => {
  const request = member(node, 'request')
  const value = reading.evaluator.value(request, scope, frame)
  if (value.kind !== 'object') return []
  const checks: Validated[] = []
  for (const [name, from] of [
    ['params', 'path'],
    ['query', 'query'],
  ] as const)
    if (value.entries.has(name))
      checks.push({ from, schema: entryIn(node, 'request', name) ?? member(request, name), scope, frame })
  const body = value.entries.get('body')
  if (body === undefined) return checks
  const content = body.kind === 'object' ? body.entries.get('content') : undefined
  if (content?.kind !== 'object') return [...checks, { from: 'body', schema: member(request, 'body'), scope, frame }]
  for (const type of content.entries.keys())
    checks.push({
      from: 'body',
      schema:
        entryIn(node, 'request', 'body', 'content', type, 'schema') ??
        member(member(member(member(request, 'body'), 'content'), type), 'schema'),
      scope,
      frame,
    })
  return checks
}

/** The node itself where the object is written out: its place says more. */
const entryIn = (node: Node, ...path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>(
    (one, key) =>
      one?.kind === 'object'
        ? one.entries.find((entry) => entry.key.kind === 'literal' && String(entry.key.value) === key)?.value
        : undefined,
    node,
  )

const unreadOf = (reading: Reading, entry: Entry, handler: Node): Input[] => {
  const at = placeOf(reading, handler.at)
  const why = 'its handler could not be read'
  const takesBody = /^(?:POST|PUT|PATCH)$/.test(entry.method)
  return [
    ...(takesBody ? [{ from: 'body' as const, at, problems: [], unread: why }] : []),
    ...(parametersOf(entry.path ?? '').length > 0 ? [{ from: 'path' as const, at, problems: [], unread: why }] : []),
  ]
}
