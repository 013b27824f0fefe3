import { answerFor } from '../exceptions/index.ts'
import type { Limiter } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

/**
 * A limiter as it counts what comes to one route: `skip: (req) => req.path === '/login'` leaves that one out.
 *
 * @param prefix where Express mounts it, which `req.path` leaves out
 */
export const countingFor = (
  reading: Reading,
  limiter: Limiter,
  { path, method }: { readonly path: string; readonly method: string },
  prefix = '/',
): Limiter => {
  const { skip, off } = limiter
  const isLeftOut = off === undefined && skip?.kind === 'function' && answerFor(reading, skip, prefix, path, method)
  return isLeftOut ? { ...limiter, off: placeOf(reading, skip.at) } : limiter
}
