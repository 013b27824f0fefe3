import { lastName, type Node, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** Words that the program itself refuses: compared with, before it throws; in a list of what is too weak. */
export const refusedWords = (reading: Reading): ReadonlySet<string> => {
  const refused = new Set<string>()
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      if (node.kind === 'if' && stops(node.consequent)) {
        walk([node.test], (one) => {
          // `if (password !== 'hunter2') throw`, `if key not in KEYS: raise`: those words are the ones that it takes.
          if (one.kind === 'binary' && one.operator === '!==') return false
          if (one.kind === 'unary' && one.operator === '!') return false
          if (one.kind === 'literal' && typeof one.value === 'string') refused.add(one.value)
          const list =
            one.kind === 'call' &&
            one.callee.kind === 'member' &&
            /^(?:includes|has|indexOf|some)$/.test(lastName(one.callee) ?? '')
              ? one.callee.object
              : one.kind === 'binary' && one.operator === 'in'
                ? one.right
                : undefined
          const scope = list && reading.program.scopeOf(list)
          const value = list && scope && reading.evaluator.value(list, scope)
          if (value?.kind === 'list')
            for (const item of value.items) if (item.kind === 'literal') refused.add(String(item.value))
          return true
        })
      }
      if (
        node.kind === 'assign' &&
        /weak|forbidden|refus|banned|insecure|denied|blacklist|denylist|common_?(?:pass|sec)|known_?(?:bad|defaults?)/i.test(
          lastName(node.target) ?? '',
        )
      )
        walk(node.value ? [node.value] : [], (one) => {
          if (one.kind === 'literal' && typeof one.value === 'string') refused.add(one.value)
        })
    })
  return refused
}

const stops = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (node.kind === 'throw') found = true
    if (node.kind === 'call' && /^(?:exit|fatal|abort)$/.test(lastName(node.callee) ?? '')) found = true
  })
  return found
}
