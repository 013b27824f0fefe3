/** The paths that a value can be. */
import { type Node, possibilities, textsOf, type Value } from '../../source/index.ts'
import { routed } from './paths.ts'

/** A path; parts that are not known stand as parameters. */
export const pathOfValue = (value: Value): string | undefined => {
  for (const one of possibilities(value)) {
    if (one.kind === 'literal' && typeof one.value === 'string') return one.value
    if (one.kind === 'text') return one.parts.map((part) => textsOf(part)[0] ?? ':part').join('')
  }
  // createRoute(…).path, and getRoutingPath()
  if (
    value.kind === 'external' &&
    value.call?.node.args[0] &&
    /^(?:path|getRoutingPath)$/.test(value.path.filter((one) => one !== '()').at(-1) ?? '')
  )
    return pathOfDefinition(value)
  return
}

const pathOfDefinition = (value: Extract<Value, { kind: 'external' }>): string | undefined => {
  const first: Node | undefined = value.call?.node.args[0]
  const entry =
    first?.kind === 'object'
      ? first.entries.find((one) => one.key.kind === 'literal' && one.key.value === 'path')?.value
      : undefined
  const text = entry?.kind === 'literal' && typeof entry.value === 'string' ? entry.value : undefined
  // As a plain text it is no pattern: `{id}` stands for itself there.
  return text !== undefined && value.path.at(-1) === '()' ? routed(text) : text
}

/** Whether it is a path, known or not, and no handler. */
export const isPathLike = (value: Value): boolean =>
  possibilities(value).some(
    (one) =>
      (one.kind === 'literal' && typeof one.value === 'string') ||
      one.kind === 'text' ||
      one.kind === 'env' ||
      (one.kind === 'list' && one.items.length > 0 && one.items.every((each) => textsOf(each).length > 0)),
  )

/** The texts of a list, or of one. */
export const textsIn = (value: Value): readonly string[] =>
  possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : (pathOfValue(one) ?? [])))
