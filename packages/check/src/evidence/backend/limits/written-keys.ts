/** What a limiter's key holds, also beside the address, that the caller writes as it likes: `${req.ip}:${req.get('x-device-id')}`. */
import {
  type At,
  type Call,
  lastName,
  type Member,
  type Node,
  pathOf,
  type Scope,
  textsOf,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { assignedTo, placeOf, type Reading } from '../reading.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

interface Written {
  readonly at: At
  readonly what: string
  /** Nothing that is seen could have proved the value before it is counted by. */
  readonly sure: boolean
}

const CONTAINER = /^(?:headers|cookies|query|query_params|queryParams|body|args)$/
const REQUEST = /^(?:req|request)$/
/** Whom somebody logs in as: counting by it is another limit, not a way round this one. */
const ACCOUNT = /mail|user|phone|mobile|account|log_?in|ident|name|handle|member|customer|tenant|^id$/i
/** What a proxy sets itself: another question, which the key's reader has asked already. */
const ADDRESS = /(?:^|[-_])(?:ip|ipv6|addr|address|forwarded|host)(?:$|[-_])|clientip/i
/** A guard in front may have proved it. */
const PROVED = /(?:^|[-_])(?:cf|amzn|goog|user(?!-agent)|auth|principal|subject)(?:$|[-_])|authoriz|api[-_]?key|token/i
/** What goes in comes out in another shape. */
const SAME =
  /^(?:String|str|toString|toLowerCase|toUpperCase|lower|upper|trim|strip|slice|substring|concat|join|createHash|update|digest|hexdigest|encode|stringify|hash|sha256|md5|ipKeyGenerator)$/

/** `written` where the caller makes each try somebody new, `unknown` where it may; undefined where nothing of the kind is held. */
export const writtenKey = (reading: Reading, fn: FunctionValue, beside: boolean): Limiter['key'] | undefined => {
  const found = writtenBy(reading, fn, 0)
  const one = found.find(({ sure }) => sure) ?? (beside ? found[0] : undefined)
  return one && { kind: one.sure ? 'written' : 'unknown', at: placeOf(reading, one.at), what: one.what }
}

const writtenBy = (reading: Reading, { node, scope }: FunctionValue, depth: number): readonly Written[] => {
  const found: Written[] = []
  let proves = false
  walkBody(node.body, (one) => {
    if (one.kind === 'return' && one.value) found.push(...held(reading, one.value, scope, depth))
    if ((one.kind === 'if' || one.kind === 'conditional') && !isPresence(one.test)) proves = true
  })
  return proves ? found.map((one) => ({ ...one, sure: false })) : found
}

/** What a text is made of, as far as it is certain that it is: what a function of somebody else's gives back is not. */
const held = (reading: Reading, node: Node, outer: Scope, depth: number): readonly Written[] => {
  if (depth > 6) return []
  const scope = reading.program.scopeOf(node) ?? outer
  const all = (...nodes: readonly Node[]) => nodes.flatMap((one) => held(reading, one, scope, depth + 1))
  switch (node.kind) {
    case 'template':
      return all(...node.parts)
    case 'list':
      return all(...node.items)
    case 'binary':
      return node.operator === '+' ? all(node.left, node.right) : []
    case 'logical':
      return node.operator === '&&' ? all(node.right) : all(node.left, node.right)
    case 'conditional':
      return all(node.consequent, node.alternate)
    case 'name': {
      const source = assignedTo(node.name, scope)
      return source === undefined || source.node === node ? [] : held(reading, source.node, source.scope, depth + 1)
    }
    case 'member':
      return readOf(node, node.property.kind === 'literal' ? String(node.property.value) : undefined, node.object)
    case 'call':
      return inCall(reading, node, scope, depth)
    default:
      return []
  }
}

const inCall = (reading: Reading, node: Call, scope: Scope, depth: number): readonly Written[] => {
  const { callee, args } = node
  const name = lastName(callee) ?? ''
  if (SAME.test(name))
    return [...(callee.kind === 'member' ? [callee.object] : []), ...args].flatMap((one) =>
      held(reading, one, scope, depth + 1),
    )
  if (callee.kind === 'member' && args[0] !== undefined && /^(?:get|header|query|cookie)$/.test(name)) {
    const [text] = textsOf(reading.evaluator.value(args[0], scope))
    return readOf(node, text, callee.object, name)
  }
  const own = reading.evaluator.value(callee, scope)
  return own.kind === 'function' ? writtenBy(reading, own, depth + 1) : []
}

/** `req.headers.cookie`, `request.cookies.get("sid")`, `req.get('x-device-id')`, `c.req.query('client')`. */
const readOf = (node: Member | Call, name: string | undefined, object: Node, method?: string): readonly Written[] => {
  const path = pathOf(object) ?? []
  const from = path.at(-1) ?? ''
  if (name === undefined || !(CONTAINER.test(from) ? path.length > 1 : method !== undefined && REQUEST.test(from)))
    return []
  const [root = ''] = path
  if (/^(?:res|response|reply|self|this|config|settings|options)$/i.test(root)) return []
  const isHeader = from === 'headers' || method === 'header' || (method === 'get' && REQUEST.test(from))
  if (isHeader ? ADDRESS.test(name) : ACCOUNT.test(name)) return []
  // Which field of a body is the account is the program's to say.
  return [{ at: node.at, what: nameOf(from, method, name), sure: from !== 'body' && !PROVED.test(name) }]
}

const nameOf = (from: string, method: string | undefined, name: string): string => {
  if (from === 'cookies' || method === 'cookie') return `the cookie ${name}`
  if (from === 'body') return `the body's ${name}`
  return /^(?:query|query_params|queryParams|args)$/.test(from) || method === 'query'
    ? `${name} of the query`
    : `the ${name} header`
}

/** `if (!device)`, `typeof device === 'string'`: it asks whether something is there, and proves nothing of it. */
const isPresence = (test: Node): boolean => {
  let only = true
  walk([test], (one) => {
    if (one.kind === 'call' && !/^(?:get|header|query|cookie)$/.test(lastName(one.callee) ?? '')) only = false
    if (one.kind === 'binary') {
      const isType = [one.left, one.right].some((side) => side.kind === 'unary' && side.operator === 'typeof')
      const isNothing = [one.left, one.right].some(
        (side) => (side.kind === 'literal' && side.value === null) || lastName(side) === 'undefined',
      )
      if (!isType && !isNothing) only = false
    }
  })
  return only
}
