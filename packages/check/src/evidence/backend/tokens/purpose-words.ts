/** What a name says of the token that is made beside it. */

export const REFRESH = /refresh/i
export const ACCESS = /access|bearer|auth_?token|session/i

const THING = 'password|pass|pwd|pw|e-?mail|account|user|phone|token|link|code|url'
const CLAIM = 'reset|verify|verification|confirm|confirmation|forgot'
const KINDS = `${CLAIM}|invite|invitation|magic|unsubscribe|activation|activate-?(?:account|user|e-?mail)|two-?factor|2-?fa|mfa|t?otp|(?:password|e-?mail)-?token|download|onboard|onboarding|temp|temporary`
const whole = (words: string): RegExp => new RegExp(`(?:^|-)(?:${THING})?(?:${words})(?:${THING})?(?:-|$)`)

const OTHER = whole(KINDS)
const OTHER_CLAIM = whole(CLAIM)
const STATE = /(?:^|_|oauth)state$/i

/** The key that tokens are verified with, not one for verifications. */
const VERIFIES = /^(?:(?:jwt|jws|token|auth|app|api)-)*verify-(?:secret|(?:public-)?key)$/

/** `passwordReset` and `PASSWORD_RESET` as `password-reset`. */
const hyphened = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .toLowerCase()

/** Whole words: there is a temp in attempt and in template. What is done already (`emailVerified`, `confirmed`) is said of the user. */
export const namesOther = (name: string): boolean =>
  STATE.test(name) || (OTHER.test(hyphened(name)) && !VERIFIES.test(hyphened(name)))

/** `{ reset: true }`, `{ verify: 'email' }`, `{ resetCode }`; `{ reset: user.reset }` tells what somebody is. */
export const claimsOther = (key: string, isSaid: boolean): boolean => {
  const words = hyphened(key)
  return OTHER_CLAIM.test(words) && !/(?:^is-|-id$)/.test(words) && (isSaid || /-(?:code|token|link)$/.test(words))
}

/** A function that makes the thing or sends it, or is called what it makes: one that takes it may well give a session for it. */
export const makesOther = (name: string): boolean => {
  const words = hyphened(name)
  if (/(?:^|-)(?:log|sign)-?(?:in|on)(?:-|$)/.test(words)) return false
  if (
    /^(?:generate|create|sign|issue|make|get|build|new|encode|send|re-?send|request|invite)(?:-|$)|forgot/.test(words)
  )
    return true
  return (
    /-(?:token|link|url|code|state)(?:-|$)/.test(words) && !/^(?:verify|confirm|validate|check|accept|use)-/.test(words)
  )
}

/** What somebody hands in (`verifyOtp(phone, otp)`) says nothing of what is made for it; `types.resetToken` does. */
export const isHandedIn = (path: readonly string[]): boolean => {
  const last = path.at(-1) ?? ''
  return (
    /^(?:t?otp|mfa)$|^[a-z].*(?:Token|Code|Otp|_token|_code|_otp)$/.test(last) &&
    namesOther(last) &&
    !REFRESH.test(last) &&
    !/types?|purposes?|kinds?|const|config|settings|env/i.test(path.slice(0, -1).join('.'))
  )
}
