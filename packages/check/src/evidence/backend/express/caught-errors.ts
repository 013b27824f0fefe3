/** Errors that a handler caught and answers whole: a driver's error names its tables, queries and files. */
import {
  type Call,
  type FunctionNode,
  lastName,
  lookup,
  type Node,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import { shows } from '../disclosure/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

const SENDS = /^(?:json|send|jsonp)$/
const ERROR = /^(?:e|err|error|ex|exception|reason)$/i

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `catch (err) { res.json({ error: err }) }`, `find((err, user) => { if (err) res.send(err) })`, and by a helper: `failed(res, err)`. */
export const caughtErrors = (reading: Reading, handler: FunctionValue): readonly DebugSign[] => {
  const signs: DebugSign[] = []
  walk(handler.node.body, (node) => {
    if (node.kind !== 'call') return
    const scope = reading.program.scopeOf(node) ?? handler.scope
    const isCaught = (one: Node): boolean => one.kind === 'name' && caught(one.name, scope, handler.node)
    const answered = node.callee.kind === 'member' && SENDS.test(lastName(node.callee) ?? '')
    const leak = answered ? wholeIn(node, isCaught) : byHelper(reading, node, scope, isCaught)
    if (leak !== undefined && shows(reading, leak))
      signs.push({ at: placeOf(reading, leak.at), what: 'the caught error itself in the answer of a handler' })
  })
  return signs
}

/** The argument, or an entry of it, that is the error itself. */
const wholeIn = ({ args }: Call, isError: (one: Node) => boolean): Node | undefined => {
  for (const arg of args) {
    if (isError(arg)) return arg
    const entry = arg.kind === 'object' ? arg.entries.find(({ value }) => isError(value)) : undefined
    if (entry !== undefined) return entry.value
  }
  return
}

/** A function of the project's own that is given the error, and sends it. */
const byHelper = (reading: Reading, node: Call, scope: Scope, isCaught: (one: Node) => boolean): Node | undefined => {
  const index = node.args.findIndex(isCaught)
  const callee = index < 1 ? undefined : reading.evaluator.value(node.callee, scope)
  const target = callee?.kind === 'function' ? callee.node.parameters[index]?.target : undefined
  if (callee?.kind !== 'function' || target?.kind !== 'name') return
  return sends(callee.node.body, target.name) ? node.args[index] : undefined
}

const sends = (body: readonly Node[], name: string): boolean => {
  const bodies = new Set([name])
  let found = false
  const isError = (one: Node): boolean => one.kind === 'name' && bodies.has(one.name)
  walk(body, (node) => {
    // const data = { message: given }; res.json(data)
    if (node.kind === 'assign' && node.target.kind === 'name' && node.value?.kind === 'object')
      if (node.value.entries.some(({ value }) => isError(value))) bodies.add(node.target.name)
    if (node.kind === 'call' && node.callee.kind === 'member' && SENDS.test(lastName(node.callee) ?? ''))
      found ||= wholeIn(node, isError) !== undefined
    return !found
  })
  return found
}

/** The variable of a `catch` (the tree keeps no binding for it), or the first parameter of a callback. */
const caught = (name: string, scope: Scope, handler: FunctionNode): boolean => {
  if (!ERROR.test(name)) return false
  const [binding] = lookup(scope, name)
  return binding === undefined || (binding.kind === 'parameter' && binding.index === 0 && binding.node !== handler)
}
