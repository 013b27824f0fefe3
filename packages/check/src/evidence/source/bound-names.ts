/** The names that a target binds, and the way into the value for each. */
import type { Node } from './tree.ts'

interface Bound {
  readonly name: string
  readonly path: readonly (string | number)[]
  /** `{ a = 1 }`: what it is when there is none. */
  readonly initial?: Node
}

export const boundNames = (target: Node, path: readonly (string | number)[] = []): Bound[] => {
  switch (target.kind) {
    case 'name':
      return [{ name: target.name, path }]
    case 'list':
      return target.items.flatMap((one, index) => boundNames(one, [...path, index]))
    case 'object':
      return [
        ...target.entries.flatMap((one) =>
          one.key.kind === 'literal' ? boundNames(one.value, [...path, String(one.key.value)]) : [],
        ),
        ...target.spreads.flatMap((one) => boundNames(one, path)),
      ]
    case 'assign':
      return boundNames(target.target, path).map((one) => (target.value ? { ...one, initial: target.value } : one))
    case 'spread':
      return boundNames(target.operand, path)
    default:
      return []
  }
}
