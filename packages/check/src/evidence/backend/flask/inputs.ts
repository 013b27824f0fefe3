/** What a Flask handler takes: path values by their converters, the rest as the handler reads it. */
import { lastName, type Node, walk } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { isModel, type Types } from '../fastapi/bounds.ts'
import { ancestorsOf, type FunctionValue } from '../fastapi/definitions.ts'
import { placeOf, type Reading } from '../reading.ts'
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
  walk(handler.node.body, (node) => {
    if (node.kind !== 'call') return
    const name = lastName(node.callee) ?? ''
    const target =
      node.callee.kind === 'member' && /^(?:model_validate|parse_obj|model_validate_json|parse_raw)$/.test(name)
        ? node.callee.object
        : node.args.some((one) => one.kind === 'spread')
          ? node.callee
          : undefined
    const value = target && reading.evaluator.value(target, reading.program.scopeOf(node) ?? handler.scope)
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
  const seen = new Set<string>()
  rawReadsIn(handler.node.body, (from, node) => {
    if (seen.has(from)) return
    seen.add(from)
    const place = placeOf(reading, node.at)
    if (from === 'body' && models.length > 0) inputs.push(...models)
    else if (from === 'body' && checked)
      inputs.push({ from, at: place, problems: [], unread: 'a schema that was not read' })
    else inputs.push({ from, at: place, problems: [{ what: `the ${from} is read as it is`, at: place }] })
  })
  return inputs
}

const fits = (converter: string, options: string): boolean => {
  if (/^(?:uuid|any|bool|date)$/.test(converter)) return true
  if (converter === 'int' || converter === 'float') return true
  return /length|max/.test(options)
}
