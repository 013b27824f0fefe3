/** Which applications answer, where a program makes more than one. */
import { lastName, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { appOf } from './apps.ts'

/** The applications whose `fetch` is given to a server or platform, where that is seen; a router that nobody mounts answers nothing. */
export const answering = (reading: Reading, roots: readonly string[]): readonly string[] => {
  if (roots.length < 2) return roots
  const seen = new Set<string>()
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (scope === undefined) return
      const given =
        node.kind === 'member' && lastName(node) === 'fetch'
          ? [node.object]
          : node.kind === 'call' &&
              /^(?:serve|handle|handler|createServer|getRequestListener)$/.test(lastName(node.callee) ?? '')
            ? node.args
            : []
      for (const one of given) {
        const app = appOf(reading, reading.evaluator.value(one, scope))
        if (app !== undefined) seen.add(app.id)
      }
    })
  const served = roots.filter((id) => seen.has(id))
  if (served.length > 0) return served
  // Workers and Bun serve what a module exports as its default.
  const exported = roots.filter((id) => defaults(reading).has(id))
  return exported.length > 0 ? exported : roots
}

const defaults = (reading: Reading): ReadonlySet<string> => {
  const ids = new Set<string>()
  for (const module of reading.program.modules.values())
    for (const node of module.body) {
      if (node.kind !== 'export' || node.from !== undefined) continue
      for (const { exported, value } of node.names) {
        const app =
          exported === 'default'
            ? appOf(reading, reading.evaluator.value(value, reading.program.scopes(module).top))
            : undefined
        if (app !== undefined) ids.add(app.id)
      }
    }
  return ids
}
