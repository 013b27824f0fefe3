/** What marshmallow's schemas let through: `NoteSchema().load(data)`, `@blp.arguments(NoteSchema)`, `@use_args({ … })`. */

import { type Call, type Located, lastName, type Node, type Scope, type Value } from '../../source/index.ts'
import { ancestorsOf, argumentOf, type ClassValue, isNothing, lastOf, limitsValue } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import { boundsText, type Shape, unread } from '../schemas/index.ts'

const DEEPEST = 8

/** The shape of a schema: a class, an instance of it, or a dict of fields. Undefined for what is none. */
export const marshmallowShape = (
  reading: Reading,
  node: Node,
  scope: Scope,
  load?: Located<Call>,
): Shape | undefined => {
  const value = reading.evaluator.value(node, scope)
  if (value.kind === 'object' && value.node !== undefined) return dictOf(reading, value.node)
  if (value.kind !== 'class' && value.kind !== 'instance') return
  const type = value.kind === 'class' ? value : value.class
  if (!isSchema(reading, type)) return
  const made = value.kind === 'instance' ? value.call : undefined
  const shape = schemaOf(reading, type, 0)
  const given = [load, made].map((one) => one && argumentOf(reading, one, 'unknown')).find((one) => one !== undefined)
  const closed = given === undefined ? undefined : isClosed(given.node, given.values)
  const whole: Shape = closed === undefined || shape.kind !== 'object' ? shape : { ...shape, closed }
  const many = [load, made].some((one) => one !== undefined && isTrue(argumentOf(reading, one, 'many')?.values))
  return many ? { kind: 'array', bounded: false, items: [whole], at: node.at } : whole
}

const isSchema = (reading: Reading, type: ClassValue): boolean =>
  ancestorsOf(reading, type).some((one) => /^(?:Schema|SQLAlchemySchema|SQLAlchemyAutoSchema|ModelSchema)$/.test(one))

/** What it does with a key that no field has: marshmallow 3 refuses it, unless it is told to include it. */
const isClosed = (node: Node | undefined, values: readonly Value[]): boolean =>
  (node === undefined ? '' : lastName(node)) !== 'INCLUDE' &&
  !values.some((one) => lastOf(one) === 'INCLUDE' || (one.kind === 'literal' && one.value === 'include'))

const isTrue = (values: readonly Value[] | undefined): boolean =>
  values?.some((one) => one.kind === 'literal' && one.value === true) === true

const schemaOf = (reading: Reading, type: ClassValue, depth: number): Shape => {
  const fields = new Map<string, Shape>()
  let closed = true
  let generated = ancestorsOf(reading, type).includes('SQLAlchemyAutoSchema')
  for (const one of lineOf(reading, type))
    for (const member of one.node.members) {
      if (member.kind === 'class' && member.name === 'Meta')
        for (const option of member.members) {
          if (option.kind !== 'assign' || option.value === undefined) continue
          const name = lastName(option.target)
          if (name === 'unknown') closed = isClosed(option.value, [reading.evaluator.value(option.value, one.scope)])
          if (name === 'model') generated = true
        }
      if (member.kind !== 'assign' || member.value === undefined) continue
      const name = lastName(member.target) ?? ''
      const field = fieldOf(reading, { node: member.value, scope: one.scope }, depth)
      if (field !== undefined)
        fields.set(name, isCheckedBeside(reading, one, name) ? { kind: 'fixed', at: field.at } : field)
    }
  if (generated && fields.size === 0) return unread('a schema that is made of a model', type.at)
  return { kind: 'object', closed, fields, at: type.at }
}

/** The class and what it extends, the last of them first: what is written nearer counts. */
const lineOf = (reading: Reading, type: ClassValue, depth = 0): readonly ClassValue[] => [
  ...(depth > DEEPEST
    ? []
    : type.node.bases.flatMap((base) => {
        const above = reading.evaluator.value(base, type.scope)
        return above.kind === 'class' && above.node !== type.node ? lineOf(reading, above, depth + 1) : []
      })),
  type,
]

/** `@validates('title')` above a method that looks at a length, a list or a pattern. */
const isCheckedBeside = (reading: Reading, type: ClassValue, field: string): boolean =>
  type.node.members.some((member) => {
    if (member.kind !== 'function') return false
    const named = member.decorators.some(
      (one) =>
        one.kind === 'call' &&
        lastName(one.callee) === 'validates' &&
        one.args.some((arg) => arg.kind === 'literal' && arg.value === field),
    )
    return named && limitsValue(reading, member.body)
  })

const dictOf = (reading: Reading, { node, scope }: Located): Shape | undefined => {
  if (node.kind !== 'object') return
  const fields = new Map<string, Shape>()
  for (const { key, value } of node.entries) {
    const field = fieldOf(reading, { node: value, scope }, 0)
    if (key.kind !== 'literal' || field === undefined) return
    fields.set(String(key.value), field)
  }
  return { kind: 'object', closed: true, fields, at: node.at }
}

const TEXT = /^(?:String|Str|Raw)$/
const NUMBER = /^(?:Integer|Int|Float|Decimal|Number)$/
const FIXED =
  /^(?:Boolean|Bool|Date|DateTime|AwareDateTime|NaiveDateTime|Time|TimeDelta|UUID|Email|Url|URL|IP|IPv[46]|IPInterface|IPv[46]Interface|Enum|EnumField|Constant|Method|Function|Hyperlinks|URLFor)$/

/** What a field takes; undefined for what is none, and for one that is only given out. */
const fieldOf = (reading: Reading, { node, scope }: Located, depth: number): Shape | undefined => {
  if (node.kind !== 'call' || depth > DEEPEST) return
  const { at } = node
  const name = lastName(node.callee) ?? ''
  const call = { node, scope }
  if (isTrue(argumentOf(reading, call, 'dump_only')?.values)) return
  if (FIXED.test(name)) return { kind: 'fixed', at }
  if (name === 'auto_field') return unread('a field that is made of a model', at)
  const checks = checksOf(reading, call)
  if (checks === 'unread') return unread('a check of a field that was not read', at)
  const bounded = checks.some((one) => one.bounds)
  if (TEXT.test(name)) return { kind: 'string', bounded, at }
  if (NUMBER.test(name)) return { kind: 'number', bounded, at }
  if (/^(?:List|Tuple|DelimitedList)$/.test(name)) {
    const given = node.args[0] ?? node.named.get('cls_or_instance')
    const inner = given && itemOf(reading, { node: given, scope }, depth)
    return { kind: 'array', bounded: bounded || name === 'Tuple', items: inner === undefined ? [] : [inner], at }
  }
  if (/^(?:Nested|Pluck)$/.test(name)) {
    const given = node.args[0] ?? node.named.get('nested')
    const inner = given && nestedOf(reading, { node: given, scope }, depth)
    if (inner === undefined) return unread('a nested schema that was not read', at)
    return isTrue(argumentOf(reading, call, 'many')?.values) ? { kind: 'array', bounded, items: [inner], at } : inner
  }
  if (/^(?:Dict|Mapping|Field)$/.test(name)) return bounded ? { kind: 'fixed', at } : { kind: 'any', at }
  return /^(?:fields|ma)\b/.test(rootOf(node.callee))
    ? unread(`a field of a kind that was not read: ${name}`, at)
    : undefined
}

const rootOf = (node: Node): string =>
  node.kind === 'member' ? rootOf(node.object) : node.kind === 'name' ? node.name : ''

/** An item of a list: a field, or the class of one. */
const itemOf = (reading: Reading, { node, scope }: Located, depth: number): Shape | undefined => {
  if (node.kind === 'call') return fieldOf(reading, { node, scope }, depth + 1)
  const name = lastName(node) ?? ''
  if (TEXT.test(name)) return { kind: 'string', bounded: false, at: node.at }
  return NUMBER.test(name) ? { kind: 'number', bounded: false, at: node.at } : { kind: 'fixed', at: node.at }
}

const nestedOf = (reading: Reading, { node, scope }: Located, depth: number): Shape | undefined => {
  // `lambda: NoteSchema(only=…)`
  const [first] = node.kind === 'function' ? node.body : []
  if (first?.kind === 'return' && first.value !== undefined)
    return nestedOf(reading, { node: first.value, scope: reading.program.scopeOf(first) ?? scope }, depth + 1)
  const value = reading.evaluator.value(node, scope)
  const type = value.kind === 'instance' ? value.class : value
  return type.kind === 'class' && isSchema(reading, type) && depth < DEEPEST
    ? schemaOf(reading, type, depth + 1)
    : undefined
}

interface Check {
  readonly bounds: boolean
}

/** `validate=Length(max=120)`, `validate=[…, And(…)]`; a function of the project's own is not read. */
const checksOf = (reading: Reading, { node, scope }: Located<Call>): readonly Check[] | 'unread' => {
  const given = node.named.get('validate')
  if (given === undefined) return []
  const checks: Check[] = []
  let unseen = false
  const visit = (one: Node): void => {
    if (one.kind === 'list') for (const item of one.items) visit(item)
    else if (one.kind === 'call' && lastName(one.callee) === 'And') for (const item of one.args) visit(item)
    else if (one.kind === 'call') {
      const bounds = boundsOf(reading, { node: one, scope })
      if (bounds === undefined) unseen = true
      else checks.push({ bounds })
    } else unseen = true
  }
  visit(given)
  return unseen && !checks.some((one) => one.bounds) ? 'unread' : checks
}

/** Whether a check gives an end; undefined for one that nobody knows. */
const boundsOf = (reading: Reading, call: Located<Call>): boolean | undefined => {
  const name = lastName(call.node.callee) ?? ''
  const has = (option: string, index: number): boolean => {
    const found = argumentOf(reading, call, option, index)
    return found !== undefined && (found.values.length === 0 || found.values.some((one) => !isNothing(one)))
  }
  if (name === 'Length') return has('max', 1) || has('equal', 3)
  if (name === 'Range') return has('max', 1)
  if (/^(?:OneOf|ContainsOnly|Equal|Email|URL)$/.test(name)) return true
  // It is looked for at the beginning of a text.
  if (name === 'Regexp') {
    const given = argumentOf(reading, call, 'regex', 0)?.values ?? []
    return given.every((one) => one.kind !== 'literal' || boundsText(`^${String(one.value).replace(/^\^/, '')}`))
  }
  return /^(?:NoneOf|ContainsNoneOf|Predicate)$/.test(name) ? false : undefined
}
