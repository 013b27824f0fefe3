/** TypeScript's types with tsoa's tags in their comments (`@maxLength 40`, `@pattern`, `@minimum 0`) as shapes. */
import {
  type At,
  type FunctionNode,
  lastName,
  type Node,
  type Parameter,
  possibilities,
  type Scope,
} from '../../source/index.ts'
import { typeName } from '../nest/index.ts'
import type { Reading } from '../reading.ts'
import { isIdentifier, type Shape, unread } from '../schemas/index.ts'

const DEEPEST = 6
const BOUNDS_TEXT = /@(?:maxLength|pattern|format|isUUID|isEmail)\b/
const BOUNDS_NUMBER = /@maximum\b/
const BOUNDS_LIST = /@maxItems\b/

/** The tags of a parameter name it: `@maxLength q 40`. */
export const parameterShape = (reading: Reading, method: FunctionNode, parameter: Parameter): Shape => {
  const name = lastName(parameter.target) ?? ''
  const first = method.decorators[0]?.at.start ?? method.at.start
  const comment = commentBefore(reading, { ...method.at, start: first })
  const tags = comment.split('\n').filter((line) => new RegExp(`@\\w+\\s+${name}\\b`).test(line))
  const scope = reading.program.scopeOf(parameter.target)
  const { at } = parameter.target
  return scope === undefined
    ? unread('a type', at)
    : shapeOf(reading, parameter.type, { tags: tags.join('\n'), name, at, scope, depth: 0 })
}

interface Around {
  readonly tags: string
  readonly name: string
  readonly at: At
  readonly scope: Scope
  readonly depth: number
}

const shapeOf = (reading: Reading, type: Node | undefined, around: Around): Shape => {
  const { tags, name, at, scope, depth } = around
  if (type === undefined || depth > DEEPEST) return unread('a type', at)
  if (type.kind === 'type' && type.name === 'array') {
    const items = type.args.map((one) => shapeOf(reading, one, { ...around, depth: depth + 1 }))
    return { kind: 'array', bounded: BOUNDS_LIST.test(tags), items, at }
  }
  if (type.kind === 'literal' || (type.kind === 'type' && type.name === 'literal')) return { kind: 'fixed', at }
  if (type.kind === 'type' && type.name === 'union') {
    const real = type.args.filter((one) => !(one.kind === 'type' && /^(?:null|undefined)$/.test(one.name)))
    return { kind: 'union', of: real.map((one) => shapeOf(reading, one, around)), at }
  }
  const written = typeName(type)
  if (written === 'string') return { kind: 'string', bounded: BOUNDS_TEXT.test(tags), at }
  if (written === 'number') return { kind: 'number', bounded: BOUNDS_NUMBER.test(tags) || isIdentifier(name), at }
  if (written === 'boolean' || written === 'Date') return { kind: 'fixed', at }
  if (written === 'any' || written === 'unknown' || written === 'object') return { kind: 'any', at }
  const [found] =
    type.kind === 'name' || type.kind === 'member' ? possibilities(reading.evaluator.value(type, scope)) : []
  return found?.kind === 'class'
    ? ofFields(reading, found.node, found.scope, depth)
    : unread(`the type ${written ?? ''}`, at)
}

/** Unknown keys are dropped or refused only where tsoa.json says so, which the source does not tell. */
const ofFields = (reading: Reading, node: Extract<Node, { kind: 'class' }>, scope: Scope, depth: number): Shape => {
  const fields = new Map<string, Shape>()
  for (const one of node.members) {
    if (one.kind !== 'assign' || one.target.kind !== 'name') continue
    const { name } = one.target
    const tags = commentBefore(reading, one.at)
    fields.set(name, shapeOf(reading, one.type, { tags, name, at: one.target.at, scope, depth: depth + 1 }))
  }
  fields.set('', unread('whether tsoa.json refuses unknown keys', node.at))
  return { kind: 'object', closed: true, fields, at: node.at }
}

/** The comment that ends right before a place. */
const commentBefore = (reading: Reading, at: At): string => {
  const text = reading.program.modules.get(at.file)?.text.slice(Math.max(0, at.start - 2000), at.start) ?? ''
  const before = text
    .trimEnd()
    .replace(/(?:@|\bexport|\bpublic|\basync|\breadonly|\bprivate)$/, '')
    .trimEnd()
  if (!before.endsWith('*/')) return ''
  const start = before.lastIndexOf('/*')
  return start === -1 ? '' : before.slice(start)
}
