/** fast-jwt: its options are given once, and what comes back is called for each token: `const sign = createSigner({ key })`. */
import { type Call, type Located, possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** The calls of what `createSigner` gave, whatever that is called; where nothing is seen to call it, its own. */
export const fastJwtSignings = (reading: Reading): readonly Located<Call>[] => {
  if (!reading.program.imports.has('fast-jwt')) return []
  const signings: Located<Call>[] = []
  const used = new Set<Call>()
  for (const module of reading.program.modules.values())
    for (const [node, scope] of reading.program.scopes(module).around) {
      if (node.kind !== 'call') continue
      const maker = possibilities(reading.evaluator.value(node.callee, scope)).find(isSigner)
      if (maker?.kind !== 'external' || maker.call === undefined) continue
      signings.push({ node, scope })
      used.add(maker.call.node)
    }
  const unused = reading.program.callsNamed('createSigner').filter(({ node }) => !used.has(node))
  return [...signings, ...unused]
}

export const isSigner = (value: Value): boolean =>
  value.kind === 'external' && value.from === 'fast-jwt' && withoutDefault(value.path).join('.') === 'createSigner.()'
