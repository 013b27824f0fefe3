import type { LiveFacts } from '../../evidence/live/facts.ts'
import { hmacOf } from '../../evidence/live/token.ts'
import type { Observation } from '../../items/index.ts'
import { redacted } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { heldJwt } from './held-token.ts'
import { notApplicable, observed } from './observe.ts'
import { wordsFor } from './word-list.ts'

const ID = 'weak-key'

/** Tries a word list against the signature, here and not on the server, as anybody with one token can. */
export const weakKey = (facts: LiveFacts): readonly Observation[] => {
  const held = heldJwt(facts, ID)
  if ('instead' in held) return held.instead
  const { header, parts } = held.jwt
  const login = facts.session?.login
  const signed = `${parts[0]}.${parts[1]}`
  if (login === undefined || hmacOf(header['alg'], signed, '') === undefined) {
    return notApplicable(ID, `the token is signed with ${String(header['alg']).slice(0, 20)}, not with a shared key`)
  }
  const evidence = [
    shown(facts, login, { request: 'a login', response: `${held.token.where} signed with ${String(header['alg'])}` }),
  ]
  const words = wordsFor([facts.document?.title ?? '', new URL(facts.base).hostname.split('.')[0] ?? ''])
  const key = words.find((word) => hmacOf(header['alg'], signed, word) === parts[2])
  if (key !== undefined) {
    return [
      observed(ID, 'fail', `the signing key is in a list of ${words.length} usual ones`, [
        ...evidence,
        { kind: 'note', text: `the key is ${redacted(key)}` },
      ]),
    ]
  }
  return [
    observed(ID, 'pass', `the signing key is not among ${words.length} usual ones`, evidence, { confidence: 'medium' }),
  ]
}
