import type { Module } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** The modules, each after the ones that it imports. */
export const inOrder = (reading: Reading): readonly Module[] => {
  const done = new Set<Module>()
  const order: Module[] = []
  const visit = (module: Module): void => {
    if (done.has(module)) return
    done.add(module)
    for (const node of module.body) {
      const from = node.kind === 'import' || node.kind === 'export' ? node.from : undefined
      const other = from === undefined ? undefined : reading.program.imported(module, from)
      if (other !== undefined) visit(other)
    }
    order.push(module)
  }
  for (const module of reading.program.modules.values()) if (module.language === 'javascript') visit(module)
  return order
}
