/** Statements of a function: what runs after one, and what is assigned. */
import { type Node, pathOf, walk, walkBody } from '../source/index.ts'

/** The statements that run after one, to the end of its function. */
export const restAfter = (body: readonly Node[], target: Node): readonly Node[] | undefined => {
  const index = body.findIndex((one) => holds(one, target))
  const one = body[index]
  if (one === undefined) return
  const rest = body.slice(index + 1)
  if (one === target) return rest
  const inner = branchesOf(one).flatMap((branch) => {
    const after = restAfter(branch, target)
    return after === undefined ? [] : [after]
  })[0]
  return inner && [...inner, ...rest]
}

export const holds = (outer: Node, { at }: Node): boolean => outer.at.start <= at.start && at.end <= outer.at.end

export const branchesOf = (node: Node): readonly (readonly Node[])[] => {
  if (node.kind === 'if') return [node.consequent, node.alternate]
  if (node.kind === 'try') return [node.body, node.handlers]
  return node.kind === 'other' ? [node.children] : []
}

/** What is assigned to among these, by its path. */
export const targetsOf = (
  body: readonly Node[],
  isSuch: (node: Extract<Node, { kind: 'assign' }>) => boolean,
): Set<string> => {
  const paths = new Set<string>()
  walkBody(body, (node) => {
    if (node.kind !== 'assign' || !isSuch(node)) return
    walk([node.target], (one) => {
      const path = pathOf(one)
      if (path !== undefined) paths.add(path.join('.'))
      return one.kind !== 'member'
    })
  })
  return paths
}
