/** Choices that a body makes, `if (…) …` and `… ? … : …`, and what is left of it where it is known how they fall. */
import type { Node } from '../../source/index.ts'

export type Choice = Pick<Extract<Node, { kind: 'if' }>, 'test' | 'consequent' | 'alternate'>

/** `if (test) …`, and `test ? next() : authenticate(req, res, next)`, which a function of one line gives back. */
export const choiceIn = (node: Node): Choice | undefined => {
  if (node.kind === 'if') return node
  const value = node.kind === 'return' ? node.value : node
  if (value?.kind !== 'conditional') return
  const way = (one: Node): readonly Node[] => [node.kind === 'return' ? { ...node, value: one, at: one.at } : one]
  return { test: value.test, consequent: way(value.consequent), alternate: way(value.alternate) }
}

/** The statements that are reached, of each choice that is known the one way; undefined where none is. */
export const chosen = (
  body: readonly Node[],
  truth: (test: Node) => boolean | undefined,
): readonly Node[] | undefined => {
  let decided = false
  const reached = (statements: readonly Node[]): readonly Node[] =>
    statements.flatMap((one) => {
      const choice = choiceIn(one)
      const holds = choice && truth(choice.test)
      if (choice === undefined || holds === undefined) return [one]
      decided = true
      return reached(holds ? choice.consequent : choice.alternate)
    })
  const left = reached(body)
  return decided ? left : undefined
}

/** What a test comes to by what is known of its parts; undefined where that is open. */
export const truthOf = (test: Node, of: (part: Node) => boolean | undefined): boolean | undefined => {
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = truthOf(test.operand, of)
    return inner === undefined ? undefined : !inner
  }
  if (test.kind !== 'logical') return of(test)
  const sides = [truthOf(test.left, of), truthOf(test.right, of)]
  const decides = test.operator !== '&&'
  return sides.includes(decides) ? decides : sides.includes(undefined) ? undefined : !decides
}
