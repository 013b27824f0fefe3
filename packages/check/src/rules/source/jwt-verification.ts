import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, notProven, pass, warn } from './say.ts'

/** Clocks differ by seconds; as long as this an access token lives at most. */
const LONGEST_GRACE_SECONDS = 60 * 60

export const jwtVerification = ({ backend }: SourceFacts): Observation[] => {
  const { verifications, issuers } = backend
  if (verifications.length === 0 && issuers.length === 0)
    return [
      notApplicable('jwt-verification', 'The program reads no token.', [
        note(`none in ${count(backend.files, 'file')}`),
      ]),
    ]
  const issued = issuers.map((one) =>
    pass('jwt-verification', 'portcullis: verified, with the algorithm pinned.', [at(one.at)]),
  )
  const read = verifications.map((one) => {
    const where = [at(one.at)]
    // That @fastify/jwt is registered in a file verifies nothing there.
    const isBeside = verifications.some(
      (other) =>
        other.signature === 'verified' &&
        other.at.file === one.at.file &&
        !(one.library === '@fastify/jwt' && other.library === '@fastify/jwt'),
    )
    // Decoding beside a verification (to read `exp` of a token that was verified) is common and harmless.
    if (one.signature === 'none')
      return isBeside || one.harmless === true
        ? warn(
            'jwt-verification',
            `${one.library}: a token is read without its signature, ${isBeside ? 'beside one that is verified' : 'which seems to decide little'}.`,
            where,
            { confidence: 'low' },
          )
        : fail('jwt-verification', `${one.library}: a token is read without its signature.`, where, {
            confidence: 'medium',
          })
    if (one.expiryIgnored) return fail('jwt-verification', `${one.library}: the expiry is not looked at.`, where)
    if (one.grace !== undefined && one.grace >= LONGEST_GRACE_SECONDS)
      return fail(
        'jwt-verification',
        `${one.library}: a token is taken for another ${Math.round(one.grace / 60)} minutes after its expiry.`,
        where,
      )
    if (one.algorithms === 'header')
      return fail(
        'jwt-verification',
        `${one.library}: the token's own header says by which algorithm it is verified.`,
        where,
      )
    if (one.algorithms === 'unknown')
      return notProven(
        'jwt-verification',
        `${one.library}: verified; which algorithms are taken could not be read.`,
        where,
      )
    return one.algorithms === 'open'
      ? warn('jwt-verification', `${one.library}: the algorithms are not pinned.`, where)
      : pass('jwt-verification', `${one.library}: verified, with the algorithm pinned.`, where)
  })
  return [...read, ...issued]
}
