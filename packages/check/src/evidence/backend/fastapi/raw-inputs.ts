/** What a FastAPI handler reads of the request by hand; what a model of pydantic then reads is checked as that model. */
import { type Call, lastName, type Node, type Scope, walk, walkBody } from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import { ancestorsOf, type FunctionValue, isModel, lastOf } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Types } from './bounds.ts'
import type { Findings } from './standard-types.ts'

interface Read {
  readonly from: Input['from']
  readonly node: Node
  readonly what: string
}

interface Checked {
  readonly at: Place
  readonly findings: Findings
  /** The reads that it is given. */
  readonly reads: ReadonlySet<Read>
}

export const rawOf = (reading: Reading, types: Types, { node, scope }: FunctionValue): readonly Input[] => {
  const reads = readsIn(node.body)
  if (reads.length === 0) return []
  const carried = carriedIn(node.body, reads)
  const checked: Checked[] = []
  walk(node.body, (one) => {
    if (one.kind !== 'call') return
    const given = carried([...one.args, ...one.named.values()])
    const at = placeOf(reading, one.at)
    const findings = given.size > 0 ? schemaOf(reading, types, one, scope, at) : undefined
    if (findings !== undefined) checked.push({ at, findings, reads: given })
  })
  const by = (from: Input['from']): readonly Checked[] =>
    checked.filter((one) => [...one.reads].some((each) => each.from === from))
  const models = (['body', 'query', 'path'] as const).flatMap((from) =>
    by(from).map(({ at, findings: { problems, unread } }): Input => {
      return { from, at, problems, ...(unread === undefined ? {} : { unread }) }
    }),
  )
  // A body may be read again, for its signature; each key of a query is a value of its own.
  const open = reads.filter((one) =>
    one.from === 'body' ? by('body').length === 0 : !checked.some((each) => each.reads.has(one)),
  )
  return [
    ...models,
    ...open.map(({ from, node: read, what }): Input => {
      const at = placeOf(reading, read.at)
      return { from, at, problems: [{ what, at }] }
    }),
  ]
}

const readsIn = (body: readonly Node[]): readonly Read[] => {
  const reads: Read[] = []
  rawReads(body, (method, node) => {
    if (method === 'query_params') reads.push({ from: 'query', node, what: 'the query is read as it is' })
    else if (method === 'path_params') reads.push({ from: 'path', node, what: 'the path is read as it is' })
    else reads.push({ from: 'body', node, what: `the body is read as it is: ${method}()` })
  })
  return reads
}

/** Which reads some expressions hold, also by the names that they were put under. */
const carriedIn = (body: readonly Node[], reads: readonly Read[]): ((nodes: readonly Node[]) => Set<Read>) => {
  const names = new Map<string, Set<Read>>()
  // In pieces it is put together in a loop.
  const pieces = reads.filter(({ node }) => node.kind === 'call' && lastName(node.callee) === 'stream')
  const of = (nodes: readonly Node[]): Set<Read> => {
    const found = new Set<Read>(pieces)
    walk(nodes, (node) => {
      for (const one of reads) if (one.node === node) found.add(one)
      if (node.kind === 'name') for (const one of names.get(node.name) ?? []) found.add(one)
    })
    return found
  }
  for (let before = -1; before !== names.size; ) {
    before = names.size
    walkBody(body, (node) => {
      if (node.kind !== 'assign' || node.value === undefined || node.target.kind !== 'name') return
      const held = of([node.value])
      if (held.size > 0) names.set(node.target.name, new Set([...held, ...(names.get(node.target.name) ?? [])]))
    })
  }
  return of
}

const VALIDATES = /^(?:model_validate|parse_obj|model_validate_json|model_validate_strings|parse_raw)$/
const ADAPTER_VALIDATES = /^validate_(?:python|json|strings)$/

/** `Note.model_validate(data)`, `Note(**data)`, `Note(title=form['title'])`, `TypeAdapter(list[Note]).validate_json(raw)`. */
const schemaOf = (reading: Reading, types: Types, node: Call, around: Scope, at: Place): Findings | undefined => {
  const scope = reading.program.scopeOf(node) ?? around
  const name = lastName(node.callee) ?? ''
  const object = node.callee.kind === 'member' ? node.callee.object : undefined
  if (object !== undefined && ADAPTER_VALIDATES.test(name)) {
    const adapter = reading.evaluator.value(object, scope)
    if (adapter.kind !== 'external' || lastOf(adapter) !== 'TypeAdapter' || adapter.call === undefined) return
    const [type] = adapter.call.node.args
    return type && types.check(type, adapter.call.scope, new Set(), 'body', at)
  }
  if (name === 'parse_obj_as' && node.args[0]) return types.check(node.args[0], scope, new Set(), 'body', at)
  const made = object !== undefined && VALIDATES.test(name) ? object : node.callee
  const value = reading.evaluator.value(made, scope)
  return value.kind === 'class' && isModel(ancestorsOf(reading, value), value.node.decorators)
    ? types.model(value, value.node.name ?? '', at)
    : undefined
}

/** Whether a body reads the request as it is: `await request.json()`. */
const rawReads = (body: readonly Node[], visit: (method: string, node: Node) => void): void => {
  walkBody(body, (node) => {
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      /^(?:json|body|form|stream)$/.test(lastName(node.callee) ?? '') &&
      /^(?:request|req)$/.test(lastName(node.callee.object) ?? '')
    )
      visit(lastName(node.callee) ?? '', node)
    if (
      node.kind === 'member' &&
      /^(?:query_params|path_params)$/.test(lastName(node) ?? '') &&
      /^(?:request|req)$/.test(lastName(node.object) ?? '')
    )
      visit(lastName(node) ?? '', node)
  })
}
