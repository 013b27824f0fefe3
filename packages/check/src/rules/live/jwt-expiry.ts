import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { heldJwt } from './held-token.ts'
import { notProven, observed } from './observe.ts'

const ID = 'jwt-expiry'
const HOUR = 3_600
/** Between the clock of the server and the one here, and for the way. */
const SLACK = 5

export const jwtExpiry = (facts: LiveFacts): readonly Observation[] => {
  const held = heldJwt(facts, ID)
  const { session } = facts
  if (session === undefined) return 'instead' in held ? held.instead : []
  if ('instead' in held) return session.token === undefined ? held.instead : opaque(facts)
  const { exp, iat } = held.jwt.claims
  const evidence = (response: string) => [
    shown(facts, session.login, { request: 'a login', response: `${held.token.where} ${response}` }),
  ]
  if (typeof exp !== 'number') return [observed(ID, 'fail', 'the access token never expires', evidence('without exp'))]
  const seconds = typeof iat === 'number' ? exp - iat : exp - session.at
  const limit = typeof iat === 'number' ? HOUR : HOUR - SLACK
  const said = `the access token lives ${inWords(seconds)}`
  return [observed(ID, seconds < limit ? 'pass' : 'fail', said, evidence(`expires after ${Math.round(seconds)} s`))]
}

/** An opaque token's life is what the answer says of it. */
const opaque = (facts: LiveFacts): readonly Observation[] => {
  const login = facts.session?.login
  const said = /"expires_?in"\s*:\s*"?(\d+)/i.exec(login?.text ?? '')?.[1]
  if (login === undefined || said === undefined)
    return notProven(ID, 'the access token is opaque, and nothing says how long it lives')
  const evidence = [shown(facts, login, { request: 'a login', response: `expires_in ${said}` })]
  return [
    observed(
      ID,
      Number(said) < HOUR ? 'pass' : 'fail',
      `the answer says that the token lives ${inWords(Number(said))}`,
      evidence,
      {
        confidence: 'medium',
      },
    ),
  ]
}

const inWords = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} seconds`
  if (seconds < 3 * HOUR) return `${Math.round(seconds / 60)} minutes`
  return seconds < 72 * HOUR ? `${Math.round(seconds / HOUR)} hours` : `${Math.round(seconds / 24 / HOUR)} days`
}
