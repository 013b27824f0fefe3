import { isRecord } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { heldJwt } from './held-token.ts'
import { observed } from './observe.ts'

const ID = 'jwt-payload'

const TELLING =
  /^(?:.*passw(?:or)?d.*|pwd|hash|e?mail.*|.*name|phone.*|mobile|address|birth.*|dob|ssn|gender|roles?|permissions?|scopes?|authorities|groups|is_?(?:admin|staff|superuser)|admin)$/i
const IS_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
/** A number, a UUID, an ObjectId, a random id: tells nobody anything. */
const IS_ID = /^(?:\d+|[\da-fA-F-]{16,}|(?=\S*\d)\S{8,})$/
/** One random id in forty has no digit in it; its capitals stand as chance put them, and a name's begin its words. */
const LONG = /^[\w-]{20,}$/
const WORDS = /^(?:[A-Z]?[a-z]{2,}[-_]?)+$/

export const looksLikeId = (sub: string): boolean => IS_ID.test(sub) || (LONG.test(sub) && !WORDS.test(sub))

/** Names of claims that tell something of a person or of what he may do; never their values. */
const tellingIn = (claims: Readonly<Record<string, unknown>>, where = ''): readonly string[] =>
  Object.entries(claims).flatMap(([name, value]) => {
    if (typeof value === 'string' && IS_ADDRESS.test(value)) return [`${where}${name} (an e-mail address)`]
    if (TELLING.test(name)) return [where + name]
    return isRecord(value) ? tellingIn(value, `${where}${name}.`) : []
  })

export const jwtPayload = (facts: LiveFacts): readonly Observation[] => {
  const held = heldJwt(facts, ID)
  if ('instead' in held) return held.instead
  const { claims } = held.jwt
  const login = facts.session?.login
  if (login === undefined) return []
  const names = Object.keys(claims)
  const evidence = [
    shown(facts, login, { request: 'a login', response: `${held.token.where} with the claims ${names.join(', ')}` }),
  ]
  const telling = tellingIn(claims)
  if (telling.length > 0) return [observed(ID, 'fail', `the access token carries ${telling.join(', ')}`, evidence)]
  const { sub } = claims
  if (typeof sub === 'string' && !looksLikeId(sub)) {
    return [observed(ID, 'warn', 'sub looks like a name rather than an id', evidence, { confidence: 'medium' })]
  }
  return [observed(ID, 'pass', `the access token carries only ${names.join(', ')}`, evidence)]
}
