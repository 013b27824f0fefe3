/** What a route is for, by its path and its handler's name. */
import type { Route } from '../../evidence/backend/index.ts'

const LOGIN = /(?:^|[/_.\-:])(?:log-?_?in|sign-?_?in|authenticate|access-token|token|jwt|sessions?|auth)(?:$|[/?_\-:])/i
const LOGIN_HANDLER =
  /(?:^|[._])(?:log_?in|sign_?in|authenticate|login_?(?:user|for_access_token|access_token|handler|post|check)?|user_?login|handle_?login(?:_?request)?|create_?session)$/i
/** From where a word begins: an exchange of credentials is no change. */
const NOT_LOGIN =
  /(?:^|-)(?:log-?out|sign-?out|revoke|csrf|verify-?email|new-?access|renew|confirm|forgot|reset|register|sign-?up|callback|change|update|delete|me$)|refresh/

/** POST /login/basic, /signin/email: the ways to log in that have a path of their own. */
const WAY =
  /^(?:basic|pass(?:word|wd)?|local|e?-?mail|phone|mobile|sms|otp|totp|code|pin|user(?:name)?|admin|staff|customers?|credentials?|ldap|jwt|token|web|app|:(?:provider|type|method|strategy)|\{(?:provider|type|method|strategy)\})$/i

const WRITES = /^(?:POST|PUT|PATCH|DELETE|ALL|MUTATION)$/

/** A route that checks a password or the like to give a session. */
export const isLogin = ({ method, path, handler, logsIn }: Route): boolean => {
  if (!/^(?:POST|ALL|MUTATION)$/.test(method)) return false
  const end = path.replace(/\/$/, '')
  const [last = '', before = ''] = end.split('/').reverse()
  // Whatever else its handler does: loginAndUpdateLastSeen.
  if (/^(?:log|sign)[-_]*in$/i.test(last)) return true
  if ([last, handler.split('.').at(-1) ?? ''].some((one) => NOT_LOGIN.test(hyphened(one)))) return false
  if (LOGIN_HANDLER.test(handler) || logsIn) return true
  // /auth/login/swagger, handled by login_swagger
  if (/\/(?:log-?in|sign-?in)\//i.test(end) && /(?:^|[._])(?:log|sign)_?in/i.test(handler)) return true
  if (/^(?:authenticate|access-token|token|jwt|sessions?)$/i.test(last)) return true
  if (/^(?:log-?_?in|sign-?_?in|authenticate)$/i.test(before) && WAY.test(last)) return true
  // /auth/email/login, /auth/:provider/login, POST /auth
  return /^(?:auth)$/i.test(last) || (LOGIN.test(`/${last}`) && /auth|login|user/i.test(before))
}

export const isWrite = ({ method }: Route): boolean => WRITES.test(method)

/** `forgotPassword` and `forgot_password` as `forgot-password`. */
export const hyphened = (one: string): string =>
  one
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[._]/g, '-')
    .toLowerCase()
