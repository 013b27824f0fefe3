/** Documentation that is put on an application which nothing in the source makes: one that a container or a framework hands over. */
import { type Call, lastName, type Node, possibilities, textsOf, type Value } from '../../source/index.ts'
import { openingOf } from '../exceptions/index.ts'
import type { Docs } from '../facts.ts'
import { guardIn } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { settingsOf, whenServed } from '../switches/index.ts'
import { takesKnownCredentials } from './basic-auth.ts'

/** `container.get('app').use('/docs', basicAuth({…}), swaggerUi.serve, swaggerUi.setup(document))`. */
export const docsElsewhere = (reading: Reading, packages: RegExp, known: ReadonlySet<Call>): readonly Docs[] => {
  const files = importing(reading, packages)
  return ['use', 'get'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }): readonly Docs[] => {
      if (known.has(node) || node.args.length < 2 || !files.has(node.at.file)) return []
      const values = node.args.map((arg) => reading.evaluator.value(arg, scope))
      if (
        !values.some((one) => possibilities(one).some((each) => each.kind === 'external' && packages.test(each.from)))
      )
        return []
      const open = values.some((one) => takesKnownCredentials(reading, one))
      const path = pathOf(reading, values[0])
      const guarded = values.some((one, index) => {
        const guard = guardIn(reading, one, nameOf(node.args[index]))
        const standing = { guard: guard?.function, prefix: path }
        return guard !== undefined && openingOf(reading, standing, path, 'GET').holds
      })
      const when = whenServed(reading, node)
      const shown: Docs['when'] = when === 'development' ? when : when === 'unknown' ? when : 'always'
      return [{ at: placeOf(reading, node.at), path, when: guarded && !open ? 'guarded' : shown }]
    }),
  )
}

const importing = (reading: Reading, packages: RegExp): ReadonlySet<string> =>
  new Set(
    [...reading.program.modules.values()]
      .filter(({ body }) => body.some((one) => one.kind === 'import' && packages.test(one.from)))
      .map(({ file }) => file),
  )

const nameOf = (node: Node | undefined): string =>
  node === undefined ? '' : (lastName(node.kind === 'call' ? node.callee : node) ?? '')

const pathOf = (reading: Reading, value: Value | undefined): string => {
  if (value === undefined) return '/'
  const [text] = textsOf(value)
  const names = possibilities(value).flatMap((one) => (one.kind === 'env' ? [one.name] : []))
  return text ?? names.flatMap((one) => settingsOf(reading, one)).map((one) => one.value)[0] ?? '/'
}
