/** Whom a guard lets through by its own list: routes whose config says so, and paths that it names. */
import {
  type Frame,
  lastName,
  lookup,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { refusalIn } from '../refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** What a guard can know of a route before the request: its config, its path, its method. */
export interface Asked {
  readonly config: Value | undefined
  readonly url: string
  readonly method: string
}

/** A route that nobody said anything of. */
export const unmarked: Asked = { config: undefined, url: '/\u0000nobody/named/this', method: 'GET' }

interface Reader {
  readonly reading: Reading
  readonly asked: Asked
  readonly frame: Frame | undefined
  readonly depth: number
}

/** Whether a guard's function goes on to check a request for this route. */
export const checks = (reading: Reading, { node, scope, frame }: FunctionValue, asked: Asked): boolean =>
  outcome({ reading, asked, frame, depth: 0 }, node.body, scope) !== 'through'

type Outcome = 'through' | 'checked' | 'goes-on'

const outcome = (reader: Reader, body: readonly Node[], around: Scope): Outcome => {
  let pruned = false
  let checked = false
  for (const node of body) {
    const scope = reader.reading.program.scopeOf(node) ?? around
    if (node.kind === 'if') {
      const truth = truthOf(reader, node.test, scope)
      if (truth === undefined) {
        checked ||=
          refuses(reader, [...node.consequent, ...node.alternate], scope) || refuses(reader, [node.test], scope)
        continue
      }
      const taken = truth ? node.consequent : node.alternate
      if (!truth || node.alternate.length > 0) pruned = true
      const inner = outcome(reader, taken, scope)
      if (inner === 'checked') checked = true
      else if (leaves(taken)) return checked ? 'checked' : 'through'
    } else if (node.kind === 'return' || isDone(node)) {
      const value = node.kind === 'return' ? node.value : undefined
      if (value?.kind === 'conditional') {
        const truth = truthOf(reader, value.test, scope)
        if (truth !== undefined)
          return refuses(reader, [truth ? value.consequent : value.alternate], scope) || checked ? 'checked' : 'through'
      }
      if (value?.kind === 'logical') {
        const truth = truthOf(reader, value.left, scope)
        if (truth !== undefined && truth === (value.operator !== '&&')) return checked ? 'checked' : 'through'
      }
      if (value !== undefined && refuses(reader, [value], scope)) return 'checked'
      return checked ? 'checked' : pruned ? 'through' : 'goes-on'
    } else if (refuses(reader, [node], scope)) checked = true
  }
  return checked ? 'checked' : pruned ? 'through' : 'goes-on'
}

const leaves = (nodes: readonly Node[]): boolean => nodes.some((one) => one.kind === 'return' || isDone(one))

const isDone = (node: Node): boolean =>
  node.kind === 'call' && /^(?:done|next)$/.test(lastName(node.callee) ?? '') && node.args.length === 0

const CHECK = /verify|authenticate|authorize|unauthorized|forbidden|getSession|findSession|check|guard|auth\b|decode/i

const refuses = ({ reading }: Reader, nodes: readonly Node[], scope: Scope): boolean => {
  if (refusalIn(reading, nodes, scope)) return true
  let found = false
  walk(nodes, (node) => {
    if (node.kind === 'throw') found = true
    if (node.kind === 'call' && CHECK.test(lastName(node.callee) ?? '')) found = true
    // A hook that adds the guard to the route: `route.onRequest = [guard]`.
    if (
      node.kind === 'assign' &&
      node.target.kind === 'member' &&
      /^(?:onRequest|preHandler|preValidation|preParsing)$/.test(lastName(node.target) ?? '')
    )
      found = true
    return !found
  })
  return found
}

/** What a test is for this route; undefined where it asks something else. */
const truthOf = (reader: Reader, node: Node, scope: Scope): boolean | undefined => {
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
    case 'logical': {
      const [left, right] = [truthOf(reader, node.left, scope), truthOf(reader, node.right, scope)]
      if (node.operator === '&&')
        return left === false || right === false ? false : left === true && right === true ? true : undefined
      if (node.operator === '??') return undefinedIn(reader, node.left, scope) ? right : left
      return left === true || right === true ? true : left === false && right === false ? false : undefined
    }
    case 'binary': {
      if (node.operator !== '===' && node.operator !== '!==') return
      const equal = equality(reader, node.left, node.right, scope) ?? equality(reader, node.right, node.left, scope)
      return equal === undefined ? undefined : node.operator === '===' ? equal : !equal
    }
    case 'call':
      return called(reader, node, scope)
    default: {
      const config = configIn(reader, node, scope)
      return config === undefined ? throughName(reader, node, scope) : truthy(config.value)
    }
  }
}

const throughName = (reader: Reader, node: Node, scope: Scope): boolean | undefined => {
  if (node.kind !== 'name' || reader.depth > 4) return
  const [binding] = lookup(scope, node.name)
  if (binding?.kind !== 'value' || binding.assign.value === undefined || binding.path.length > 0) return
  return truthOf({ ...reader, depth: reader.depth + 1 }, binding.assign.value, binding.scope)
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
  if (isUrl(reader, node, scope)) return typeof value.value === 'string' ? value.value === reader.asked.url : undefined
  if (isMethod(node)) return value.value === reader.asked.method
  const config = configIn(reader, node, scope)
  if (config === undefined) return
  if (config.value === undefined) return value.value === null
  const all = possibilities(config.value).map((one) => (one.kind === 'literal' ? one.value === value.value : undefined))
  return all.every((one) => one === all[0]) ? all[0] : undefined
}

const isMethod = (node: Node): boolean => /(?:^|\.)method$/.test(pathOf(node)?.join('.') ?? '')

/** `request.routeOptions.config.public`, `reply.context.config`, `route.config`, and names that were taken out of them. */
const configIn = (reader: Reader, node: Node, scope: Scope): { value: Value | undefined } | undefined => {
  const path = fullPath(node, scope)
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

/** The path with what names stand for put in: `config.public` after `const { config } = request.routeOptions`. */
const fullPath = (node: Node, scope: Scope, depth = 0): readonly string[] | undefined => {
  if (node.kind === 'other' && node.children.length === 1 && node.children[0])
    return fullPath(node.children[0], scope, depth)
  if (node.kind === 'logical') return fullPath(node.left, scope, depth)
  if (node.kind === 'member' && node.property.kind === 'literal') {
    const object = fullPath(node.object, scope, depth)
    return object && [...object, String(node.property.value)]
  }
  if (node.kind !== 'name') return pathOf(node)
  const [binding] = lookup(scope, node.name)
  if (binding?.kind === 'parameter' && binding.path.length > 0)
    return [binding.index === 0 ? 'request' : 'reply', ...binding.path.map(String)]
  if (binding?.kind === 'parameter') return [binding.index === 0 ? 'request' : 'reply']
  if (binding?.kind !== 'value' || binding.assign.value === undefined || depth > 4) return [node.name]
  const inner = fullPath(binding.assign.value, binding.scope, depth + 1)
  return inner && [...inner, ...binding.path.map(String)]
}

const URL_NAME = /^(?:url|originalUrl|path|pathname|routerPath|routePath|routeUrl)$/

const isUrl = (reader: Reader, node: Node, scope: Scope): boolean => {
  if (node.kind === 'logical') return isUrl(reader, node.left, scope)
  if (node.kind === 'other') return node.children.some((one) => isUrl(reader, one, scope))
  // request.url.split('?')[0], new URL(request.url).pathname
  if (node.kind === 'call')
    return node.callee.kind === 'member'
      ? /^(?:split|replace|toLowerCase|slice|trim)$/.test(lastName(node.callee) ?? '') &&
          isUrl(reader, node.callee.object, scope)
      : node.args.some((one) => isUrl(reader, one, scope))
  if (node.kind === 'member' && node.property.kind === 'literal' && typeof node.property.value === 'number')
    return isUrl(reader, node.object, scope)
  if (node.kind === 'member' && node.property.kind !== 'literal') return isUrl(reader, node.object, scope)
  const path = fullPath(node, scope)
  if (path !== undefined && URL_NAME.test(path.at(-1) ?? '')) return true
  if (node.kind !== 'name') return false
  const [binding] = lookup(scope, node.name)
  if (binding?.kind === 'value' && binding.assign.value !== undefined && reader.depth < 4)
    return isUrl({ ...reader, depth: reader.depth + 1 }, binding.assign.value, binding.scope)
  return /^(?:url|path|pathname)$/i.test(node.name)
}

/** `PUBLIC.includes(request.url)`, `url.startsWith('/auth/')`, `/^\/x/.test(url)`, and the project's own `isPublic(request)`. */
const called = (reader: Reader, node: Extract<Node, { kind: 'call' }>, scope: Scope): boolean | undefined => {
  const { reading, asked } = reader
  const evaluate = (one: Node): Value => reading.evaluator.value(one, scope, reader.frame)
  const name = lastName(node.callee) ?? ''
  const object = node.callee.kind === 'member' ? node.callee.object : undefined
  const [first] = node.args
  if (object !== undefined && first !== undefined) {
    if (/^(?:startsWith|endsWith|includes)$/.test(name) && isUrl(reader, object, scope)) {
      const texts = possibilities(evaluate(first)).flatMap((one) =>
        one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : [],
      )
      if (texts.length === 0) return
      return texts.some((one) =>
        name === 'startsWith'
          ? asked.url.startsWith(one)
          : name === 'endsWith'
            ? asked.url.endsWith(one)
            : asked.url.includes(one),
      )
    }
    if (/^(?:includes|has|some|test|exec|find|indexOf)$/.test(name)) {
      const given = evaluate(object)
      if (given.kind === 'pattern' && isUrl(reader, first, scope)) return tested(given.source, asked.url)
      const list = listIn(reading, given)
      if (list === undefined) return
      if (/^(?:includes|has)$/.test(name) && isUrl(reader, first, scope))
        return list.some((one) => one.kind === 'literal' && one.value === asked.url)
      if (name === 'some' && first.kind === 'function') return list.some((one) => matches(one, asked.url, first))
      return
    }
  }
  if (reader.depth > 3) return
  for (const one of possibilities(evaluate(node.callee))) {
    if (one.kind !== 'function') continue
    const frame = reading.evaluator.frame(one, { node, scope }, reader.frame)
    const returns = one.node.body.filter((each) => each.kind === 'return')
    const [only] = returns
    if (returns.length === 1 && only?.kind === 'return' && only.value !== undefined)
      return truthOf(
        { ...reader, frame, depth: reader.depth + 1 },
        only.value,
        reading.program.scopeOf(only) ?? one.scope,
      )
  }
  return
}

/** `new Set([…])` and lists. */
const listIn = (reading: Reading, value: Value): readonly Value[] | undefined => {
  if (value.kind === 'list') return value.items
  if (
    value.kind === 'external' &&
    value.from === 'global' &&
    value.path.includes('Set') &&
    value.call?.node.args[0] !== undefined
  ) {
    const given = reading.evaluator.value(value.call.node.args[0], value.call.scope, value.frame)
    return given.kind === 'list' ? given.items : undefined
  }
  return
}

/** `list.some((one) => url.startsWith(one))`. */
const matches = (one: Value, url: string, callback: Node): boolean => {
  if (one.kind === 'pattern') return tested(one.source, url)
  if (one.kind !== 'literal' || typeof one.value !== 'string') return false
  let how = ''
  walk([callback], (node) => {
    if (node.kind === 'call' && /^(?:startsWith|includes|endsWith)$/.test(lastName(node.callee) ?? ''))
      how = lastName(node.callee) ?? ''
  })
  return how === 'startsWith'
    ? url.startsWith(one.value)
    : how === 'includes'
      ? url.includes(one.value)
      : how === 'endsWith'
        ? url.endsWith(one.value)
        : url === one.value
}

const tested = (source: string, url: string): boolean => {
  // A pattern of the project's is run on a path of the project's; both are short, but the pattern may not be a kind one.
  if (url.length > 200 || /\([^)]*[*+][^)]*\)[*+]/.test(source)) return false
  try {
    return new RegExp(source).test(url)
  } catch {
    return false
  }
}
