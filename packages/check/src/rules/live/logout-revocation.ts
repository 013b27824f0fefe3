import { isRefusal, isSuccess } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { withoutSession } from './held-token.ts'
import { notProven, observed, silenceOf } from './observe.ts'

const ID = 'logout-revocation'

export const logoutRevocation = (facts: LiveFacts): readonly Observation[] => {
  const { logout, session } = facts
  if (!facts.loginGiven) return notProven(ID, 'needs --login')
  if (session === undefined) return notProven(ID, withoutSession(facts))
  if (session.witness === undefined) return notProven(ID, 'no reading was found that needs the token')
  if (logout === undefined) return notProven(ID, 'no logout was found')
  const silence = silenceOf([logout.exchange])
  if (silence !== undefined) return notProven(ID, `the logout was not answered: ${silence}`)
  const out = shown(facts, logout.exchange, { request: 'a logout' })
  if (!isSuccess(logout.exchange)) return notProven(ID, 'the logout was not accepted', [out])
  const { after } = logout
  if (after === undefined || after.status === 0)
    return notProven(ID, 'the token could not be tried after the logout', [out])
  const evidence = [out, shown(facts, after, { request: 'the same token, after the logout' })]
  if (isSuccess(after)) return [observed(ID, 'fail', 'the token is still good after the logout', evidence)]
  if (isRefusal(after)) return [observed(ID, 'pass', 'the token is refused after the logout', evidence)]
  return notProven(ID, 'the token was neither accepted nor refused after the logout', evidence)
}
