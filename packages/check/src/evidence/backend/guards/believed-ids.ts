/** Guards that believe who the caller says they are: `users.find(req.headers['x-user-id'])`. An id is no secret, and proves nothing. */
import { lastName, type Node, pathOf, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { isCheck } from './refusals.ts'
import { isWrittenByCaller, sentAs } from './written-by-caller.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

const ID =
  /^(?:x-)?(?:auth(?:enticated)?[-_]?)?(?:user|account|member|customer|uid|e?mail)(?:[-_]?(?:id|name|e?mail))?$/i
/** A proof by any of its names: then the id only says whose it is. */
const PROOF =
  /sign|hmac|hash|verif|token|secret|session|(?<!un)authori[sz]|passw|bearer|jwt|api[-_]?key|decrypt|unseal|timingSafe|compare|certificate|sid$/i

export const believesId = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  const filled = node.parameters.flatMap((one) => sentAs(one) ?? [])
  let believes = filled.some((one) => ID.test(one))
  let proves = filled.some((one) => !ID.test(one))
  walk(node.body, (one) => {
    const at = reading.program.scopeOf(one) ?? scope
    const name = nameOf(one)
    if (name !== undefined && PROOF.test(name)) proves = true
    const read = readAs(one)
    if (read !== undefined && (isWrittenByCaller(one, at) || isCookie(one))) {
      if (ID.test(read)) believes = true
      else proves = true
    }
    return !proves
  })
  return believes && !proves && !standsIn(reading, node.body, scope, isProof, 2)
}

const isProof = (node: Node): boolean => isCheck(node) || PROOF.test(nameOf(node) ?? '')

/** Hono's `getCookie(c, 'user_id')`. */
const isCookie = (node: Node): boolean => node.kind === 'call' && lastName(node.callee) === 'getCookie'

const nameOf = (node: Node): string | undefined => {
  if (node.kind === 'name') return node.name
  if (node.kind === 'member') return lastName(node)
  return node.kind === 'call' ? (pathOf(node.callee) ?? [lastName(node.callee) ?? '']).join('.') : undefined
}

/** The name of what is read of a request: `req.headers['x-user-id']`, `req.get('x-user-id')`. */
const readAs = (node: Node): string | undefined => {
  // `request.headers.get` is how the next is read.
  if (node.kind === 'member' && lastName(node) === 'get') return
  if (node.kind === 'member') return node.property.kind === 'literal' ? String(node.property.value) : undefined
  const arg = node.kind === 'call' ? node.args[isCookie(node) ? 1 : 0] : undefined
  return arg?.kind === 'literal' ? String(arg.value) : undefined
}
