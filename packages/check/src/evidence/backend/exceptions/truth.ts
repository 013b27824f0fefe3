/** What the tests of a guard come to for one route. */
import {
  type FunctionNode,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  type Value,
} from '../../source/index.ts'
import { entriesIn } from '../known-lists.ts'
import { deeper, fullPath, type Reader, textIn } from './asked.ts'
import { asksList, itemsIn, type Turn } from './lists.ts'

/** What a test is for this route; undefined where it asks something else. */
export const truthOf = (reader: Reader, node: Node, scope: Scope): boolean | undefined => {
  switch (node.kind) {
    case 'literal':
      return Boolean(node.value)
    case 'other':
      return node.children.length === 1 && node.children[0] !== undefined
        ? truthOf(reader, node.children[0], scope)
        : undefined
    case 'unary': {
      const inner = truthOf(reader, node.operand, scope)
      return node.operator !== '!' || inner === undefined ? undefined : !inner
    }
    case 'logical':
      return ofLogical(reader, node, scope)
    case 'binary':
      return ofBinary(reader, node, scope)
    case 'call':
      return ofCall(reader, node, scope)
    default: {
      const config = configIn(reader, node, scope) ?? keptFor(reader, node, scope)
      return config === undefined ? throughName(reader, node, scope) : truthy(config.value)
    }
  }
}

const ofLogical = (
  reader: Reader,
  { operator, left: first, right: second }: Extract<Node, { kind: 'logical' }>,
  scope: Scope,
): boolean | undefined => {
  const [left, right] = [truthOf(reader, first, scope), truthOf(reader, second, scope)]
  if (operator === '&&')
    return left === false || right === false ? false : left === true && right === true ? true : undefined
  if (operator === '??') return undefinedIn(reader, first, scope) ? right : left
  return left === true || right === true ? true : left === false && right === false ? false : undefined
}

const ofBinary = (
  reader: Reader,
  { operator, left, right }: Extract<Node, { kind: 'binary' }>,
  scope: Scope,
): boolean | undefined => {
  if (operator === 'in') {
    const [key, kept] = [textIn(reader, left, scope), reader.reading.evaluator.value(right, scope, reader.frame)]
    return key === undefined || kept.kind !== 'object' ? undefined : kept.entries.has(key)
  }
  // PUBLIC.indexOf(req.path) !== -1
  const found = left.kind === 'call' && lastName(left.callee) === 'indexOf' ? ofCall(reader, left, scope) : undefined
  if (found !== undefined) return operator === '===' || operator === '<' ? !found : found
  if (operator !== '===' && operator !== '!==') return
  const equal = equality(reader, left, right, scope) ?? equality(reader, right, left, scope)
  return equal === undefined ? undefined : operator === '===' ? equal : !equal
}

const throughName = (reader: Reader, node: Node, scope: Scope): boolean | undefined => {
  if (node.kind !== 'name' || reader.depth > 4) return
  const [binding] = lookup(scope, node.name)
  if (binding?.kind !== 'value' || binding.assign.value === undefined || binding.path.length > 0) return
  return truthOf(deeper(reader), binding.assign.value, binding.scope)
}

const truthy = (value: Value | undefined): boolean | undefined => {
  if (value === undefined) return false
  const all = possibilities(value).map((one) =>
    one.kind === 'literal'
      ? Boolean(one.value)
      : one.kind === 'list' || one.kind === 'object' || one.kind === 'function'
        ? true
        : undefined,
  )
  return all.every((one) => one === all[0]) ? all[0] : undefined
}

const undefinedIn = (reader: Reader, node: Node, scope: Scope): boolean => {
  const config = configIn(reader, node, scope)
  return config !== undefined && config.value === undefined
}

const equality = (reader: Reader, node: Node, other: Node, scope: Scope): boolean | undefined => {
  const value = reader.reading.evaluator.value(other, scope, reader.frame)
  if (value.kind !== 'literal') return
  const text = textIn(reader, node, scope)
  if (text !== undefined) return typeof value.value === 'string' ? value.value === text : undefined
  const config = configIn(reader, node, scope)
  if (config === undefined) return
  if (config.value === undefined) return value.value === null
  const all = possibilities(config.value).map((one) => (one.kind === 'literal' ? one.value === value.value : undefined))
  return all.every((one) => one === all[0]) ? all[0] : undefined
}

interface Kept {
  readonly value: Value | undefined
}

/** `request.routeOptions.config.public`, `reply.context.config`, `route.config`, and names that were taken out of them. */
const configIn = (reader: Reader, node: Node, scope: Scope): Kept | undefined => {
  const path = fullPath(reader, node, scope)
  const at = path?.findIndex((one) => one === 'config' || one === 'routeConfig') ?? -1
  if (path === undefined || at === -1) return
  // Of the application (fastify.config) or the module's own settings, nothing is known here.
  if (!/^(?:req|request|reply|res|route|routeOptions|opts|options|r|context|_?req)/i.test(path[0] ?? '')) return
  const keys = path.slice(at + 1)
  let value: Value | undefined = reader.asked.config
  for (const key of keys) {
    if (value === undefined) return { value: undefined }
    const found: Value | undefined = possibilities(value).flatMap((one) =>
      one.kind === 'object' && one.entries.has(key) ? [one.entries.get(key)] : [],
    )[0]
    if (found === undefined && possibilities(value).some((one) => one.kind !== 'object' || one.rest.length > 0)) return
    value = found
  }
  return { value: keys.length === 0 ? (value ?? { kind: 'object', entries: new Map(), rest: [], at: node.at }) : value }
}

/** `PUBLIC[req.path]`, `PUBLIC.get(req.path)`: what an object or a map of the program's keeps for the path or the method. */
const keptFor = (reader: Reader, node: Node, scope: Scope): Kept | undefined => {
  if (node.kind === 'call') return keptInMap(reader, node, scope)
  if (node.kind !== 'member' || node.property.kind === 'literal') return
  const key = textIn(reader, node.property, scope)
  if (key === undefined) return
  const kept = reader.reading.evaluator.value(node.object, scope, reader.frame)
  return kept.kind === 'object' && kept.rest.length === 0 ? { value: kept.entries.get(key) } : undefined
}

const keptInMap = (
  reader: Reader,
  { callee, args }: Extract<Node, { kind: 'call' }>,
  scope: Scope,
): Kept | undefined => {
  const [first] = args
  if (callee.kind !== 'member' || lastName(callee) !== 'get' || first === undefined) return
  const key = textIn(reader, first, scope)
  const { reading, frame } = reader
  const entries =
    key === undefined ? undefined : entriesIn(reading, reading.evaluator.value(callee.object, scope, frame))
  if (entries === undefined || entries.some(([one]) => one.kind !== 'literal')) return
  return { value: entries.find(([one]) => one.kind === 'literal' && one.value === key)?.[1] }
}

const heldValue = (reader: Reader, node: Node, scope: Scope): Value | undefined => {
  const [binding] = node.kind === 'name' ? lookup(scope, node.name) : []
  const { value } = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign : {}
  // const methods = PUBLIC[req.path]
  const kept = keptFor(reader, value ?? node, binding?.scope ?? scope)
  return kept === undefined ? reader.reading.evaluator.value(node, scope, reader.frame) : kept.value
}

/** `PUBLIC.includes(request.url)`, `url.startsWith('/auth/')`, `/^\/x/.test(url)`, and the project's own `isPublic(request)`. */
const ofCall = (reader: Reader, node: Extract<Node, { kind: 'call' }>, scope: Scope): boolean | undefined => {
  const kept = keptInMap(reader, node, scope)
  if (kept !== undefined) return truthy(kept.value)
  const object = node.callee.kind === 'member' ? node.callee.object : undefined
  if (object !== undefined && node.args[0] !== undefined) {
    const list = heldValue(reader, object, scope)
    // PUBLIC[req.method]?.includes(…) where there is no such key
    if (list === undefined) return false
    const answer = asksList(reader, { node, object, list, scope }, saysOf)
    if (answer !== undefined) return answer
  }
  if (/^(?:Boolean|bool)$/.test(lastName(node.callee) ?? '') && node.args[0] !== undefined)
    return truthOf(reader, node.args[0], scope)
  if (reader.depth > 3) return
  for (const one of possibilities(reader.reading.evaluator.value(node.callee, scope, reader.frame))) {
    if (one.kind !== 'function') continue
    const frame = reader.reading.evaluator.frame(one, { node, scope }, reader.frame)
    const given = { function: one.node, args: node.args, scope, reader }
    return saysOf({ ...reader, frame, given, depth: reader.depth + 1 }, one.node, one.scope)
  }
  return
}

/** What a function answers, true or false. */
export const saysOf = (reader: Reader, { body }: FunctionNode, scope: Scope): boolean | undefined => {
  const said = says(reader, body, scope)
  return said === 'goes-on' ? false : said
}

const says = (reader: Reader, body: readonly Node[], around: Scope): boolean | undefined | 'goes-on' => {
  for (const node of body) {
    const scope = reader.reading.program.scopeOf(node) ?? around
    if (node.kind === 'return') return node.value === undefined ? false : truthOf(reader, node.value, scope)
    const turns = itemsOf(reader, node, scope)
    const ways: readonly Turn[] | undefined =
      node.kind === 'if' ? branchOf(reader, node, scope) : (turns ?? (returns(node) ? undefined : []))
    if (ways === undefined) return
    for (const one of ways) {
      const said = says(one.reader, one.body, scope)
      if (said !== 'goes-on') return said
    }
  }
  return 'goes-on'
}

const branchOf = (
  reader: Reader,
  { test, consequent, alternate }: Extract<Node, { kind: 'if' }>,
  scope: Scope,
): readonly Turn[] | undefined => {
  const truth = truthOf(reader, test, scope)
  if (truth !== undefined) return [{ reader, body: truth ? consequent : alternate }]
  return [...consequent, ...alternate].some(returns) ? undefined : []
}

const returns = (node: Node): boolean => {
  if (node.kind === 'return') return true
  if (node.kind === 'if') return [...node.consequent, ...node.alternate].some(returns)
  if (node.kind === 'try') return [...node.body, ...node.handlers].some(returns)
  return node.kind === 'other' && node.children.some(returns)
}

/** The turns of a loop over a list of the program's: `for (const one of PUBLIC) …`. */
export const itemsOf = (reader: Reader, node: Node, scope: Scope): readonly Turn[] | undefined =>
  node.kind === 'other' ? itemsIn(reader, node.children, scope) : undefined
