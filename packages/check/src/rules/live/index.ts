/** What the running backend's answers say of each item. Pure: facts in, observations out. */
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { authRateLimit } from './auth-rate-limit.ts'
import { unlessChanged } from './changed.ts'
import { cookieFlags } from './cookie-flags.ts'
import { cors } from './cors.ts'
import { debug } from './debug.ts'
import { declaredButOpen } from './declared-but-open.ts'
import { defaultDeny } from './default-deny.ts'
import { docsExposed } from './docs-exposed.ts'
import { errorDisclosure } from './error-disclosure.ts'
import { forwardedFor } from './forwarded-for.ts'
import { jwtExpiry } from './jwt-expiry.ts'
import { jwtPayload } from './jwt-payload.ts'
import { jwtVerification } from './jwt-verification.ts'
import { logoutRevocation } from './logout-revocation.ts'
import { massAssignment } from './mass-assignment.ts'
import { unlessNowhere } from './nowhere.ts'
import { undocumentedRoutes } from './undocumented-routes.ts'
import { userEnumeration } from './user-enumeration.ts'
import { validators } from './validators.ts'
import { valueEcho } from './value-echo.ts'
import { weakKey } from './weak-key.ts'

const RULES: readonly ((facts: LiveFacts) => readonly Observation[])[] = [
  defaultDeny,
  cors,
  docsExposed,
  debug,
  jwtExpiry,
  jwtPayload,
  authRateLimit,
  forwardedFor,
  jwtVerification,
  weakKey,
  declaredButOpen,
  undocumentedRoutes,
  errorDisclosure,
  valueEcho,
  logoutRevocation,
  userEnumeration,
  massAssignment,
  validators,
  cookieFlags,
]

/** Why nothing could be asked at all: the first question had no answer. */
export const unaskedBecause = ({ stray, cut }: LiveFacts): string | undefined => (stray.status === 0 ? cut : undefined)

export const judgeLive = (facts: LiveFacts): Observation[] => {
  const seen = [
    ...unlessNowhere(
      facts,
      unlessChanged(
        facts,
        RULES.flatMap((rule) => rule(facts)),
      ),
    ),
  ]
  const unasked = unaskedBecause(facts)
  // A token or a document that is missing besides is not why nothing is proven.
  return unasked === undefined
    ? seen
    : seen.map((one) => (one.outcome === 'not-proven' ? { ...one, summary: unasked } : one))
}
