/** JSON Schema as Fastify, Ajv and OpenAPI read it: an object drops or refuses unknown keys only where it says so. */
import { type Located, type Program, possibilities, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isFalse, textOf } from './chain.ts'
import { isBoundingPattern } from './patterns.ts'
import { type Context, unionOf } from './readers.ts'
import { both, bounded, objects, type Shape, unread } from './shape.ts'

type ObjectValue = Extract<Value, { kind: 'object' }>

const KEYWORDS = [
  'type',
  'properties',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'enum',
  'const',
  'items',
  'not',
  'format',
  'pattern',
  'additionalProperties',
  'patternProperties',
  '$id',
]

/** An object that is a JSON Schema by its own keywords; a field that is named `type` holds a schema, not a text. */
export const isJsonSchema = (value: ObjectValue): boolean =>
  KEYWORDS.some((key) => {
    const entry = value.entries.get(key)
    if (entry === undefined) return false
    if (key === 'type' || key === '$ref' || key === 'format' || key === 'pattern' || key === '$id')
      return entry.kind === 'literal' || entry.kind === 'list' || entry.kind === 'text'
    if (key === 'properties') return entry.kind === 'object' || entry.kind === 'unknown'
    return entry.kind === 'list' || entry.kind === 'literal' || entry.kind === 'object'
  })

const IS_BOUND: Readonly<Record<string, readonly string[]>> = {
  string: ['maxLength', 'enum', 'const', 'format', 'pattern'],
  number: ['maximum', 'exclusiveMaximum', 'enum', 'const'],
  array: ['maxItems', 'enum', 'const'],
}

/** The keywords around what a library's own function made: `Type.String({ maxLength: 5 })`. */
export const keywords = (shape: Shape, options: Value | undefined): Shape => {
  if (options?.kind !== 'object') return shape
  const has = (key: string): boolean =>
    options.entries.has(key) && (key !== 'pattern' || isBoundingPattern(options.entries.get(key)))
  if (shape.kind === 'object' || shape.kind === 'union') {
    const closes =
      isFalse(options.entries.get('additionalProperties')) || isFalse(options.entries.get('unevaluatedProperties'))
    return closes ? objects(shape, (one) => ({ ...one, closed: true })) : shape
  }
  return (IS_BOUND[shape.kind] ?? []).some(has) ? bounded(shape) : shape
}

export const jsonShape = (context: Context, value: ObjectValue, root: ObjectValue = value): Shape => {
  const { at } = value
  const entry = (key: string): Value | undefined => value.entries.get(key)
  const child = (one: Value): Shape => {
    if (one.kind === 'object' && (isJsonSchema(one) || one.entries.size === 0)) return jsonShape(context, one, root)
    return one.kind === 'literal'
      ? one.value === false
        ? { kind: 'fixed', at: one.at }
        : { kind: 'any', at: one.at }
      : context.shape(one)
  }
  const children = (key: string): readonly Shape[] => {
    const list = entry(key)
    return list?.kind === 'list' ? list.items.map(child) : []
  }
  const ref = entry('$ref')
  if (ref !== undefined) return referred(context, ref, root)
  const fixed = entry('enum') ?? entry('const')
  if (fixed !== undefined) return { kind: 'fixed', at }

  const type = entry('type')
  const names =
    type?.kind === 'list'
      ? type.items.flatMap((one) => textOf(one) ?? [])
      : [textOf(type) ?? ''].filter((one) => one !== '')
  const implied = names.length > 0 ? names : impliedBy(value)
  const shapes = implied.filter((one) => one !== 'null').map((name) => typed(context, value, name, child))
  let shape: Shape =
    shapes.length === 0 ? (names.length > 0 ? { kind: 'fixed', at } : { kind: 'any', at }) : unionOf(shapes, at)
  for (const one of children('allOf'))
    shape =
      shape.kind === 'object' && one.kind === 'object'
        ? ({ ...both(shape, one), closed: shape.closed || one.closed } as Shape)
        : both(shape, one)
  for (const key of ['anyOf', 'oneOf']) {
    const options = children(key)
    if (options.length > 0) shape = shape.kind === 'any' ? unionOf(options, at) : both(shape, unionOf(options, at))
  }
  return isFalse(entry('unevaluatedProperties')) ? objects(shape, (one) => ({ ...one, closed: true })) : shape
}

const impliedBy = (value: ObjectValue): readonly string[] => {
  if (value.entries.has('properties') || value.entries.has('additionalProperties')) return ['object']
  if (value.entries.has('items')) return ['array']
  return value.entries.has('pattern') || value.entries.has('format') || value.entries.has('maxLength') ? ['string'] : []
}

const typed = (context: Context, value: ObjectValue, name: string, child: (one: Value) => Shape): Shape => {
  const { at } = value
  const entry = (key: string): Value | undefined => value.entries.get(key)
  switch (name) {
    case 'string':
    case 'number':
      return keywords({ kind: name, bounded: false, at }, value)
    case 'integer':
      return keywords({ kind: 'number', bounded: false, at }, value)
    case 'array': {
      const items = entry('items') ?? entry('prefixItems')
      const of = items === undefined ? [] : items.kind === 'list' ? items.items.map(child) : [child(items)]
      return keywords({ kind: 'array', bounded: items?.kind === 'list', items: of, at }, value)
    }
    case 'object': {
      const properties = entry('properties')
      const fields = new Map<string, Shape>()
      for (const one of properties === undefined ? [] : possibilities(properties)) {
        if (one.kind === 'object') {
          for (const rest of one.rest) fields.set('...', spreadOf(context, rest))
          for (const [key, field] of one.entries) fields.set(key, child(field))
        } else fields.set('...', spreadOf(context, one))
      }
      const patterns = entry('patternProperties')
      if (patterns?.kind === 'object') for (const [key, field] of patterns.entries) fields.set(key, child(field))
      const others = entry('additionalProperties')
      if (others?.kind === 'object') fields.set('*', child(others))
      // What is spread into the schema may close it: nobody can say.
      const closed = isFalse(others) || isFalse(entry('unevaluatedProperties'))
      const rest = value.rest.find((one) => one.kind === 'unknown')
      if (!closed && rest !== undefined) return unread('a part of the JSON Schema could not be read', rest.at)
      return { kind: 'object', closed, fields, at }
    }
    default:
      return { kind: 'fixed', at }
  }
}

const spreadOf = (context: Context, value: Value): Shape => {
  const shape = context.shape(value)
  return shape.kind === 'object' ? shape : unread('properties that are spread into it could not be read', value.at)
}

const referred = (context: Context, ref: Value, root: ObjectValue): Shape => {
  const text = textOf(ref)
  if (text === undefined) return unread('a $ref that is made at run time', ref.at)
  const [id = '', pointer = ''] = text.split('#')
  const start = id === '' ? root : context.shared(id)
  if (start === undefined) return unread(`$ref ${text}`, ref.at)
  const path = pointer.split('/').filter((one) => one !== '')
  let value: Value = start
  for (const key of path) value = context.reading.evaluator.member(value, key, ref.at)
  if (value.kind === 'unknown') return unread(`$ref ${text}`, ref.at)
  return value.kind === 'object'
    ? jsonShape(context, value, start.kind === 'object' ? start : value)
    : context.shape(value)
}

const remembered = new WeakMap<Program, Map<string, Located>>()

/** Schemas by their `$id`, anywhere in the program: `addSchema({ $id: 'user', … })`. */
export const sharedSchema = (reading: Reading, id: string): Value | undefined => {
  const { program, evaluator } = reading
  let known = remembered.get(program)
  if (known === undefined) {
    known = new Map()
    for (const module of program.modules.values()) {
      if (module.language !== 'javascript' || !/\$id|\.id\(/.test(module.text)) continue
      const { around } = program.scopes(module)
      walk(module.body, (node) => {
        const scope = around.get(node)
        if (scope === undefined) return
        const add = (value: Value, one: Located) => {
          const text = textOf(value)
          if (text !== undefined && !known?.has(text)) known?.set(text, one)
        }
        const named = (one: typeof node) =>
          one.kind === 'object'
            ? one.entries.find(({ key }) => key.kind === 'literal' && key.value === '$id')
            : undefined
        if (node.kind === 'call') {
          // Type.Object({…}, { $id: 'x' }), and S.object().id('x') with what follows it.
          for (const arg of node.args) {
            const entry = named(arg)
            if (entry !== undefined && node.args.length > 1) add(evaluator.value(entry.value, scope), { node, scope })
          }
          const callee = node.callee
          if (
            callee.kind === 'member' &&
            callee.property.kind === 'literal' &&
            callee.property.value === 'id' &&
            node.args[0]
          )
            add(evaluator.value(node.args[0], scope), { node, scope })
        }
        const entry = named(node)
        if (entry !== undefined) add(evaluator.value(entry.value, scope), { node, scope })
      })
    }
    remembered.set(program, known)
  }
  const found = known.get(id)
  return found && evaluator.value(found.node, found.scope)
}
