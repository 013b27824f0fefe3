/** The rules over source, settings and history: one a file, pure, facts in and observations out. */
import type { Observation } from '../../items/index.ts'
import { authRateLimit } from './auth-rate-limit.ts'
import { cookieFlags } from './cookie-flags.ts'
import { cors } from './cors.ts'
import { debug } from './debug.ts'
import { defaultDeny } from './default-deny.ts'
import { docsExposed } from './docs-exposed.ts'
import type { SourceFacts } from './facts.ts'
import { forwardedFor } from './forwarded-for.ts'
import { hardcodedSecret } from './hardcoded-secret.ts'
import { jwtExpiry } from './jwt-expiry.ts'
import { jwtPayload } from './jwt-payload.ts'
import { jwtVerification } from './jwt-verification.ts'
import { unsafeDeployment } from './unsafe-deployment.ts'
import { unseen } from './unseen.ts'
import { unusedLimiter } from './unused-limiter.ts'
import { validators } from './validators.ts'
import { vulnerableDependencies } from './vulnerable-dependencies.ts'

export type { FileSecret, SourceFacts } from './facts.ts'

const RULES = [
  jwtExpiry,
  authRateLimit,
  validators,
  defaultDeny,
  cors,
  debug,
  hardcodedSecret,
  docsExposed,
  jwtPayload,
  forwardedFor,
  jwtVerification,
  unusedLimiter,
  unsafeDeployment,
  cookieFlags,
  vulnerableDependencies,
]

/** Everything that the source says of the items. */
export const judgeSource = (facts: SourceFacts): Observation[] => {
  const seen = RULES.flatMap((rule) => rule(facts))
  return [...seen, ...unseen(facts, seen)]
}
