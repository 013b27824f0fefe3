/** Questions to a limiter in a handler's own text, whatever the language: `check_rate_limit(email)`, `limiter.consume(request.ip)`. */
import { type Call, lastName, type Node, pathOf, walk, walkBody } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'

const LIMITER = /rate_?limit|throttl|(?<!de)limiter/i
const ASKS =
  /^_*(?:a?check|a?hit|consume|(?:try_?)?acquire|test|limit|attempt|(?:is_?)?allow|enforce|incr|throttle|is_?(?:rate_?)?limited|is_?blocked)/i
/** They make one, look after it, or name what it says. */
const NO_QUESTION =
  /^_*(?:get|create|make|build|reset|clear|delete|new|from|init|set|configure|log|record|release|register|parse|format|raise|on)(?:_|rate|throttl|limit)|error|exception|exceed|response|header|config|setting|_key$|status/i
const CREDENTIAL =
  /authenticate|verify_?\w*(?:pass|cred|user|hash)|check_?\w*(?:pass|cred)|checkpw|(?:^|\.)compare(?:Sync)?$|(?:bcrypt|argon2?)\w*\.verify|(?:^|\.)(?:log_?in|sign_?in)(?:$|_user|\.(?:execute|run|handle|invoke)$)/i

/** Those before the credential is looked at: who asks afterwards has answered the guess already. */
export const asksFor = (reading: Reading, body: readonly Node[]): readonly Call[] => {
  const asked: Call[] = []
  let checked = Number.POSITIVE_INFINITY
  walkBody(body, (one) => {
    if (one.kind !== 'call') return
    const path = (pathOf(one.callee) ?? [lastName(one.callee) ?? '']).filter((part) => part !== '()')
    if (isLimiterAsked(one, path)) asked.push(one)
    else if (CREDENTIAL.test(path.slice(-2).join('.'))) checked = Math.min(checked, one.at.start)
  })
  return asked.filter((one) => one.at.start < checked && whenOf(reading, one) !== 'development')
}

export const isLimiterAsked = (call: Call, path: readonly string[]): boolean => {
  const name = path.at(-1) ?? ''
  if (call.constructs || call.args.length + call.named.size === 0 || NO_QUESTION.test(name) || /^_*[A-Z]/.test(name))
    return false
  return LIMITER.test(name) || (ASKS.test(name) && LIMITER.test(path.at(-2) ?? ''))
}

const IDENTITY = /^(?:e?_?mail|user_?name|user_?id|phone|account|login|identifier)$/i

/** `check_limit(request, body.email)` counts by the account that is tried. */
export const identityIn = (reading: Reading, call: Call): Limiter['key'] | undefined => {
  let found: Limiter['key'] | undefined
  walk([...call.args, ...call.named.values()], (one) => {
    const name = one.kind === 'member' || one.kind === 'name' ? lastName(one) : undefined
    if (name !== undefined && IDENTITY.test(name))
      found ??= { kind: 'identity', at: placeOf(reading, one.at), what: name }
  })
  return found
}

/** `if not limiter.allow(key): raise HTTPException(429)`, `except LimitExceeded: return …, 429`, around the question itself. */
export const refusesAround = (body: readonly Node[], call: Call): boolean => {
  let found = false
  const holds = (node: Node) => node.at.start <= call.at.start && call.at.end <= node.at.end
  walkBody(body, (one) => {
    if (one.kind === 'if' && holds(one.test)) found ||= says429([...one.consequent, ...one.alternate])
    if (one.kind === 'try' && one.body.some(holds)) found ||= says429(one.handlers)
    return !found
  })
  return found || answerIsAsked(body, call)
}

/** `allowed = limiter.allow(key)`, and then `if not allowed: …429`. */
const answerIsAsked = (body: readonly Node[], call: Call): boolean => {
  const names: string[] = []
  let found = false
  walkBody(body, (one) => {
    if (one.kind === 'assign' && one.value && one.value.at.start <= call.at.start && call.at.end <= one.value.at.end)
      for (const target of boundIn(one.target)) {
        const name = target.kind === 'name' ? target.name : undefined
        if (name !== undefined) names.push(name)
      }
    if (one.kind === 'if' && mentions(one.test, names)) found ||= says429([...one.consequent, ...one.alternate])
  })
  return found
}

/** `const { success } = await limiter.limit(key)` */
const boundIn = (target: Node): readonly Node[] =>
  target.kind === 'list' ? target.items : target.kind === 'object' ? target.entries.map(({ value }) => value) : [target]

const mentions = (node: Node, names: readonly string[]): boolean => {
  let found = false
  walk([node], (one) => {
    if (one.kind === 'name' && names.includes(one.name)) found = true
  })
  return found
}

const says429 = (nodes: readonly Node[]): boolean => {
  let found = false
  walk(nodes, (one) => {
    if (one.kind === 'literal' && one.value === 429) found = true
    if ((one.kind === 'name' || one.kind === 'member') && /429|too_?many_?requests/i.test(lastName(one) ?? ''))
      found = true
  })
  return found
}
