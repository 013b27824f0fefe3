/** drizzle-zod, drizzle-typebox, drizzle-valibot: schemas that are made of a table's columns. */
import type { Value } from '../../source/index.ts'
import { argOf, type Chain, chainOf, type External, type Step } from './chain.ts'
import { type Context, given } from './readers.ts'
import { type Shape, unread } from './shape.ts'

export const DRIZZLE = /^drizzle-(?:zod|typebox|valibot|orm\/(?:zod|typebox|valibot))(?:\/|$)/

const TABLE = /^(?:\w+Table|table)$/
const SMALL = /^(?:integer|int|smallint|tinyint|mediumint|serial|smallserial|year|real|float)$/
const LARGE = /^(?:bigint|bigserial|numeric|decimal|double|doublePrecision)$/

/** The object that the maker of the schema gives; what is chained after it is zod's own. */
export const tableShape = (context: Context, step: Step): Shape => {
  const table = argOf(context.reading, step, 0)
  const fields = new Map<string, Shape>()
  const columns = table?.kind === 'external' ? columnsOf(context, table) : undefined
  if (columns === undefined) return unread('the table of a schema could not be read', step.at)
  const overrides = argOf(context.reading, step, 1)
  for (const [key, column] of columns) {
    const override = overrides?.kind === 'object' ? overrides.entries.get(key) : undefined
    const own = columnShape(context, column)
    if (override === undefined) fields.set(key, own)
    else if (override.kind === 'function') {
      const made = given(context.reading, override, standIn(own))
      fields.set(key, made === undefined ? own : context.shape(made))
    } else fields.set(key, context.shape(override))
  }
  return { kind: 'object', closed: true, fields, at: step.at }
}

const columnsOf = (context: Context, table: External): ReadonlyMap<string, Value> | undefined => {
  const made = chainOf(context.reading, table).steps.find((one) => one.called && TABLE.test(one.name))
  if (made === undefined) return
  const columns = argOf(context.reading, made, 1)
  const object = columns?.kind === 'function' ? context.reading.evaluator.returned(columns) : columns
  if (object?.kind !== 'object') return
  const all = new Map<string, Value>()
  for (const rest of object.rest) {
    if (rest.kind !== 'object') return
    for (const [key, one] of rest.entries) all.set(key, one)
  }
  for (const [key, one] of object.entries) all.set(key, one)
  return all
}

const columnShape = (context: Context, column: Value): Shape => {
  const { at } = column
  if (column.kind !== 'external') return unread('a column could not be read', at)
  const chain: Chain = chainOf(context.reading, column)
  const type = chain.steps.find((one) => one.called)
  if (type === undefined) return unread('a column could not be read', at)
  const options = [0, 1].map((index) => argOf(context.reading, type, index)).find((one) => one?.kind === 'object')
  const option = (key: string): Value | undefined => (options?.kind === 'object' ? options.entries.get(key) : undefined)
  const mode = option('mode')
  if (mode?.kind === 'literal' && /^(?:boolean|timestamp|timestamp_ms|date)$/.test(String(mode.value)))
    return { kind: 'fixed', at }
  if (/^(?:varchar|char|text|tinytext|mediumtext|longtext|citext)$/.test(type.name)) {
    if (mode?.kind === 'literal' && mode.value === 'json') return { kind: 'any', at }
    const list = option('enum')
    const chars = /^(?:varchar|char)$/.test(type.name)
    if (list?.kind === 'list') return { kind: 'fixed', at }
    return {
      kind: 'string',
      bounded: option('length') !== undefined || (chars && chain.steps.some((one) => one.name === 'length')),
      at,
    }
  }
  if (type.name === 'uuid' || /^(?:inet|cidr|macaddr|time|interval)$/.test(type.name))
    return { kind: 'string', bounded: true, at }
  // drizzle-zod gives whole columns the bounds of the database's own type.
  if (SMALL.test(type.name)) return { kind: 'number', bounded: true, at }
  if (LARGE.test(type.name)) return { kind: 'number', bounded: true, at }
  if (/^(?:json|jsonb)$/.test(type.name)) return { kind: 'any', at }
  if (
    /^(?:boolean|date|timestamp|datetime|pgEnum|mysqlEnum)$/.test(type.name) ||
    /enum/i.test(type.name) ||
    chain.steps.some((one) => /Enum$/.test(one.name))
  )
    return { kind: 'fixed', at }
  return unread(`a column of type ${type.name}`, at)
}

/** What an override's callback is given: zod's schema of the column. */
const standIn = (shape: Shape): Value => {
  const name =
    shape.kind === 'string' || shape.kind === 'number' ? shape.kind : shape.kind === 'fixed' ? 'boolean' : 'any'
  const path = ['z', name, '()', ...('bounded' in shape && shape.bounded ? ['max', '()'] : [])]
  return { kind: 'external', from: 'zod', path, at: shape.at }
}
