/** What a guard is asked about, and what it reads of the request: the path, the method, the route's config. */
import { type Frame, type FunctionNode, lookup, type Node, pathOf, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { textOfCall, textOfPart } from './texts.ts'

/** What a guard can know of a route before the request: its config, its path, its method. */
export interface Asked {
  readonly config: Value | undefined
  readonly url: string
  /** What Express leaves of the path in `req.path` for what is mounted on a part of it; the whole one without it. */
  readonly below?: string
  readonly method: string
}

/** A route that nobody said anything of. */
export const unmarked: Asked = { config: undefined, url: '/\u0000nobody/named/this', method: 'GET' }

export interface Reader {
  readonly reading: Reading
  readonly asked: Asked
  readonly frame: Frame | undefined
  readonly depth: number
  /** The call of a helper whose body is read: what its parameters stand for. */
  readonly given?: {
    readonly function: FunctionNode
    readonly args: readonly Node[]
    readonly scope: Scope
    readonly reader: Reader
  }
}

const DEEPEST = 4

export const deeper = (reader: Reader): Reader => ({ ...reader, depth: reader.depth + 1 })

/** The path with what names stand for put in: `config.public` after `const { config } = request.routeOptions`. */
export const fullPath = (reader: Reader, node: Node, scope: Scope, depth = 0): readonly string[] | undefined => {
  if (node.kind === 'other' && node.children.length === 1 && node.children[0])
    return fullPath(reader, node.children[0], scope, depth)
  if (node.kind === 'logical') return fullPath(reader, node.left, scope, depth)
  if (node.kind === 'member' && node.property.kind === 'literal') {
    const object = fullPath(reader, node.object, scope, depth)
    return object && [...object, String(node.property.value)]
  }
  if (node.kind !== 'name') return pathOf(node)
  const [binding] = lookup(scope, node.name)
  if (binding?.kind === 'parameter') {
    const { given } = reader
    const arg = given?.function === binding.node ? given.args[binding.index] : undefined
    const whole = given && arg && depth <= DEEPEST ? fullPath(given.reader, arg, given.scope, depth + 1) : undefined
    return [...(whole ?? [binding.index === 0 ? 'request' : 'reply']), ...binding.path.map(String)]
  }
  if (binding?.kind !== 'value' || binding.assign.value === undefined || depth > DEEPEST) return [node.name]
  const inner = fullPath(reader, binding.assign.value, binding.scope, depth + 1)
  return inner && [...inner, ...binding.path.map(String)]
}

const OF_PATH: Readonly<Record<string, (asked: Asked) => string>> = {
  url: ({ below, url }) => below ?? url,
  path: ({ below, url }) => below ?? url,
  pathname: ({ below, url }) => below ?? url,
  originalUrl: ({ url }) => url,
  // Where Express mounted it: `req.baseUrl + req.path` is the whole path.
  baseUrl: ({ below, url }) => (below === undefined ? '' : url.slice(0, Math.max(0, url.length - below.length))),
  routerPath: ({ url }) => url,
  routePath: ({ url }) => url,
  routeUrl: ({ url }) => url,
  method: ({ method }) => method,
}

/** `config.path`, `process.env.url`: no part of a request. */
const OF_PROGRAM = /^(?:process|env|environment|config|settings|constants|app|server)$/

/** The text that a node is of this request: `req.path`, `request.url.split('?')[0]`, `` `${req.method} ${req.path}` ``. */
export const textIn = (reader: Reader, node: Node, scope: Scope): string | undefined => {
  const inner = (one: Node): string | undefined => textIn(reader, one, scope)
  if (node.kind === 'logical') return inner(node.left)
  if (node.kind === 'other') return node.children.map(inner).find((one) => one !== undefined)
  if (node.kind === 'template') return joined(reader, node.parts, scope)
  if (node.kind === 'binary') return node.operator === '+' ? joined(reader, [node.left, node.right], scope) : undefined
  if (node.kind === 'call') return textOfCall(reader, node, scope, inner)
  if (node.kind === 'member' && !(node.property.kind === 'literal' && typeof node.property.value === 'string'))
    return textOfPart(reader, node, scope, inner)
  const path = fullPath(reader, node, scope)
  const read =
    path === undefined || path.length < 2 || OF_PROGRAM.test(path[0] ?? '') ? undefined : OF_PATH[path.at(-1) ?? '']
  if (read !== undefined) return read(reader.asked)
  return node.kind === 'name' ? textOfName(reader, node.name, scope) : undefined
}

const joined = (reader: Reader, parts: readonly Node[], scope: Scope): string | undefined => {
  let asks = false
  const texts = parts.map((one) => {
    const text = textIn(reader, one, scope)
    asks ||= text !== undefined
    const value = text === undefined ? reader.reading.evaluator.value(one, scope, reader.frame) : undefined
    return text ?? (value?.kind === 'literal' ? String(value.value) : undefined)
  })
  return asks && texts.every((one) => one !== undefined) ? texts.join('') : undefined
}

const textOfName = (reader: Reader, name: string, scope: Scope): string | undefined => {
  const [binding] = lookup(scope, name)
  const { given } = reader
  if (binding?.kind === 'parameter' && binding.path.length === 0 && given?.function === binding.node) {
    const arg = given.args[binding.index]
    return arg && reader.depth <= DEEPEST ? textIn(deeper(given.reader), arg, given.scope) : undefined
  }
  if (binding?.kind === 'value' && binding.assign.value !== undefined && reader.depth < DEEPEST)
    return binding.path.length === 0 ? textIn(deeper(reader), binding.assign.value, binding.scope) : undefined
  return /^(?:url|path|pathname)$/i.test(name) ? reader.asked.url : undefined
}
