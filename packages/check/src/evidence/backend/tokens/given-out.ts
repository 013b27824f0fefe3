/** Whether a token goes to whoever asked, by an answer or by what a function gives back. */
import { type FunctionNode, lastName, type Node, pathOf, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

const ANSWERS =
  /^(?:json|jsonp|send|end|cookie|set_?cookie|set_?header|header|write|render|redirect|text|html|body|done|cb|callback|next|resolve)$/i
const MAILS = /mail|smtp|sms|transport|twilio|sendgrid|postmark|resend|queue|notif/i
/** `new TokenResponse(token)`, `success(res, { token })`: what it makes is the answer. */
const WRAPS = /^[A-Z]|respon|success|^ok$|serial|format|present|dto|wrap/

/** Also by a name that it is put in: `const token = sign(…); res.json({ token })`. */
export const isGivenOut = (reading: Reading, node: Node, within: FunctionNode, depth = 0): boolean => {
  let inner = node
  let isPart = false
  for (let one = reading.program.parentOf(node); one !== undefined; inner = one, one = reading.program.parentOf(one)) {
    if (one.kind === 'function') return false
    if (one.kind === 'return') return !isPart
    // A link is sent to somebody; where the answer leads there, it is given.
    if (one.kind === 'template' || one.kind === 'binary') isPart = true
    if (one.kind === 'assign') {
      if (lastName(one.target) === 'body') return !isPart
      const name = pathOf(one.target)?.[0]
      return name !== undefined && !isPart && depth < 3 && isNameGivenOut(reading, name, inner, within, depth + 1)
    }
    if (one.kind !== 'call' || one.callee === inner) continue
    const called = lastName(one.callee) ?? ''
    if (MAILS.test(pathOf(one.callee)?.join('.') ?? '')) return false
    if (ANSWERS.test(called)) return !isPart || called === 'redirect'
    if (!WRAPS.test(called)) return false
  }
  return false
}

const isNameGivenOut = (reading: Reading, name: string, from: Node, within: FunctionNode, depth: number): boolean => {
  let found = false
  walk(within.body, (one) => {
    if (found || one === from) return false
    if (one.kind === 'name' && one.name === name && !isTarget(reading, one))
      found = isGivenOut(reading, one, within, depth)
    return
  })
  return found
}

const isTarget = (reading: Reading, node: Node): boolean => {
  const around = reading.program.parentOf(node)
  return around?.kind === 'assign' && around.target === node
}
