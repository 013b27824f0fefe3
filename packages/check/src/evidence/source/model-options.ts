/** What a class of Pydantic's says of itself. */
import type { ClassNode, Node } from './tree.ts'
import { lastName } from './walk.ts'

/** An option of a class: a keyword of it, `model_config`, or a class `Config` of Pydantic 1; the last one counts. */
export const modelOption = ({ named, members }: ClassNode, option: string): Node | undefined =>
  [named.get(option), ...members.map((one) => writtenIn(one, option))].findLast((one) => one !== undefined)

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
