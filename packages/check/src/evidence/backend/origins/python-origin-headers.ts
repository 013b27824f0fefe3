/** `Access-Control-Allow-Origin` that a Python program sets by hand. */
import {
  type FunctionNode,
  functionAround,
  lastName,
  type Node,
  pathOf,
  possibilities,
  walk,
} from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { sendsCredentials } from './origin-headers.ts'

export const pythonOriginHeaders = (reading: Reading): readonly CorsSetting[] => {
  const found: CorsSetting[] = []
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !/access-control-allow-origin/i.test(module.text)) continue
    walk(module.body, (node) => {
      for (const [name, value] of pairsOf(node))
        if (name.kind === 'literal' && /^access-control-allow-origin$/i.test(String(name.value)))
          found.push(...settingOf(reading, node, value))
    })
  }
  return found
}

/** `headers['A'] = b`, `{'A': b}`, `headers.add('A', b)` */
const pairsOf = (node: Node): readonly (readonly [Node, Node])[] => {
  if (node.kind === 'assign')
    return node.target.kind === 'member' && node.value ? [[node.target.property, node.value]] : []
  if (node.kind === 'object') return node.entries.map(({ key, value }) => [key, value])
  if (node.kind !== 'call' || !/^(?:add|set|append|setdefault|add_header)$/.test(lastName(node.callee) ?? '')) return []
  const [name, value] = node.args
  return name !== undefined && value !== undefined ? [[name, value]] : []
}

const settingOf = (reading: Reading, node: Node, value: Node): readonly CorsSetting[] => {
  if (whenOf(reading, node) === 'development') return []
  const scope = reading.program.scopeOf(node)
  const at = placeOf(reading, value.at)
  const texts = scope ? possibilities(reading.evaluator.value(value, scope)) : []
  const owner = functionAround(scope)
  const credentials = owner !== undefined && sendsCredentials(owner)
  if (texts.some((one) => one.kind === 'literal' && one.value === '*'))
    return [{ at, origins: 'any', what: '*', credentials }]
  if (!reflects(value)) return []
  return isChecked(reading, node, owner)
    ? [{ at, origins: 'listed', what: 'an origin that was checked', credentials }]
    : [{ at, origins: 'reflected', what: 'the request’s own origin', credentials }]
}

const reflects = (node: Node): boolean => {
  let found = false
  walk([node], (one) => {
    if (one.kind === 'member' && /headers/.test((pathOf(one) ?? []).join('.'))) found = true
    if (one.kind === 'name' && one.name === 'origin') found = true
  })
  return found
}

/** `if origin in ALLOWED` around it, or an `if origin not in ALLOWED: return` before it. */
const isChecked = (reading: Reading, setter: Node, owner: FunctionNode | undefined): boolean => {
  for (
    let one = reading.program.parentOf(setter);
    one !== undefined && one !== owner;
    one = reading.program.parentOf(one)
  )
    if (one.kind === 'if' && asksForList(one.test)) return true
  return owner !== undefined && leavesBefore(owner, setter)
}

const leavesBefore = ({ body }: FunctionNode, setter: Node): boolean =>
  body.some(
    (one) =>
      one.kind === 'if' &&
      one.at.end <= setter.at.start &&
      asksForList(one.test) &&
      /^(?:return|throw)$/.test(one.consequent.at(-1)?.kind ?? ''),
  )

const asksForList = (test: Node): boolean => {
  let found = false
  walk([test], (one) => {
    const isMember = one.kind === 'binary' && one.operator === 'in'
    if (isMember || /allow|valid|match/i.test(lastName(one) ?? '')) found = true
  })
  return found
}
