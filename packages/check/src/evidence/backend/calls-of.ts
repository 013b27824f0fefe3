/** Calls by the name of what is called, whatever stands between. */
import { type Call, type Located, lastName, lookup, type Node, type Scope } from '../source/index.ts'
import type { Reading } from './reading.ts'

/** The calls of these names, also by a name of the project's own: `promisify(sign)(…)`, `const make = jwt.sign.bind(jwt)`. */
export const callsOf = (reading: Reading, names: readonly string[]): readonly Located<Call>[] => {
  const calls = new Map(names.flatMap((name) => reading.program.callsNamed(name)).map((one) => [one.node, one]))
  const wanted = new Set(names)
  for (const module of reading.program.modules.values())
    for (const [node, scope] of reading.program.scopes(module).around)
      if (node.kind === 'call' && !calls.has(node) && isAnother(node.callee, scope, wanted))
        calls.set(node, { node, scope })
  return [...calls.values()]
}

const isAnother = (callee: Node, scope: Scope, names: ReadonlySet<string>): boolean => {
  if (callee.kind === 'call') return isMadeOf(callee, names)
  const [binding] = callee.kind === 'name' ? lookup(scope, callee.name) : []
  if (binding?.kind !== 'value') return false
  // const { sign: make } = jwt
  const taken = binding.path.at(-1)
  if (taken !== undefined) return names.has(String(taken))
  return binding.assign.value !== undefined && isMadeOf(binding.assign.value, names)
}

/** What a call is of, by its last name: `verify` for `jwt.verify(…)` and for `promisify(jwt.verify)(…)`. */
export const calledName = ({ callee }: Call): string | undefined =>
  callee.kind === 'call' ? madeOf(callee) : lastName(callee)

const isMadeOf = (node: Node, names: ReadonlySet<string>): boolean => names.has(madeOf(node) ?? '')

/** `jwt.sign`, `promisify(sign)`, `util.promisify(jwt.sign.bind(jwt))`. */
const madeOf = (node: Node): string | undefined => {
  if (node.kind !== 'call') return lastName(node)
  const { callee, args } = node
  if (callee.kind === 'member' && lastName(callee) === 'bind') return madeOf(callee.object)
  const [given] = args
  return /^(?:promisify|pify)$/.test(lastName(callee) ?? '') && given !== undefined ? madeOf(given) : undefined
}
