/** What handles a request: the functions that a registration names. */
import {
  type Call,
  type Frame,
  lastName,
  type Node,
  type Scope,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Handler } from './model.ts'

export const handlersOf = (reading: Reading, node: Node, scope: Scope, frame: Frame | undefined): Handler[] => {
  const from = node.kind === 'spread' ? node.operand : node
  const value = reading.evaluator.value(from, scope, frame)
  if (value.kind === 'list')
    return value.items.map((one, index) => ({
      value: one,
      node: from.kind === 'list' ? (from.items[index] ?? from) : from,
      scope,
      frame,
      name: nameOfValue(one) || nameOf(from.kind === 'list' ? from.items[index] : from),
    }))
  // factory.createHandlers(a, b)
  if (value.kind === 'external' && withoutDefault(value.path).at(-2) === 'createHandlers' && value.call) {
    const { call } = value
    return call.node.args.flatMap((arg) => handlersOf(reading, arg, call.scope, value.frame))
  }
  return [{ value, node: from, scope, frame, name: nameOf(from) || nameOfValue(value) }]
}

const nameOf = (node: Node | undefined): string => {
  if (node === undefined) return ''
  const callee: Node = node.kind === 'call' ? (node as Call).callee : node
  if (callee.kind === 'call') return nameOf(callee)
  if (callee.kind === 'member')
    return `${callee.object.kind === 'name' ? `${callee.object.name}.` : ''}${lastName(callee) ?? ''}`
  return lastName(callee) ?? ''
}

export const nameOfValue = (value: Value): string => {
  if (value.kind === 'function') return value.node.name ?? ''
  return value.kind === 'external'
    ? (withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ?? '')
    : (value.kind === 'unknown' && value.label?.at(-1)) || ''
}
