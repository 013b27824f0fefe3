/** What a Flask handler takes: path values by their converters, the rest as the handler reads it. */
import { type Call, lastName, type Node, type Scope, walk } from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import type { Types } from '../fastapi/bounds.ts'
import { ancestorsOf, type FunctionValue } from '../fastapi/definitions.ts'
import { isModel } from '../fastapi/models.ts'
import { placeOf, type Reading } from '../reading.ts'
import { judge } from '../schemas/judge.ts'
import type { Shape } from '../schemas/shape.ts'
import { marshmallowShape } from './marshmallow.ts'
import { rawReadsIn } from './settings.ts'

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
  const reads = new Map<'body' | 'query', Node>()
  rawReadsIn(handler.node.body, (from, node) => {
    if (!reads.has(from)) reads.set(from, node)
  })
  walk(handler.node.body, (node) => {
    if (node.kind !== 'call') return
    const name = lastName(node.callee) ?? ''
    const target =
      node.callee.kind === 'member' && /^(?:model_validate|parse_obj|model_validate_json|parse_raw)$/.test(name)
        ? node.callee.object
        : node.args.some((one) => one.kind === 'spread')
          ? node.callee
          : undefined
    const scope = reading.program.scopeOf(node) ?? handler.scope
    const loaded =
      node.callee.kind === 'member' && LOADS.test(name)
        ? marshmallowShape(reading, node.callee.object, scope, { node, scope })
        : undefined
    if (loaded !== undefined)
      models.push(shaped(reads.has('body') && !readsQuery(node) ? 'body' : 'query', loaded, placeOf(reading, node.at)))
    const value = target && reading.evaluator.value(target, scope)
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
  })
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

const LOADS = /^(?:loads?|validate)$/

/** `schema.load(request.args)` */
const readsQuery = ({ args }: Call): boolean =>
  args.some((one) => {
    const name = lastName(one.kind === 'call' && one.callee.kind === 'member' ? one.callee.object : one)
    return name === 'args'
  })

/** `@blp.arguments(NoteSchema, location='query')`, `@use_args({ … })`: it is checked before the handler runs. */
const askedBefore = (
  reading: Reading,
  node: Call,
  scope: Scope,
): { readonly from: Input['from']; readonly shape: Shape } | undefined => {
  const [given] = node.args
  if (given === undefined || !/^(?:arguments|use_args|use_kwargs)$/.test(lastName(node.callee) ?? '')) return
  const shape = marshmallowShape(reading, given, scope)
  const location = node.named.get('location')
  const place = location?.kind === 'literal' ? String(location.value) : 'json'
  if (shape === undefined || /^(?:headers|cookies|files)$/.test(place)) return
  return {
    from: /^(?:query|querystring)$/.test(place) ? 'query' : /path|view_args/.test(place) ? 'path' : 'body',
    shape,
  }
}

const fits = (converter: string, options: string): boolean => {
  if (/^(?:uuid|any|bool|date)$/.test(converter)) return true
  if (converter === 'int' || converter === 'float') return true
  return /length|max/.test(options)
}
