/** Answers that show the inside: a stack, or the error itself. Its message alone is not one of them. */
import {
  type FunctionNode,
  functionAround,
  isFrom,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import { inHelper, putIn } from '../disclosure/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { defaultsToDevelopment, heldBy, isSet } from './environment.ts'
import type { Registration } from './registrations.ts'

const ERROR_NAME = /^(?:e|err|error|ex|exc|exception|cause|reason)$/i
const ANSWERS = /^(?:json|text|body|html|jsonT|newResponse)$/
const CONTEXT = /^(?:c|ctx|context|Response)$/

export const debugSigns = (reading: Reading, registrations: readonly Registration[]): readonly DebugSign[] => {
  const signs = new Map<string, DebugSign>()
  const add = (node: Node, what: string, unless?: string) => {
    const at = placeOf(reading, node.at)
    const key = `${at.file}:${at.line}`
    if (!signs.has(key)) signs.set(key, { at, what, ...(unless === undefined ? {} : { unless }) })
  }
  for (const one of registrations) {
    if (one.method !== 'onError' || one.node.args[0] === undefined) continue
    for (const value of possibilities(reading.evaluator.value(one.node.args[0], one.scope, one.frame))) {
      if (value.kind === 'function') inHandler(reading, value.node, add)
      // stoker's own handler answers the stack unless NODE_ENV is production.
      if (!isFrom(value, /^stoker\/middlewares/, 'onError')) continue
      if (defaultsToDevelopment(reading))
        add(one.node, 'stoker answers err.stack unless NODE_ENV is production, and its default is development')
      else if (reading.deployment?.production === false && !isSet(reading, 'NODE_ENV'))
        add(one.node, 'stoker answers err.stack', 'NODE_ENV is production, which nothing in the project sets')
    }
  }
  for (const name of ['json', 'text', 'body', 'html', 'newResponse'])
    for (const { node, scope } of reading.program.callsNamed(name))
      if (node.callee.kind === 'member' && CONTEXT.test(lastName(node.callee.object) ?? ''))
        for (const arg of node.args.slice(0, 1)) answered(reading, arg, scope, undefined, add)
  return [...signs.values()]
}

/** An error handler: its first parameter is the error, whatever it is called. */
const inHandler = (reading: Reading, handler: FunctionNode, add: (node: Node, what: string) => void): void => {
  const target = handler.parameters[0]?.target
  const name = target?.kind === 'name' ? target.name : undefined
  walk(handler.body, (node) => {
    if (node.kind !== 'call' || !ANSWERS.test(lastName(node.callee) ?? '') || node.args[0] === undefined) return
    const scope = reading.program.scopeOf(node)
    if (scope !== undefined) answered(reading, node.args[0], scope, name, add)
  })
}

/** Looks at what is answered: a name that stands for an object of its own is followed. */
const answered = (
  reading: Reading,
  arg: Node,
  scope: Scope,
  error: string | undefined,
  add: (node: Node, what: string) => void,
  depth = 0,
): void => {
  const isError = (node: Node): boolean =>
    node.kind === 'name' && (node.name === error || (ERROR_NAME.test(node.name) && caught(reading, node, scope)))
  const show = (node: Node, what: string) => {
    if (heldBy(reading, node) !== 'development') add(node, what)
  }
  if (isError(arg)) show(arg, 'the error itself in the answer')
  walk([arg], (node) => {
    if (node.kind === 'function') return false
    if (node.kind === 'member' && lastName(node) === 'stack' && !isConditionOf(reading, node))
      show(node, `${lastName(node.object) ?? 'error'}.stack in the answer`)
    if (
      node.kind === 'call' &&
      /^(?:inspect|format)$/.test(lastName(node.callee) ?? '') &&
      node.args.some((one) => isError(one) || ERROR_NAME.test(lastName(one) ?? ''))
    ) {
      show(node, `${lastName(node.callee)}() of the error in the answer`)
      return false
    }
    const inside = node.kind === 'call' ? functionAround(scope) : undefined
    const made =
      node.kind === 'call' && inside
        ? inHelper(reading, node, { kind: 'function', node: inside, scope, frame: undefined, at: inside.at }, depth)
        : undefined
    if (made !== undefined) show(made.node, `${made.what} in the answer`)
    if (node.kind === 'object') {
      for (const { value } of node.entries) if (isError(value)) show(value, 'the error itself in the answer')
      for (const spread of node.spreads) if (isError(spread)) show(spread, 'the error itself in the answer')
    }
    if (node.kind === 'name' && depth < 2 && !isError(node)) {
      const bound = boundTo(node.name, scope)
      if (bound === undefined) return true
      const owner = functionAround(scope)
      const later = owner && putIn(reading, { node: owner }, node.name)
      if (later !== undefined) show(later.node, 'the stack in the answer')
      if (bound.path.at(-1) === 'stack') show(node, 'the stack in the answer')
      else if (
        bound.path.length === 0 &&
        bound.value &&
        (bound.value.kind === 'object' ||
          (bound.value.kind === 'member' && lastName(bound.value) === 'stack') ||
          bound.value.kind === 'conditional')
      )
        answered(reading, bound.value, bound.scope, error, add, depth + 1)
    }
    return true
  })
}

/** `err.stack ? … : …` only asks. */
const isConditionOf = (reading: Reading, node: Node): boolean => {
  const parent = reading.program.parentOf(node)
  return parent?.kind === 'conditional' && parent.test === node
}

/** A name that nothing declares, inside a `catch`: the tree keeps no binding for it. */
const caught = (reading: Reading, node: Extract<Node, { kind: 'name' }>, scope: Scope): boolean => {
  const value: Value = reading.evaluator.value(node, scope)
  return value.kind === 'external' && value.from === 'global'
}

const boundTo = (
  name: string,
  scope: Scope,
): { value: Node | undefined; path: readonly (string | number)[]; scope: Scope } | undefined => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    const [binding] = one.names.get(name) ?? []
    if (binding?.kind === 'value') return { value: binding.assign.value, path: binding.path, scope: binding.scope }
    if (binding !== undefined) return
  }
  return
}
