import type { Limiter, Route } from '../../evidence/backend/index.ts'
import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { isLogin } from './routes.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

/** What may be tried in a minute and still be called a limit on credentials; the usual whole-application quotas are above it. */
const MOST_PER_MINUTE = 100

export const authRateLimit = ({ backend }: SourceFacts): Observation[] => {
  const logins = backend.routes.filter(isLogin)
  if (logins.length === 0) {
    if (backend.passwordChecks.length > 0) {
      const where = backend.passwordChecks.slice(0, 2).map((one) => at(one))
      return [
        backend.limiters.length === 0
          ? fail('auth-rate-limit', 'Passwords are checked, and there is no limiter in the program.', [
              ...where,
              note(`no limiter in ${count(backend.files, 'file')}`),
            ])
          : notProven(
              'auth-rate-limit',
              'Passwords are checked, and the route that leads there could not be found.',
              where,
            ),
      ]
    }
    if (backend.tokens.every((one) => one.purpose !== 'access') && backend.routes.length > 0)
      return [
        notApplicable('auth-rate-limit', 'No route checks a credential.', [
          note(`${count(backend.routes.length, 'route')} read`),
        ]),
      ]
    if (backend.limiters.length === 0 && backend.tokens.length > 0)
      return [
        fail('auth-rate-limit', 'Tokens are given out, and there is no limiter in the program.', [
          ...backend.tokens.slice(0, 1).map((one) => at(one.at)),
          note(`no limiter in ${count(backend.files, 'file')}`),
        ]),
      ]
    return [
      backend.routes.length === 0 && backend.tokens.length === 0
        ? notApplicable('auth-rate-limit', 'No route checks a credential.', [note('no route was found')])
        : notProven('auth-rate-limit', 'No login route could be found.', [
            note(`${count(backend.routes.length, 'route')} read`),
          ]),
    ]
  }
  return logins.map(judge)
}

const judge = (route: Route): Observation => {
  const name = `${route.method} ${route.path}`
  const holding = route.limiters.find(holds)
  if (holding !== undefined)
    return pass(
      'auth-rate-limit',
      `${name} is limited${holding.perMinute === undefined ? '' : ` to ${Math.round(holding.perMinute * 10) / 10} a minute`}.`,
      [at(route.at), at(holding.at)],
    )
  const unsure = route.limiters.find((one) => one.unsure)
  if (unsure !== undefined)
    return notProven('auth-rate-limit', `What limits ${name} could not be followed.`, [at(unsure.at), at(route.at)])
  const [weak] = route.limiters
  if (weak?.off !== undefined)
    return fail('auth-rate-limit', `The limiter of ${name} never counts.`, [at(weak.off), at(route.at)])
  if (weak !== undefined)
    return fail(
      'auth-rate-limit',
      `The limit of ${name} lets ${weak.perMinute === Number.POSITIVE_INFINITY ? 'any number of' : Math.round(weak.perMinute ?? 0)} tries a minute through.`,
      [at(weak.at), at(route.at)],
    )
  return fail('auth-rate-limit', `${name} is not rate limited.`, [at(route.at)])
}

/** Whether it keeps anybody from trying passwords. */
export const holds = (limiter: Limiter): boolean =>
  limiter.off === undefined &&
  limiter.unsure === undefined &&
  limiter.mounted !== 'nowhere' &&
  (limiter.perMinute === undefined || limiter.perMinute <= MOST_PER_MINUTE)
