import type { Life, Token, TokenIssuer } from '../../evidence/backend/index.ts'
import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { readsOthers } from './read-tokens.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

const LIMIT = 3600

export const jwtExpiry = ({ backend }: SourceFacts): Observation[] => {
  const access = backend.tokens.filter((one) => one.purpose === 'access')
  const issued = backend.issuers.map(byIssuer)
  if (access.length === 0) {
    const where = note(`no access token is made in ${count(backend.files, 'file')}`)
    const elsewhere = readsOthers(backend)
    if (elsewhere === undefined && issued.length > 0) return issued
    return elsewhere === undefined
      ? [notApplicable('jwt-expiry', 'No call of a known token library makes an access token.', [where])]
      : [notProven('jwt-expiry', 'Tokens are read here and made somewhere else.', [where, at(elsewhere.at)]), ...issued]
  }
  return [...access.map(judge), ...issued]
}

const PORTCULLIS = { most: 60, unset: 15 }

/** It refuses to start with more than its most, which is just what may not be. */
const byIssuer = ({ at: place, lives }: TokenIssuer): Observation => {
  const where = [at(place)]
  const long = lives.find((life) => life.seconds !== undefined && life.seconds >= LIMIT)
  if (long?.seconds !== undefined)
    return fail('jwt-expiry', `Portcullis makes the access tokens: they live ${span(long.seconds)}.`, [at(long.at)])
  const open = lives.find((life) => life.seconds === undefined)
  if (open !== undefined)
    return notProven(
      'jwt-expiry',
      `Portcullis makes the access tokens: they live at most ${PORTCULLIS.most} minutes, and whether it is less could not be followed: ${open.why}.`,
      [at(open.at), ...where],
    )
  const longest = lives.length === 0 ? PORTCULLIS.unset * 60 : Math.max(...lives.map((life) => life.seconds ?? 0))
  return pass('jwt-expiry', `Portcullis makes the access tokens: they live ${span(longest)}.`, where)
}

const judge = (token: Token): Observation => {
  const where = [at(token.at), ...token.through.map(at)]
  if (token.lives.length === 0)
    return fail('jwt-expiry', 'An access token is made without an expiry: it is good for ever.', where)
  const long = token.lives.find((life) => life.seconds !== undefined && life.seconds >= LIMIT)
  if (long?.seconds !== undefined)
    return fail(
      'jwt-expiry',
      `An access token lives ${span(long.seconds)}.`,
      [
        at(long.at),
        ...where.filter((one) => one.kind === 'source' && (one.file !== long.at.file || one.line !== long.at.line)),
      ],
      fixOf(long),
    )
  const open = token.lives.find((life) => life.seconds === undefined)
  if (open !== undefined)
    return notProven('jwt-expiry', `How long an access token lives could not be followed: ${open.why}.`, [
      at(open.at),
      ...where,
    ])
  const longest = Math.max(...token.lives.map((life) => life.seconds ?? 0))
  return pass('jwt-expiry', `Access tokens live ${span(longest)}.`, where)
}

const fixOf = (life: Life): Pick<Observation, 'fix'> =>
  'fix' in life && life.fix !== undefined ? { fix: { file: life.at.file, ...life.fix } } : {}

const span = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'thousands of years (milliseconds where seconds are meant)'
  for (const [unit, size] of [
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ] as const)
    if (seconds >= size) return count(Math.round((seconds / size) * 10) / 10, unit)
  return count(seconds, 'second')
}
