import { identityOf } from '../../evidence/live/credentials.ts'
import { type Exchange, isRecord, isSuccess, jsonOf } from '../../evidence/live/exchange.ts'
import type { LiveFacts, Session } from '../../evidence/live/facts.ts'
import { lasting } from '../../evidence/live/likeness.ts'
import { tokenIn } from '../../evidence/live/token.ts'
import type { ExchangeEvidence, Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { withoutSession } from './held-token.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'

const ID = 'user-enumeration'

export const userEnumeration = (facts: LiveFacts): readonly Observation[] => {
  const { enumeration, session } = facts
  if (!facts.loginGiven) return notProven(ID, 'needs --login, the login of an account that exists')
  if (enumeration === undefined || session === undefined) return notProven(ID, withoutSession(facts))
  const { known, unknown } = enumeration
  const silence = silenceOf([known, unknown])
  if (silence !== undefined) return notProven(ID, `a failed login was not answered: ${silence}`)
  if ([known, unknown].some((one) => isBusy(one) || one.status >= 500))
    return notProven(ID, 'the failed logins were not answered as usual')
  if (letsIn(known, session)) return anyPassword(facts, letsIn(unknown, session) ? [known, unknown] : [known])
  const evidence = [
    line(facts, known, 'a wrong password of a known account'),
    line(facts, unknown, 'an account that nobody has'),
  ]
  if (known.status !== unknown.status)
    return [observed(ID, 'fail', 'the status tells whether the account exists', evidence)]
  if (body(known) !== body(unknown))
    return [observed(ID, 'fail', 'the words tell whether the account exists', evidence)]
  if (isSuccess(known) && isSuccess(session.login) && known.text === session.login.text) {
    return notProven(ID, 'a wrong password is answered like a right one', evidence)
  }
  return [observed(ID, 'pass', 'unknown accounts and wrong passwords are answered alike', evidence)]
}

/** A wrong password that gets what the right one got. A page or a cookie that everybody is answered proves nothing. */
const letsIn = (exchange: Exchange, { token }: Session): boolean =>
  isSuccess(exchange) && token !== undefined && tokenIn(exchange)?.where === token.where

/** What was answered is left out: its token is one that nobody knows of yet, so nothing would hide it. */
const anyPassword = (facts: LiveFacts, entered: readonly Exchange[]): readonly Observation[] => {
  const whose = entered.length > 1 ? 'any account, also one that nobody has' : 'the account'
  const requests = ['a wrong password of a known account', 'a wrong password of an account that nobody has']
  return [
    observed(
      ID,
      'fail',
      `a wrong password logs in to ${whose}: the password is not checked`,
      entered.map((one, index) => shown(facts, one, { request: requests[index] ?? '', response: 'with a token' })),
      {
        severity: 'critical',
        mend: 'Compare the password with the hash of the account (argon2.verify, bcrypt.compare, awaited), and answer 401 where it is another.',
      },
    ),
  ]
}

const line = (facts: LiveFacts, exchange: Exchange, request: string): ExchangeEvidence =>
  shown(facts, exchange, { request, response: excerpt(facts, exchange.text) })

/** What was answered, without what it repeats of the request. */
const body = ({ text, body: sent = '' }: Exchange): string => {
  const json = jsonOf(sent)
  const identity = isRecord(json) ? identityOf(json) : new URLSearchParams(sent).get('username')
  return lasting(text, [identity ?? ''])
}
