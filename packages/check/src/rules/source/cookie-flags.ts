import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, pass } from './say.ts'

export const cookieFlags = ({ backend }: SourceFacts): Observation[] => {
  if (backend.cookies.length === 0)
    return [
      notApplicable('cookie-flags', 'The program sets no session cookie.', [
        note(`none in ${count(backend.files, 'file')}`),
      ]),
    ]
  return backend.cookies.map((one) =>
    one.missing.length > 0
      ? fail('cookie-flags', `A session cookie without ${one.missing.join(', ')}.`, [at(one.at)])
      : pass('cookie-flags', 'HttpOnly, Secure and SameSite are set.', [at(one.at)]),
  )
}
