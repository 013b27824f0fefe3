/** A model's fields, and what it says of all of them. */
import { type Located, lastName, type Node } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { ClassValue } from './definitions.ts'
import { configOf } from './model-config.ts'
import { limitsValue } from './value-checks.ts'

export const isModel = (ancestors: readonly string[], decorators: readonly Node[]): boolean =>
  ancestors.some((one) =>
    /^(?:BaseModel|SQLModel|GenericModel|BaseSchema|CamelModel|TypedDict|Struct|RootModel|Schema|Document|BaseUser\w*|\w*Model)$/.test(
      one,
    ),
  ) || decorators.some((one) => lastName(one.kind === 'call' ? one.callee : one) === 'dataclass')

/** `class Note(SQLModel, table=True)`: made of whatever comes, of any type and length; what it extends would check it. */
export const isTable = ({ named }: ClassValue['node']): boolean => {
  const given = named.get('table')
  return given?.kind === 'literal' && given.value === true
}

/** Its own fields and those it inherits, the nearest first. */
export const fieldsOf = (reading: Reading, type: ClassValue, depth = 0): readonly (readonly [string, Located])[] => {
  const fields = new Map<string, Located>()
  const inner = reading.program.scopeOf(type.node.members[0] ?? type.node) ?? type.scope
  for (const member of type.node.members) {
    const name = member.kind === 'assign' ? lastName(member.target) : undefined
    if (
      member.kind !== 'assign' ||
      name === undefined ||
      member.type === undefined ||
      /^_(?!_root__$)|^model_config$/.test(name)
    )
      continue
    if (
      member.value?.kind === 'call' &&
      /^(?:Relationship|PrivateAttr|relationship)$/.test(lastName(member.value.callee) ?? '')
    )
      continue
    fields.set(name, { node: member, scope: inner })
  }
  if (depth < 8)
    for (const base of type.node.bases) {
      const bare = base.kind === 'member' && base.property.kind !== 'literal' ? base.object : base
      const above = reading.evaluator.value(bare, type.scope)
      if (above.kind === 'class' && above.node !== type.node)
        for (const [name, one] of fieldsOf(reading, above, depth + 1)) if (!fields.has(name)) fields.set(name, one)
    }
  return [...fields]
}

/** `@validator('name')` that looks at the length or the form. */
export const isValidated = (reading: Reading, type: ClassValue, name: string): boolean =>
  type.node.members.some(
    (member) =>
      member.kind === 'function' &&
      member.decorators.some(
        (one) =>
          one.kind === 'call' &&
          /^(?:field_)?validator$/.test(lastName(one.callee) ?? '') &&
          one.args.some((arg) => arg.kind === 'literal' && (arg.value === name || arg.value === '*')),
      ) &&
      limitsValue(reading, member.body),
  )

/** Where a model says that it keeps unknown keys. */
export const keepsUnknownKeys = (reading: Reading, type: ClassValue): Place | undefined => {
  const given = configOf(reading, type, 'extra')
  const allows =
    given !== undefined &&
    ((given.kind === 'literal' && given.value === 'allow') || (given.kind === 'member' && lastName(given) === 'allow'))
  return allows ? placeOf(reading, given.at) : undefined
}

/** What a model says of all of its strings, by the name of today or of Pydantic 1. */
export const boundsOfModel = (reading: Reading, type: ClassValue): readonly string[] => {
  const given = ['str_max_length', 'max_anystr_length'].map((name) => configOf(reading, type, name))
  return given.some((one) => one !== undefined && !(one.kind === 'literal' && one.value === null))
    ? ['str_max_length']
    : []
}
