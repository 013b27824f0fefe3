import { possibilities, type Value } from '../../source/index.ts'

/** The texts that a value may come to; `env` is the setting that one of them is the fallback of. */
export const literalsOf = (value: Value | undefined): { text: string; at: Value['at']; env?: string }[] => {
  if (value === undefined) return []
  const all = possibilities(value)
  const env = all.find((one) => one.kind === 'env')
  return all.flatMap((one) => {
    if (one.kind === 'list') return one.items.flatMap(literalsOf)
    if (one.kind === 'object')
      return [...one.entries]
        .filter(([key]) => /^(?:key|secret|private|privateKey)$/.test(key))
        .flatMap(([, inner]) => literalsOf(inner))
    return one.kind === 'literal' && typeof one.value === 'string'
      ? [{ text: one.value, at: one.at, ...(env?.kind === 'env' ? { env: env.name } : {}) }]
      : []
  })
}
