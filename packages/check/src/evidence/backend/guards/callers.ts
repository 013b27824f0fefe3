/** Whether a function looks at who is calling. */
import { type Call, lastName, type Node, pathOf, possibilities, textsOf, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'

/** Names of headers; `apikey` by itself is a property as often. */
const CREDENTIAL =
  /^(?:authorization|x-api-?key|api-key|x-(?:auth|access|app|client)-(?:token|key)|x-(?:[a-z]+-)?signature(?:-256)?)$/i

/** `req.session.userId`, `req.headers.authorization`, `req.headers[Header.API_KEY]`, `request.user`, `c.get('user')`, `getCookie(c, 'sid')`. */
export const looksAtCaller = (
  reading: Reading,
  { node: { body }, scope }: Extract<Value, { kind: 'function' }>,
): boolean => {
  // In the function itself, or in a helper that it asks: `const token = bearer(req)`.
  return standsIn(reading, body, scope, looks, 2)

  function looks(node: Node): boolean {
    let found = false
    if (node.kind === 'member') {
      const path = pathOf(node)?.join('.') ?? ''
      if (
        /\b(?:session|headers?\.authorization|authorization|(?:req(?:uest)?|state|locals|g|c(?:tx|ontext)?\.var)\.(?:auth|user(?:_?id)?|account|principal)|(?:signed)?cookies?)\b/i.test(
          path,
        )
      )
        found = true
      if (node.property.kind !== 'literal' && lastName(node.object) === 'headers') found ||= names(node.property)
    }
    // Flask's `'user_id' in session`.
    if (node.kind === 'binary' && node.operator === 'in' && node.right.kind === 'name')
      found ||= node.right.name === 'session'
    if (node.kind === 'call' && /^get(?:Signed)?Cookie$/.test(lastName(node.callee) ?? ''))
      found ||= !isAgainstForgery(node)
    if (node.kind === 'call' && /^(?:header|get)$/.test(lastName(node.callee) ?? ''))
      found ||= node.args[0] !== undefined && (node.args[0].kind === 'literal' ? kept(node) : names(node.args[0]))
    if (node.kind === 'literal' && typeof node.value === 'string' && CREDENTIAL.test(node.value)) found = true
    return found
  }

  /** What another middleware of Hono's found out: `c.get('user')`. */
  function kept({ callee, args: [name] }: Call): boolean {
    return (
      callee.kind === 'member' &&
      /^(?:c|ctx|context)$/.test(lastName(callee.object) ?? '') &&
      name?.kind === 'literal' &&
      /^(?:auth|user(?:_?id)?|account|principal|session|jwt_?payload|claims)$/i.test(String(name.value))
    )
  }

  /** A token against forged requests says nothing of who sends it. */
  function isAgainstForgery({ args }: Call): boolean {
    return args.some((one) => textsOf(evaluated(one)).some((text) => /csrf|xsrf/i.test(text)))
  }

  function evaluated(node: Node): Value {
    return reading.evaluator.value(node, reading.program.scopeOf(node) ?? scope)
  }

  function names(node: Node): boolean {
    return possibilities(evaluated(node)).some((one) => one.kind === 'literal' && CREDENTIAL.test(String(one.value)))
  }
}
