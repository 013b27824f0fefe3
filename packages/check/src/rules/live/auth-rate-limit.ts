import type { Exchange } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { notProven, observed } from './observe.ts'

const ID = 'auth-rate-limit'
const ENOUGH = 30
const MANY = 100

/** Only these say that a login was looked at: a 404 or a 415 never reached a password. */
const BAD_LOGIN = [200, 400, 401, 403, 422]

const lookedAt = ({ enumeration }: LiveFacts, { status }: Exchange): boolean =>
  // Where a wrong password of an account that exists is answered 401, a 404 says that the one tried here does not.
  BAD_LOGIN.includes(status) || (status === 404 && enumeration?.known.status === 401)

/** Whoever counts, and answers `400 Too many attempts` or 200 with `{"code": 429}`, tells people and no program. */
export const saysTooMany = ({ text }: Exchange): boolean =>
  /\btoo many\b[^.]{0,30}\b(?:attempt|tr(?:y|ies)|request|login|failure)|\brate[ _-]?limit|"(?:\w*code|status)"\s*:\s*"?429\b/i.test(
    text,
  )

export const authRateLimit = (facts: LiveFacts): readonly Observation[] => {
  const { limit } = facts
  if (limit === undefined) return notProven(ID, facts.cut ?? 'no route that takes a password was found')
  if (limit.limited !== undefined) {
    const wait = limit.limited.answered['retry-after']
    return [
      observed(
        ID,
        'pass',
        `bad login number ${limit.limitedAt} was refused for being too many`,
        [
          ...(limit.open === undefined ? [] : [shown(facts, limit.open, { request: 'a bad login' })]),
          shown(facts, limit.limited, {
            request: `bad login number ${limit.limitedAt}`,
            times: limit.limitedAt ?? 1,
            ...(wait === undefined ? {} : { response: `Retry-After: ${wait}` }),
          }),
        ],
        // From the first on: it may be a limit of everything, used up by the other probes.
        { confidence: limit.open === undefined ? 'medium' : 'high' },
      ),
    ]
  }
  if (limit.broken !== undefined)
    return notProven(ID, `after ${limit.tries} bad logins no answer came: ${limit.broken}`)
  if (limit.open === undefined || limit.tries < ENOUGH)
    return notProven(ID, `only ${limit.tries} bad logins could be tried`)
  const evidence = [shown(facts, limit.open, { request: `bad login number ${limit.tries}`, times: limit.tries })]
  // nginx's limit_req answers so, unless it is told otherwise; so does a backend that has fallen over.
  if (limit.open.status === 503)
    return notProven(
      ID,
      'bad logins are answered 503 without Retry-After, which may be a limit or a failure: answer 429',
      evidence,
    )
  if (!lookedAt(facts, limit.open)) return notProven(ID, 'the login did not look at what was sent', evidence)
  if (saysTooMany(limit.open))
    return notProven(
      ID,
      `the answer says that there were too many tries, and its status, ${limit.open.status}, does not: answer 429`,
      evidence,
    )
  const sure = limit.tries >= MANY && facts.session !== undefined
  return [
    observed(ID, 'fail', `${limit.tries} bad logins in a row, and none was refused for being too many`, evidence, {
      confidence: sure ? 'high' : 'medium',
    }),
  ]
}
