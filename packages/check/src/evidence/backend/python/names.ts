/** What classes and functions of a package are called here: under another name, and classes of the project's own that extend them. */
import { lastName, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export const namesOf = (reading: Reading, ofPackage: readonly string[]): ReadonlySet<string> => {
  const names = new Set(ofPackage)
  for (let before = 0; before !== names.size; ) {
    before = names.size
    for (const module of reading.program.modules.values()) {
      if (module.language !== 'python') continue
      walk(module.body, (node) => {
        if (node.kind === 'import')
          for (const { imported, local } of node.names) if (names.has(imported)) names.add(local)
        if (node.kind === 'class' && node.name && node.bases.some((base) => names.has(lastName(base) ?? '')))
          names.add(node.name)
        return node.kind !== 'function'
      })
    }
  }
  return names
}
