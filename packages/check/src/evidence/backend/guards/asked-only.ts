/** Guards that ask for a credential, and look at nothing of it: any text at all comes through. */
import {
  type Call,
  isUndefined,
  type Located,
  lastName,
  lookup,
  type Node,
  pathOf,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isKept } from './forgotten-failures.ts'
import { isIdle } from './going-on.ts'
import { isCheck, refusalIn } from './refusals.ts'
import { isWrittenByCaller } from './written-by-caller.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/**
 * `if (!req.headers.authorization) return res.sendStatus(401); next()`. Only what certainly looks at nothing is said to: whatever
 * else is asked, compared or called may be the check.
 */
export const asksOnly = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  let asks = false
  let looks = false
  walk(node.body, (one) => {
    if (looks || one.kind === 'throw' || (isAnswer(one) && !isKept(one))) return false
    const at = reading.program.scopeOf(one) ?? scope
    if (one.kind === 'if' || one.kind === 'conditional') {
      const ways = one.kind === 'if' ? [...one.consequent, ...one.alternate] : [one.consequent, one.alternate]
      if (isForm(one.test, at)) asks = true
      else if (refusalIn(reading, ways, at)) looks = true
    }
    // `try { req.user = decodeJwt(token); next() } catch { res.sendStatus(401) }`: it throws at what is no token, and asks no key.
    if (one.kind === 'try' && refusalIn(reading, one.handlers, at)) asks = true
    // Nest's guards answer by what they return: `return Boolean(request.headers.authorization)`.
    if (one.kind === 'return' && one.value !== undefined && isForm(one.value, at)) asks = true
    looks ||= mayLook(reading, one, at, MOST_CALLS)
    return !looks
  })
  return asks && !looks
}

const isFrom = (value: Value, packages: RegExp): boolean => value.kind === 'external' && packages.test(value.from)

const MOST_CALLS = 3

/** A test of whether the caller sent it, or of how it begins: `!token`, `scheme !== 'Bearer'`, `/^Bearer .+/.test(header)`. */
export const isForm = (node: Node, scope: Scope): boolean => {
  if (node.kind === 'logical') {
    const sides = [node.left, node.right]
    return sides.some((one) => isForm(one, scope)) && sides.every((one) => isForm(one, scope) || asksRoute(one, scope))
  }
  if (node.kind === 'unary') return isForm(node.operand, scope)
  if (node.kind === 'binary') return isSent(node, scope) || comparesForm(node, scope)
  if (node.kind === 'call' && lastName(node.callee) === 'Boolean') return node.args.every((one) => isForm(one, scope))
  if (node.kind === 'call' && node.callee.kind === 'member') {
    const { object } = node.callee
    if (/^(?:startsWith|startswith|includes)$/.test(lastName(node.callee) ?? '')) return isSent(object, scope)
  }
  return isSent(node, scope)
}

/** What a pattern is held against: `/^Bearer .+/.test(header)`, `re.match(r"^Bearer ", header)`, `BEARER.fullmatch(header)`. */
const heldAgainst = ({ callee, args }: Call, scope: Scope): Node | undefined => {
  if (callee.kind !== 'member' || !/^(?:test|exec|match|fullmatch|search)$/.test(lastName(callee) ?? '')) return
  const { object } = callee
  if (object.kind === 'name' && object.name === 're') return args[1]
  const pattern = object.kind === 'name' ? keptAs(object.name, scope)?.node : object
  const isPattern =
    pattern?.kind === 'pattern' || (pattern?.kind === 'call' && pathOf(pattern.callee)?.join('.') === 're.compile')
  return isPattern ? args[0] : undefined
}

const comparesForm = ({ left, right }: Extract<Node, { kind: 'binary' }>, scope: Scope): boolean =>
  (isSent(left, scope) && isMark(right)) || (isSent(right, scope) && isMark(left))

/** What a form is compared with: nothing, a scheme, a type or a number of parts. Another text may be the key itself. */
const isMark = (node: Node): boolean =>
  isUndefined(node) ||
  (node.kind === 'literal' &&
    (typeof node.value !== 'string' || /^(?:|bearer|basic|token|undefined|null|string)$/i.test(node.value.trim())))

const OF_TEXT =
  /^(?:split|slice|substring|substr|trim|strip|replace|toLowerCase|lower|toString|at|pop|shift|removeprefix|partition|match|groups?)$/

/** What the caller sent, whole or a part of it: `header.split(' ')[1]`, `parts.length`, `const [, token] = …`. */
const isSent = (node: Node, scope: Scope, depth = 0): boolean => {
  if (isWrittenByCaller(node, scope)) return true
  if (node.kind === 'unary') return isSent(node.operand, scope, depth)
  if (node.kind === 'logical') return isSent(node.left, scope, depth)
  if (node.kind === 'conditional')
    return [node.consequent, node.alternate].every((one) => one.kind === 'literal' || isSent(one, scope, depth))
  if (node.kind === 'member') return isSent(node.object, scope, depth)
  if (node.kind === 'call') {
    const name = lastName(node.callee) ?? ''
    if (name === 'getCookie') return true
    const held = heldAgainst(node, scope)
    if (held !== undefined) return isSent(held, scope, depth)
    // `parse(req.headers.cookie ?? '').session`
    if (/^(?:parse|parseCookies?|decodeURIComponent|atob)$/.test(name) || isBuffer(node) || isDecoding(node))
      return node.args.some((one) => isSent(one, scope, depth))
    return node.callee.kind === 'member' && OF_TEXT.test(name) && isSent(node.callee.object, scope, depth)
  }
  if (node.kind !== 'name' || depth > 4) return false
  const kept = keptAs(node.name, scope)
  return kept !== undefined && isSent(kept.node, kept.scope, depth + 1)
}

/** `Buffer.from(cookie, 'base64')`: anybody can write that. */
const isBuffer = ({ callee }: Call): boolean => (pathOf(callee) ?? []).join('.') === 'Buffer.from'

/** What reads a token and asks no key: `jwt.decode(token)`, `decodeJwt(token)`, `jwtDecode(token)`. */
const isDecoding = (node: Call): boolean =>
  (/^(?:decode|decodeJwt|jwtDecode|jwt_decode)$/.test(lastName(node.callee) ?? '') &&
    (node.args.length === 1 || node.args[1]?.kind === 'object')) ||
  isUnverified(node)

/** Python's, whatever key is beside it: `jwt.decode(token, key, options={"verify_signature": False})`, `jwt.get_unverified_claims(token)`. */
const isUnverified = ({ callee, named }: Call): boolean => {
  const name = lastName(callee) ?? ''
  const options = named.get('options')
  const verifies =
    options?.kind === 'object'
      ? options.entries.find(({ key }) => key.kind === 'literal' && key.value === 'verify_signature')?.value
      : named.get('verify')
  return (
    name === 'get_unverified_claims' || (name === 'decode' && verifies?.kind === 'literal' && verifies.value === false)
  )
}

const DECODERS = /^(?:jsonwebtoken|jwt-decode|jose|hono\/(?:utils\/)?jwt)$/

/** What a name was given, whole or a part of it. */
const keptAs = (name: string, scope: Scope): Located | undefined => {
  const [binding] = lookup(scope, name)
  const value = binding?.kind === 'value' ? binding.assign.value : undefined
  return binding?.kind === 'value' && value !== undefined ? { node: value, scope: binding.scope } : undefined
}

/** What is answered, and what an error is made of, is no look at the credential. */
const isAnswer = (node: Node): boolean => {
  if (node.kind !== 'call') return false
  const path = pathOf(node.callee) ?? []
  const [root = ''] = path
  const last = path.at(-1) ?? ''
  if (/^(?:next|done|call_next|abort|jsonify|make_response)$/.test(last)) return true
  if (/(?:error|exception|problem|response|unauthori[sz]ed|forbidden)$/i.test(last)) return true
  if (/^(?:c|ctx|context)$/.test(root)) return /^(?:json|text|body|html|redirect|status|header|set)$/.test(last)
  return path.length > 1 && /^(?:res|response|reply|rep)$/.test(root)
}

/** How a guard of Nest's comes to the request, and to what its route is marked with. */
const OF_NEST = /^(?:switchToHttp|getRequest|getHandler|getClass|getAllAndOverride|getAllAndMerge)$/

/** Whether a node may be the check: a comparison of what was sent, a list that it is looked up in, a call of what nobody knows. */
const mayLook = (reading: Reading, node: Node, scope: Scope, calls: number): boolean => {
  if (node.kind === 'binary')
    return [node.left, node.right].some((one) => isSent(one, scope)) && !isForm(node, scope) && node.operator !== '+'
  if (node.kind === 'member') return node.property.kind !== 'literal' && isSent(node.property, scope)
  if (node.kind !== 'call' || isIdle(node) || isAnswer(node)) return false
  if (isUnverified(node)) return false
  if (isDecoding(node)) {
    const { callee } = node
    return !isFrom(reading.evaluator.value(callee, scope), DECODERS)
  }
  if (isCheck(node)) return true
  if (OF_NEST.test(lastName(node.callee) ?? '')) return false
  if (isForm(node, scope)) return false
  if (node.args.some((one) => one.kind === 'function')) return true
  if (node.args.length > 0 && node.args.every((one) => namesRoute(one, scope))) return false
  const callee = reading.evaluator.value(node.callee, scope)
  if (callee.kind !== 'function' || calls === 0) return true
  let looks = false
  walk(callee.node.body, (one) => {
    if (looks || one.kind === 'throw' || (isAnswer(one) && !isKept(one))) return false
    looks = mayLook(reading, one, reading.program.scopeOf(one) ?? callee.scope, calls - 1)
    return !looks
  })
  return looks
}

/** `!PUBLIC.has(req.path)`, `req.path !== '/login'`, `request.url.path not in PUBLIC` */
const asksRoute = (node: Node, scope: Scope): boolean => {
  if (node.kind === 'unary') return asksRoute(node.operand, scope)
  const asked =
    node.kind === 'binary'
      ? [node.left, node.right]
      : node.kind === 'call' && node.callee.kind === 'member'
        ? [...node.args, node.callee.object]
        : []
  return asked.some((one) => one.kind !== 'literal' && namesRoute(one, scope))
}

/** `PUBLIC.has(req.path)`: it asks where a request goes, not who sent it. */
const namesRoute = (node: Node, scope: Scope, depth = 0): boolean => {
  if (node.kind === 'literal') return true
  if (node.kind === 'template') return node.parts.every((one) => namesRoute(one, scope, depth))
  if (node.kind === 'member')
    return /^(?:path|url|originalUrl|baseUrl|pathname|routePath|method|endpoint)$/.test(lastName(node) ?? '')
  if (node.kind !== 'name' || depth > 2) return false
  const kept = keptAs(node.name, scope)
  return kept !== undefined && namesRoute(kept.node, kept.scope, depth + 1)
}
