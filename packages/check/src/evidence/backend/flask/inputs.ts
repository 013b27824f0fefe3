/** What a Flask handler takes: path values by their converters, the rest as the handler reads it. */
import {
  type Call,
  type Frame,
  type FunctionNode,
  type Located,
  lastName,
  type Node,
  type Scope,
  walk,
} from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import type { Types } from '../fastapi/bounds.ts'
import { ancestorsOf, type FunctionValue, givenFor, isModel } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { judge, type Shape } from '../schemas/index.ts'
import { givenModels } from './given-models.ts'
import { isHeeded } from './heeded-errors.ts'
import { marshmallowShape } from './marshmallow.ts'
import { rawReadsIn } from './settings.ts'
import { formsOf } from './wtforms.ts'

/** What checks a body by a schema of its own: marshmallow's load, jsonschema's validate, WTForms. */
const CHECKS = /^(?:load|validate|validate_on_submit|validate_json|loads|from_json|is_valid)$/

/** `json.loads(request.data)` reads and checks nothing. */
const isParser = (node: Node): boolean =>
  /^(?:u?json|orjson|simplejson|rapidjson|yaml|pickle|msgpack|toml)$/.test(lastName(node) ?? '')

export const inputsOf = (
  reading: Reading,
  types: Types,
  path: string,
  handler: FunctionValue | undefined,
): readonly Input[] => {
  if (handler === undefined) return []
  const at = placeOf(reading, handler.node.at)
  const inputs: Input[] = [...path.matchAll(/<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>/g)].map(
    ([, converter = 'string', options = '', name = '']) => ({
      from: 'path',
      at,
      problems: fits(converter, options) ? [] : [{ what: `${name}: a string without a greatest length`, at }],
    }),
  )
  const models: Input[] = []
  let checked = false
  const shaped = (from: Input['from'], shape: Shape, place: Place): Input => {
    return { from, at: place, ...judge(reading, shape, from) }
  }
  for (const one of handler.node.decorators) {
    const found = one.kind === 'call' ? askedBefore(reading, one, handler.scope) : undefined
    if (found !== undefined) inputs.push(shaped(found.from, found.shape, placeOf(reading, one.at)))
  }
  const expected = expectedOf(reading, handler)
  if (expected !== undefined) inputs.push(expected)
  inputs.push(...formsOf(reading, handler), ...givenModels(reading, types, handler))
  const reads = new Map<'body' | 'query', Node>()
  const helpers = helpersOf(reading, handler)
  for (const { node, given } of [{ node: handler.node, given: undefined }, ...helpers])
    rawReadsIn(node.body, (from, one) => {
      if (!reads.has(from)) reads.set(from, given?.node ?? one)
    })
  const look = (node: Node, around: Scope, fn: FunctionNode, given?: Frame): void => {
    if (node.kind !== 'call') return
    const name = lastName(node.callee) ?? ''
    const target =
      node.callee.kind === 'member' && /^(?:model_validate|parse_obj|model_validate_json|parse_raw)$/.test(name)
        ? node.callee.object
        : node.args.some((one) => one.kind === 'spread')
          ? node.callee
          : undefined
    const scope = reading.program.scopeOf(node) ?? around
    const loader = node.callee.kind === 'member' && LOADS.test(name) ? node.callee.object : undefined
    const handed =
      loader?.kind === 'name' && given?.call !== undefined
        ? givenFor(given.function, given.call, loader.name)
        : undefined
    const loaded = loader && marshmallowShape(reading, handed?.node ?? loader, handed?.scope ?? scope, { node, scope })
    if (loaded !== undefined && name === 'validate' && !isHeeded(reading, node, fn)) return
    if (loaded !== undefined)
      models.push(shaped(reads.has('body') && !readsQuery(node) ? 'body' : 'query', loaded, placeOf(reading, node.at)))
    const value = target && reading.evaluator.value(target, scope, given)
    if (
      value?.kind === 'class' &&
      isModel(ancestorsOf(reading, value), value.node.decorators) &&
      !ancestorsOf(reading, value).includes('Model')
    )
      models.push({
        from: 'body',
        at: placeOf(reading, node.at),
        problems: types.model(value, value.node.name ?? '', at).problems,
      })
    else if (node.callee.kind === 'member' && CHECKS.test(name) && !isParser(node.callee.object)) checked = true
  }
  walk(handler.node.body, (node) => look(node, handler.scope, handler.node))
  for (const { node, scope, frame } of helpers) walk(node.body, (one) => look(one, scope, node, frame))
  for (const [from, node] of reads) {
    const place = placeOf(reading, node.at)
    const read = models.filter((one) => one.from === from)
    if (read.length > 0) inputs.push(...read)
    else if (from === 'body' && checked)
      inputs.push({ from, at: place, problems: [], unread: 'a schema that was not read' })
    else inputs.push({ from, at: place, problems: [{ what: `the ${from} is read as it is`, at: place }] })
  }
  return inputs
}

interface Helper {
  readonly node: FunctionNode
  readonly scope: Scope
  /** The call of it, and what it is given. */
  readonly given: Located<Call>
  readonly frame: Frame
}

/** Functions of the project that the handler asks, and that read the request for it: `data = parsed(NoteSchema())`. */
const helpersOf = (reading: Reading, handler: FunctionValue): readonly Helper[] => {
  const found = new Map<FunctionNode, Helper>()
  walk(handler.node.body, (one) => {
    if (one.kind !== 'call') return
    const given = { node: one, scope: reading.program.scopeOf(one) ?? handler.scope }
    const callee = reading.evaluator.value(one.callee, given.scope)
    if (callee.kind !== 'function' || callee.node === handler.node || found.has(callee.node)) return
    let reads = false
    rawReadsIn(callee.node.body, () => {
      reads = true
    })
    const { node, scope } = callee
    if (reads) found.set(node, { node, scope, given, frame: reading.evaluator.frame(callee, given) })
  })
  return [...found.values()]
}

const LOADS = /^(?:loads?|validate)$/

/** `schema.load(request.args)` */
const readsQuery = ({ args }: Call): boolean =>
  args.some((one) => {
    const name = lastName(one.kind === 'call' && one.callee.kind === 'member' ? one.callee.object : one)
    return name === 'args'
  })

/** `@blp.arguments(NoteSchema, location='query')`, `@use_args({ … })`, `@app.input(NoteSchema)`: it is checked before the handler runs. */
const askedBefore = (
  reading: Reading,
  node: Call,
  scope: Scope,
): { readonly from: Input['from']; readonly shape: Shape } | undefined => {
  const [given] = node.args
  if (given === undefined || !/^(?:arguments|use_args|use_kwargs|input)$/.test(lastName(node.callee) ?? '')) return
  const shape = marshmallowShape(reading, given, scope)
  const location = node.named.get('location')
  const place = location?.kind === 'literal' ? String(location.value) : 'json'
  if (shape === undefined || /^(?:headers|cookies|files)$/.test(place)) return
  return {
    from: /^(?:query|querystring)$/.test(place) ? 'query' : /path|view_args/.test(place) ? 'path' : 'body',
    shape,
  }
}

/** flask-restx: what `@ns.expect(model)` documents is checked where it is told to be, and `parse_args()` takes what it names. */
const expectedOf = (reading: Reading, { node: { decorators, body } }: FunctionValue): Input | undefined => {
  let parsed: Node | undefined
  let payload: Node | undefined
  walk(body, (one) => {
    if (one.kind === 'call' && lastName(one.callee) === 'parse_args') parsed ??= one
    if (
      one.kind === 'member' &&
      lastName(one) === 'payload' &&
      /^(?:api|ns|\w+_ns|namespace)$/.test(lastName(one.object) ?? '')
    )
      payload ??= one
  })
  const at = placeOf(
    reading,
    (parsed ?? payload ?? body[0] ?? decorators[0])?.at ?? { file: '', line: 1, start: 0, end: 0 },
  )
  if (parsed !== undefined) return { from: 'body', at, problems: [], unread: 'what reqparse takes' }
  if (payload === undefined) return
  const isOn = (call: Call) => {
    const given = call.named.get('validate')
    return given === undefined ? validatesAll(reading) : given.kind !== 'literal' || given.value === true
  }
  const expect = decorators.find((one): one is Call => one.kind === 'call' && lastName(one.callee) === 'expect')
  return expect !== undefined && isOn(expect)
    ? { from: 'body', at, problems: [], unread: 'a model of flask-restx' }
    : { from: 'body', at, problems: [{ what: 'the body is read as it is', at }] }
}

const validatesAll = (reading: Reading): boolean =>
  [...reading.program.modules.values()].some(({ text }) => text.includes('RESTX_VALIDATE')) ||
  reading.program.callsNamed('Api').some(({ node }) => node.named.has('validate'))

const fits = (converter: string, options: string): boolean => {
  if (/^(?:uuid|any|bool|date)$/.test(converter)) return true
  if (converter === 'int' || converter === 'float') return true
  return /length|max/.test(options)
}
