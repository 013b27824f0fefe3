import type { Call } from '../door/index.ts'
import type { SessionContext } from '../layers/sessions/index.ts'
import { Problem } from '../response/index.ts'
import type { Caller } from './options.ts'

/** Where a call comes from, as sessions and the trail keep it. */
export const contextOf = ({ client, userAgent }: Pick<Call, 'client' | 'userAgent'>): SessionContext => ({
  client: client.address,
  label: userAgent,
})

/**
 * Who is calling.
 *
 * @throws Problem 'unauthenticated' when an adapter let a call without a principal through
 */
export const callerOf = ({ principal }: Pick<Call, 'principal'>): Caller => {
  if (principal === undefined) throw new Problem('unauthenticated')
  return principal
}
