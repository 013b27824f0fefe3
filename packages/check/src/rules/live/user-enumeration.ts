import { identityOf } from '../../evidence/live/credentials.ts'
import { type Exchange, isRecord, isSuccess, jsonOf } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { lasting } from '../../evidence/live/likeness.ts'
import type { ExchangeEvidence, Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'

const ID = 'user-enumeration'

export const userEnumeration = (facts: LiveFacts): readonly Observation[] => {
  const { enumeration, session } = facts
  if (!facts.loginGiven) return notProven(ID, 'needs --login, the login of an account that exists')
  if (enumeration === undefined || session === undefined)
    return notProven(ID, facts.cut ?? 'the login that was given did not work')
  const { known, unknown } = enumeration
  const silence = silenceOf([known, unknown])
  if (silence !== undefined) return notProven(ID, `a failed login was not answered: ${silence}`)
  if ([known, unknown].some((one) => isBusy(one) || one.status >= 500))
    return notProven(ID, 'the failed logins were not answered as usual')
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

const line = (facts: LiveFacts, exchange: Exchange, request: string): ExchangeEvidence =>
  shown(facts, exchange, { request, response: excerpt(facts, exchange.text) })

/** What was answered, without what it repeats of the request. */
const body = ({ text, body: sent = '' }: Exchange): string => {
  const json = jsonOf(sent)
  const identity = isRecord(json) ? identityOf(json) : new URLSearchParams(sent).get('username')
  return lasting(text, [identity ?? ''])
}
