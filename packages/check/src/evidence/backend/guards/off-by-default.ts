/** Guards that stand back until somebody sets something: `if not API_KEY: return`, `if (process.env.AUTH !== 'on') return next()`. */
import { lastName, lookup, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import { ENVIRONMENT_NAME, namesEnvironment, type Reading, writtenAt } from '../reading.ts'
import { byDefault } from '../switches/index.ts'
import { chosen } from './choices.ts'
import { goesThrough, type Way } from './going-on.ts'

/** Whether everybody comes through where nobody sets anything, or as the project's own files do. */
export const isOffByDefault = (
  reading: Reading,
  { node, scope }: Extract<Value, { kind: 'function' }>,
  way: Way,
): boolean => {
  const left = chosen(node.body, (test) => {
    const inner = reading.program.scopeOf(test) ?? scope
    return asksSetting(reading, test, inner) ? byDefault(reading, test, inner) : undefined
  })
  // To read a setting stops nobody.
  const reads = (one: Node): boolean =>
    one.kind === 'assign' && one.value !== undefined && settingsIn(reading, one.value, scope).length > 0
  return (
    left !== undefined &&
    goesThrough(
      reading,
      left.filter((one) => !reads(one)),
      way,
    )
  )
}

const settingsIn = (reading: Reading, node: Node, scope: Scope): readonly Setting[] =>
  possibilities(reading.evaluator.value(node, scope)).filter((one) => one.kind === 'env')

type Setting = Extract<Value, { kind: 'env' }>

/** A variable of the environment that the program starts without, and nothing that is worked out on the way. */
const asksSetting = (reading: Reading, test: Node, scope: Scope, depth = 0): boolean => {
  let asks = false
  let worked = false
  walk([test], (one) => {
    const found = settingsIn(reading, one, scope)
    // What is called production is set where it is run. `const mode = process.env.AUTH_MODE` only sounds like it.
    worked ||= /prod|dev|stag|local/i.test(one.kind === 'literal' ? String(one.value) : (lastName(one) ?? ''))
    worked ||=
      found.length > 0 ? found.some(({ name }) => ENVIRONMENT_NAME.test(name)) : namesEnvironment(reading, one, scope)
    if (one.kind !== 'name' && one.kind !== 'member' && one.kind !== 'call') return true
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
  /\benviron\[|^\w+\s*:[^=]*$/.test(writtenAt(reading, value))
