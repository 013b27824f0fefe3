/** Where tokens are made: for each call that reaches a sign, its life, its claims and its key. */
import type { Frame, Value } from '../../source/index.ts'
import { callsOf } from '../calls-of.ts'
import type { Token } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { fastJwtSignings } from './fast-jwt.ts'
import type { Signing } from './signing-libraries.ts'
import { signingOf } from './signings.ts'
import { livesOf } from './token-lives.ts'
import { purposeOf } from './token-purposes.ts'

const SIGNS = [
  'sign',
  'signAsync',
  'jwtSign',
  'encode',
  'create_access_token',
  'create_refresh_token',
  'JWTStrategy',
  'SignJWT',
]

/** Every token the program makes. */
export const tokensOf = (reading: Reading): Token[] => {
  const tokens: Token[] = []
  const calls = [...callsOf(reading, SIGNS), ...fastJwtSignings(reading)]
  for (const located of calls)
    for (const frame of reading.evaluator.callGraph.frames(located.scope)) {
      const signing = signingOf(reading, located, frame)
      if (signing !== undefined) tokens.push(tokenOf(reading, signing, frame))
    }
  return unique(tokens)
}

const tokenOf = (reading: Reading, signing: Signing, frame: Frame | undefined): Token => {
  const through = frame?.call === undefined ? [] : [placeOf(reading, frame.call.node.at)]
  return {
    at: placeOf(reading, signing.call.node.at),
    through,
    purpose: purposeOf(reading, signing, frame),
    library: signing.library,
    lives: livesOf(reading, signing),
    claims: signing.claims,
    key: signing.key,
  }
}

const unique = (tokens: readonly Token[]): Token[] => {
  const seen = new Set<string>()
  return tokens.filter((one) => {
    const key = JSON.stringify([one.at, one.purpose, one.lives, one.through, claimNames(one.claims)])
    return seen.has(key) ? false : seen.add(key)
  })
}

const claimNames = (claims: Value): readonly string[] =>
  claims.kind === 'object' ? [...claims.entries.keys()] : [claims.kind]
