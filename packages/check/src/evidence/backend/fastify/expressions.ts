/** Reading options: expressions with their scope and frame, and what stands under a key of them. */
import { type Frame, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Expression } from './model.ts'

export const cameTo = (reading: Reading, { node, scope, frame }: Expression): Value =>
  reading.evaluator.value(node, scope, frame)

const memberNode = (object: Node, name: string): Node => ({
  kind: 'member',
  object,
  property: { kind: 'literal', value: name, at: object.at },
  at: object.at,
})

/** What stands under one of the names; the first that is there. */
export const optionOf = (
  reading: Reading,
  options: Expression | undefined,
  ...names: readonly string[]
): Expression | undefined => {
  if (options === undefined) return
  for (const one of possibilities(cameTo(reading, options)))
    for (const name of names) {
      if (one.kind !== 'object') continue
      const literal =
        one.node?.node.kind === 'object' && one.node.node === options.node ? entryNode(one.node.node, name) : undefined
      if (literal !== undefined) return { ...options, node: literal }
      if (
        one.entries.has(name) ||
        one.rest.some((rest) => reading.evaluator.member(rest, name, rest.at).kind !== 'unknown')
      )
        return { ...options, node: memberNode(options.node, name) }
    }
  return
}

const entryNode = (node: Extract<Node, { kind: 'object' }>, name: string): Node | undefined =>
  node.entries.findLast(({ key }) => key.kind === 'literal' && key.value === name)?.value

/** A member that its object is known not to have: undefined at run time. */
export const isAbsent = (reading: Reading, { node, scope, frame }: Expression): boolean => {
  if (node.kind !== 'member' || node.property.kind !== 'literal') return false
  const key = String(node.property.value)
  const objects = possibilities(reading.evaluator.value(node.object, scope, frame))
  return objects.every((one) =>
    one.kind === 'object'
      ? !one.entries.has(key) && one.rest.length === 0
      : one.kind === 'module' &&
        reading.program.exported(one.module, key) === undefined &&
        reading.program.exported(one.module, 'default') === undefined,
  )
}

export const optionValue = (
  reading: Reading,
  options: Expression | undefined,
  ...names: readonly string[]
): Value | undefined => {
  const found = optionOf(reading, options, ...names)
  return found === undefined ? undefined : cameTo(reading, found)
}

/** The entry of a value, for options that are no expression. */
export const entryOf = (value: Value | undefined, ...names: readonly string[]): Value | undefined => {
  for (const one of value === undefined ? [] : possibilities(value))
    if (one.kind === 'object') for (const name of names) if (one.entries.has(name)) return one.entries.get(name)
  return
}

/** A text whose unknown parts are left out. */
export const textIn = (value: Value | undefined): string | undefined => {
  for (const one of value === undefined ? [] : possibilities(value)) {
    if (one.kind === 'literal' && typeof one.value === 'string') return one.value
    if (one.kind === 'text') return one.parts.map((part) => textIn(part) ?? '').join('')
  }
  return
}

export const isLiteral = (value: Value | undefined, literal: boolean | string | number | null): boolean =>
  value !== undefined && possibilities(value).some((one) => one.kind === 'literal' && one.value === literal)

export const expression = (node: Node, scope: Scope, frame: Frame | undefined): Expression => ({ node, scope, frame })
