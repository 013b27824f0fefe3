/** What a route is for, by its path and its handler's name. */
import type { Route } from '../../evidence/backend/index.ts'

const LOGIN = /(?:^|[/_.\-:])(?:log-?_?in|sign-?_?in|authenticate|access-token|token|jwt|sessions?|auth)(?:$|[/?_\-:])/i
const LOGIN_HANDLER =
  /(?:^|[._])(?:log_?in|sign_?in|authenticate|login_?(?:user|for_access_token|access_token|handler|post|check)?|user_?login|handle_?login(?:_?request)?|create_?session)$/i
const NOT_LOGIN =
  /log-?_?out|sign-?_?out|refresh|revoke|csrf|verify-?email|new_?-?access|renew|confirm|forgot|reset|register|sign-?_?up|callback|change|update|delete|\/me$/i

/** POST /login/basic, /signin/email: the ways to log in that have a path of their own. */
const WAY =
  /^(?:basic|pass(?:word|wd)?|local|e?-?mail|phone|mobile|sms|otp|totp|code|pin|user(?:name)?|admin|staff|customers?|credentials?|ldap|jwt|token|web|app|:(?:provider|type|method|strategy)|\{(?:provider|type|method|strategy)\})$/i

const WRITES = /^(?:POST|PUT|PATCH|DELETE|ALL|MUTATION)$/

/** A route that checks a password or the like to give a session. */
export const isLogin = ({ method, path, handler }: Route): boolean => {
  if (!/^(?:POST|ALL|MUTATION)$/.test(method)) return false
  const end = path.replace(/\/$/, '')
  if (NOT_LOGIN.test(end.split('/').slice(-1)[0] ?? '') || NOT_LOGIN.test(handler.split('.').at(-1) ?? '')) return false
  if (LOGIN_HANDLER.test(handler)) return true
  // /auth/login/swagger, handled by login_swagger
  if (/\/(?:log-?in|sign-?in)\//i.test(end) && /(?:^|[._])(?:log|sign)_?in/i.test(handler)) return true
  const [last = '', before = ''] = end.split('/').reverse()
  if (/^(?:log-?_?in|sign-?_?in|authenticate|access-token)$/i.test(last)) return true
  if (/^(?:token|jwt|sessions?)$/i.test(last)) return true
  if (/^(?:log-?_?in|sign-?_?in|authenticate)$/i.test(before) && WAY.test(last)) return true
  // /auth/email/login, /auth/:provider/login, POST /auth
  return /^(?:auth)$/i.test(last) || (LOGIN.test(`/${last}`) && /auth|login|user/i.test(before))
}

export const isWrite = ({ method }: Route): boolean => WRITES.test(method)

/**
 * A segment that is one of the words, alone or beside others that go with it: `forgot-password`, `refreshToken`. Whole words: there
 * is a ping in shipping, a version in conversions and a token in tokens, and nobody calls those public.
 */
const segment = (words: string, beside: string): RegExp =>
  new RegExp(`^(?:(?:${beside})-?)*(?:${words})-?(?:(?:${words}|${beside})-?)*$`)

/** What people do before they have a session, and what other servers call. */
const MET = segment(
  'log-?(?:in|out)|sign-?(?:in|up|out)|regist(?:er|ration)|auth(?:enticat(?:e|ion))?|token|refresh|forgot|reset|verif(?:y|ication)|confirm(?:ation)?|activat(?:e|ion)|invit(?:e|ation)|csrf|captcha|contact|feedback|newsletter|(?:un)?subscribe|public',
  'api|user|admin|account|customer|member|password|e-?mail|phone|mobile|number|otp|code|pin|link|session|access|jwt|all|us|form|re-?send|send|request|create|accept|check|complete',
)

/** Whatever is beside these is whose it is: `google-login`, `stripe-webhook`. */
const MET_BESIDE_ANYTHING = /(?:^|-)(?:log-?(?:in|out)|sign-?(?:in|up)|oauth2?|sso|webhooks?|callback)(?:$|-)/

/** What is only ever read: `PUT /orders/:id/status` is none of it. */
const READ = segment(
  'health(?:z|-?check)?|status|ready|readyz|readiness|live|livez|liveness|alive|ping|version|docs?|scalar|reference|robots|favicon|static|assets|metrics',
  'api|json|ya?ml|txt|ico|png|svg|html|ui|check|probe|server|system|app|info',
)
const READ_BESIDE_ANYTHING = /(?:^|-)(?:open-?api|swagger|redoc)(?:$|-)/

/** `forgotPassword` and `forgot_password` as `forgot-password`; a parameter says nothing. */
const segmentsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((one) => one !== '' && !/^[:{<*]/.test(one))
    .map((one) =>
      one
        .replace(/([a-z\d])([A-Z])/g, '$1-$2')
        .replace(/[._]/g, '-')
        .toLowerCase(),
    )

/**
 * A route that people meet before they have a session: login, registration, health … A POST to /users is a registration; what
 * deletes is only ever a logout.
 */
export const isPublicByNature = (route: Route): boolean => {
  const { method, path, handler } = route
  // POST /sessions, handled by whatever it is called: it is judged as a login elsewhere.
  if (isLogin(route)) return true
  const segments = segmentsOf(path)
  if (method === 'DELETE') return segments.some((one) => /^(?:log|sign)-?out(?:$|-)/.test(one))
  if (path === '/' || path === '' || path === '*') return true
  if (segments.some((one) => MET.test(one) || MET_BESIDE_ANYTHING.test(one))) return true
  if (!/^(?:POST|PUT|PATCH|MUTATION)$/.test(method))
    return segments.some((one) => READ.test(one) || READ_BESIDE_ANYTHING.test(one))
  return (
    (method === 'POST' && /^(?:users?|accounts?)$/.test(segments.at(-1) ?? '')) ||
    (/^(?:POST|MUTATION)$/.test(method) && /create_?user|register|sign_?up|add_?user/i.test(handler))
  )
}
