/** Guards that stand back until somebody sets something: `if not API_KEY: return`, `if (process.env.AUTH !== 'on') return next()`. */
import { lastName, lookup, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import { namesEnvironment, type Reading } from '../reading.ts'
import { byDefault } from '../switches/index.ts'
import { goesThrough, textOf, type Way } from './going-on.ts'

/** Whether everybody comes through where nobody sets anything, or as the project's own files do. */
export const isOffByDefault = (
  reading: Reading,
  { node, scope }: Extract<Value, { kind: 'function' }>,
  way: Way,
): boolean => {
  const left = whatRuns(reading, node.body, scope)
  if (left.length === node.body.length && left.every((one, index) => one === node.body[index])) return false
  return goesThrough(reading, left, way)
}

/** The statements that are reached there, of each known `if` its one branch; to read a setting stops nobody. */
const whatRuns = (reading: Reading, body: readonly Node[], scope: Scope): readonly Node[] =>
  body.flatMap((one) => {
    if (one.kind === 'assign' && one.value !== undefined && settingsIn(reading, one.value, scope).length > 0) return []
    if (one.kind !== 'if') return [one]
    const inner = reading.program.scopeOf(one.test) ?? scope
    const holds = asksSetting(reading, one.test, inner) ? byDefault(reading, one.test, inner) : undefined
    return holds === undefined ? [one] : whatRuns(reading, holds ? one.consequent : one.alternate, inner)
  })

const settingsIn = (reading: Reading, node: Node, scope: Scope): readonly Setting[] =>
  possibilities(reading.evaluator.value(node, scope)).filter((one) => one.kind === 'env')

type Setting = Extract<Value, { kind: 'env' }>

/** A variable of the environment that the program starts without, and nothing that is worked out on the way. */
const asksSetting = (reading: Reading, test: Node, scope: Scope, depth = 0): boolean => {
  let asks = false
  let worked = false
  walk([test], (one) => {
    // What is called production is set where it is run.
    worked ||= /prod|dev|stag|local/i.test(lastName(one) ?? '') || namesEnvironment(reading, one, scope)
    if (one.kind !== 'name' && one.kind !== 'member' && one.kind !== 'call') return true
    const found = settingsIn(reading, one, scope)
    asks ||= found.length > 0
    worked ||= found.some((each) => isRequired(reading, each))
    if (one.kind !== 'name') return found.length === 0
    const [binding, ...more] = lookup(scope, one.name)
    worked ||= more.length > 0
    if (binding?.kind === 'value' && binding.path.length === 0 && binding.assign.value !== undefined && depth < 3)
      asks ||= found.length === 0 && asksSetting(reading, binding.assign.value, binding.scope, depth + 1)
    return false
  })
  return asks && !worked
}

/** Whether it is a setting that the program does not start without. */
export const isAlwaysSet = (reading: Reading, node: Node, scope: Scope): boolean => {
  const found = settingsIn(reading, node, scope)
  return found.length > 0 && found.every((one) => isRequired(reading, one))
}

/** `os.environ["KEY"]`, and a field of settings without a default: without it the program does not start. */
const isRequired = (reading: Reading, value: Setting): boolean =>
  /\benviron\[|^\w+\s*:[^=]*$/.test(textOf(reading, { kind: 'other', children: [], at: value.at }))
