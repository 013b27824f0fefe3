/** What a call that signs a token says of it. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import { handedOut } from '../injected.ts'
import type { Reading } from '../reading.ts'
import { heldSigning } from './held-signers.ts'
import { librarySigning, type Signing, withSubject } from './signing-libraries.ts'

export const signingOf = (reading: Reading, located: Located<Call>, frame: Frame | undefined): Signing | undefined => {
  const { node, scope } = located
  const { evaluator } = reading
  const called = evaluator.value(node.callee, scope, frame)
  const value = (one: Node): Value => evaluator.value(one, scope, frame)
  for (const callee of possibilities(called).flatMap((each) => possibilities(handedOut(reading, each) ?? each))) {
    const from = callee.kind === 'external' ? callee.from : ''
    const path = pathTo(callee).join('.')
    // It takes no claims in this call: nothing is known of what it signs.
    if (from === 'jose' && path === 'sign') return
    if (from === 'jose' && /SignJWT/.test(path) && lastName(node.callee) === 'sign')
      return joseSigning(reading, located, frame)
    const found = librarySigning({ reading, call: located, callee, from, path, value })
    if (found !== undefined) return found
  }
  return heldSigning(reading, located, frame, called)
}

const pathTo = (callee: Value): readonly string[] => {
  if (callee.kind === 'external') return withoutDefault(callee.path)
  return callee.kind === 'unknown' ? (callee.label ?? []) : []
}

/** `new SignJWT(claims).setExpirationTime('15m').sign(key)`. */
const joseSigning = (reading: Reading, located: Located<Call>, frame: Frame | undefined): Signing | undefined => {
  let claims: Value | undefined
  let expires: Value | undefined
  let subject: Value | undefined
  for (let node: Node = located.node.callee; ; ) {
    if (node.kind === 'member') node = node.object
    else if (node.kind === 'call') {
      if (lastName(node.callee) === 'setExpirationTime' && node.args[0]) {
        expires = reading.evaluator.value(node.args[0], located.scope, frame)
        // A number there is a moment, not a span (RFC 7519, 4.1.4).
        if (expires.kind === 'literal' && typeof expires.value === 'number')
          expires = { kind: 'instant', seconds: expires.value, scale: 's', at: expires.at }
      }
      if (lastName(node.callee) === 'setSubject' && node.args[0])
        subject = reading.evaluator.value(node.args[0], located.scope, frame)
      if (lastName(node.callee) === 'SignJWT') {
        claims = node.args[0]
          ? reading.evaluator.value(node.args[0], located.scope, frame)
          : { kind: 'object', entries: new Map(), rest: [], at: node.at }
        break
      }
      node = node.callee
    } else if (node.kind === 'name') {
      const value = reading.evaluator.value(node, located.scope, frame)
      if (value.kind !== 'external' || value.call === undefined) return
      node = value.call.node
    } else return
  }
  const [key] = located.node.args
  return {
    library: 'jose',
    claims: withSubject(claims, subject),
    key: key ? reading.evaluator.value(key, located.scope, frame) : { kind: 'unknown', at: located.node.at },
    expires,
    unit: 1,
    digits: 1,
    call: located,
  }
}
