/** When something runs, where nothing says which environment it is: a default of `development` is what everybody gets who sets nothing. */
import { type Node, possibilities, walk } from '../../source/index.ts'
import { type Reading, type When, whenOf } from '../reading.ts'

const NAMES = /^(?:NODE_ENV|APP_ENV|ENV|ENVIRONMENT|STAGE|MODE)$/

/** What a default calls the machine of whoever sets nothing. */
const DEVELOPMENT = /^(?:dev|development|local)$/i

/** When a node runs; `development` that is also the default counts as always. */
export const heldBy = (reading: Reading, node: Node): When => {
  const when = whenOf(reading, node)
  return when === 'development' && asksDefault(reading, node) ? 'always' : when
}

/** Whether a condition around the node asks a setting whose own default is development, and that nothing else sets. */
const asksDefault = (reading: Reading, node: Node): boolean => {
  const module = reading.program.modules.get(node.at.file)
  if (module === undefined) return false
  let found = false
  for (const [one, scope] of reading.program.scopes(module).around) {
    if (
      (one.kind !== 'if' && one.kind !== 'conditional' && one.kind !== 'logical') ||
      one.at.start > node.at.start ||
      one.at.end < node.at.end
    )
      continue
    const test = one.kind === 'logical' ? one.left : one.test
    walk([test], (part) => {
      if (part.kind !== 'member' && part.kind !== 'name') return
      const values = possibilities(reading.evaluator.value(part, scope))
      const env = values.find((each) => each.kind === 'env' && NAMES.test(each.name))
      if (env?.kind !== 'env') return
      const development = values.some((each) => each.kind === 'literal' && DEVELOPMENT.test(String(each.value)))
      if (development && !isSet(reading, env.name)) found = true
    })
  }
  return found
}

/** Whether the project's own files set it, an image or a start script: then its default is never used. */
export const isSet = (reading: Reading, name: string): boolean =>
  (reading.env.get(name) ?? []).some((one) => !one.example && /^prod(?:uction)?$/i.test(one.value))

/** Whether the environment's schema says development where nothing is set. */
export const defaultsToDevelopment = (reading: Reading, name = 'NODE_ENV'): boolean => {
  const value = reading.evaluator.configuration.defaultOf(name)
  return (
    value !== undefined &&
    possibilities(value).some((one) => one.kind === 'literal' && DEVELOPMENT.test(String(one.value))) &&
    !isSet(reading, name)
  )
}
