import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { withoutSession } from './held-token.ts'
import { notApplicable, notProven, observed } from './observe.ts'

const ID = 'cookie-flags'

/** A token against forged requests is meant to be read by scripts. */
const FOR_SCRIPTS = /csrf|xsrf/i

const has = (cookie: string, attribute: string): boolean =>
  cookie
    .split(';')
    .slice(1)
    .some((part) => part.trim().toLowerCase().split('=', 1)[0] === attribute)

export const cookieFlags = (facts: LiveFacts): readonly Observation[] => {
  if (!facts.loginGiven) return notProven(ID, 'needs --login')
  const login = facts.session?.login
  if (login === undefined) return notProven(ID, withoutSession(facts))
  const cookies = login.cookies.filter((cookie) => !FOR_SCRIPTS.test(nameOf(cookie)))
  if (cookies.length === 0) return notApplicable(ID, 'the login sets no cookie')
  return cookies.map((cookie) => {
    const missing = [
      ...(has(cookie, 'httponly') ? [] : ['HttpOnly']),
      ...(has(cookie, 'samesite') ? [] : ['SameSite']),
      ...(has(cookie, 'secure') ? [] : ['Secure']),
    ]
    const attributes = cookie
      .split(';')
      .slice(1)
      .map((part) => part.trim())
    const evidence = [
      shown(facts, login, {
        request: 'a login',
        response: `Set-Cookie: ${[`${nameOf(cookie)}=…`, ...attributes].join('; ')}`,
      }),
    ]
    if (missing.length === 0)
      return observed(ID, 'pass', `the cookie ${nameOf(cookie)} is HttpOnly, Secure and SameSite`, evidence)
    const summary = `the cookie ${nameOf(cookie)} lacks ${missing.join(' and ')}`
    // Over plain HTTP on this machine many leave Secure out, and set it elsewhere.
    const onlySecure = missing.join() === 'Secure' && facts.loopback && !facts.https
    return observed(ID, onlySecure ? 'warn' : 'fail', summary, evidence)
  })
}

const nameOf = (cookie: string): string => (cookie.split('=', 1)[0] ?? '').trim()
