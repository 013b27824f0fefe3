import { type Node, possibilities, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isForDevelopment } from '../switches/index.ts'

/** A text that a value may come to; `env` is the setting that it is the fallback of. */
export interface Literal {
  readonly text: string
  readonly at: Value['at']
  readonly env?: string
}

/** The texts that a value may come to, but for those that only development has: `NODE_ENV === 'development' ? 'x' : undefined`. */
export const literalsOf = (reading: Reading, value: Value | undefined): readonly Literal[] =>
  textsOf(value).filter(({ at }) => {
    const node = literalAt(reading, at)
    return node === undefined || !isForDevelopment(reading, node)
  })

const textsOf = (value: Value | undefined): readonly Literal[] => {
  if (value === undefined) return []
  const all = possibilities(value)
  const env = all.find((one) => one.kind === 'env')
  return all.flatMap((one) => {
    if (one.kind === 'list') return one.items.flatMap(textsOf)
    if (one.kind === 'object')
      return [...one.entries]
        .filter(([key]) => /^(?:key|secret|private|privateKey)$/.test(key))
        .flatMap(([, inner]) => textsOf(inner))
    return one.kind === 'literal' && typeof one.value === 'string'
      ? [{ text: one.value, at: one.at, ...(env?.kind === 'env' ? { env: env.name } : {}) }]
      : []
  })
}

const literalAt = ({ program }: Reading, { file, start }: Value['at']): Node | undefined => {
  let found: Node | undefined
  walk(program.modules.get(file)?.body ?? [], (node) => {
    if (node.kind === 'literal' && node.at.start === start) found = node
    return found === undefined && node.at.start <= start
  })
  return found
}
