/** The configuration of Pydantic's models. */
import { lastName, type Node } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type ClassValue, lineageOf } from './definitions.ts'

/** What a model says of an option: `model_config`, a class `Config` of Pydantic 1, or a keyword of the class; else what those above it say. */
export const configOf = (reading: Reading, type: ClassValue, option: string): Node | undefined => {
  for (const { node } of lineageOf(reading, type)) {
    const own = [node.named.get(option), ...node.members.map((one) => writtenIn(one, option))]
    const last = own.findLast((one) => one !== undefined)
    if (last !== undefined) return last
  }
  return
}

const writtenIn = (member: Node, option: string): Node | undefined => {
  if (member.kind === 'class' && member.name === 'Config')
    return member.members.flatMap((one) => (isOf(one, option) ? [one.value] : [])).at(-1)
  if (!isOf(member, 'model_config')) return
  if (member.value?.kind === 'call') return member.value.named.get(option)
  return member.value?.kind === 'object'
    ? member.value.entries.findLast(({ key }) => key.kind === 'literal' && key.value === option)?.value
    : undefined
}

const isOf = (node: Node, name: string): node is Extract<Node, { kind: 'assign' }> =>
  node.kind === 'assign' && lastName(node.target) === name
