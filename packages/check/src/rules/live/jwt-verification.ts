import { isRefusal, isSuccess } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { heldJwt } from './held-token.ts'
import { notProven, observed, silenceOf } from './observe.ts'

const ID = 'jwt-verification'

export const jwtVerification = (facts: LiveFacts): readonly Observation[] => {
  const held = heldJwt(facts, ID)
  if ('instead' in held) return held.instead
  const witness = facts.session?.witness
  if (witness === undefined)
    return notProven(ID, 'no reading was found that is refused without the token and allowed with it')
  const genuine = shown(facts, witness.held, { request: 'with the real token' })
  const taken = facts.forgeries.filter(({ exchange }) => isSuccess(exchange))
  if (taken.length > 0) {
    return taken.map(({ what, exchange }) =>
      observed(ID, 'fail', `a token with ${what} is accepted`, [
        shown(facts, exchange, { request: `a token with ${what}` }),
      ]),
    )
  }
  const silence = silenceOf(facts.forgeries.map(({ exchange }) => exchange))
  if (silence !== undefined) return notProven(ID, `a forged token was not answered: ${silence}`)
  const unclear = facts.forgeries.find(
    ({ exchange }) => !isRefusal(exchange) && exchange.status !== 400 && exchange.status !== 422,
  )
  if (unclear !== undefined || facts.forgeries.length === 0) {
    return notProven(
      ID,
      'a forged token was neither accepted nor refused',
      unclear === undefined ? [] : [shown(facts, unclear.exchange)],
    )
  }
  return [
    observed(ID, 'pass', `all ${facts.forgeries.length} forged tokens are refused`, [
      genuine,
      ...facts.forgeries.map(({ what, exchange }) => shown(facts, exchange, { request: `a token with ${what}` })),
    ]),
  ]
}
