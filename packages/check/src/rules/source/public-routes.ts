/** Which routes people and machines meet before there is a session. */
import type { Route } from '../../evidence/backend/index.ts'
import { hyphened, isLogin } from './routes.ts'

/**
 * A segment that is one of the words, alone or beside others that go with it: `forgot-password`, `refreshToken`. Whole words: there
 * is a ping in shipping, a version in conversions and a token in tokens, and nobody calls those public.
 */
const segment = (words: string, beside: string): RegExp =>
  new RegExp(`^(?:(?:${beside})-?)*(?:${words})-?(?:(?:${words}|${beside})-?)*$`)

const BESIDE =
  'api|user|admin|account|customer|member|password|e-?mail|phone|mobile|number|otp|code|pin|magic|link|session|access|jwt|all|us|my|your|form|re-?send|send|request|create|accept|check|complete'

/** What people do before they have a session, and what other servers call. */
const MET = segment(
  'log-?(?:in|out)|sign-?(?:in|up|out)|regist(?:er|ration)|auth(?:enticat(?:e|ion))?|token|refresh|forgot|reset|verif(?:y|ication)|confirm(?:ation)?|activat(?:e|ion)|csrf|captcha|(?:un)?subscribe',
  BESIDE,
)

/** Whatever is beside these is whose it is: `google-login`, `stripe-webhook`. */
const MET_BESIDE_ANYTHING = /(?:^|-)(?:log-?(?:in|out)|sign-?(?:in|up)|oauth2?|sso|webhooks?|callback)(?:$|-)/

/** Whoever comes by writes there; what was written is not for them to read. */
const WRITTEN = segment('contact|feedback|newsletter', BESIDE)

/** Members invite; who was invited shows the secret of it, or accepts. */
const INVITES = segment('invit(?:e|ation)s?', BESIDE)

const PUBLIC = segment('public', BESIDE)

/** What is done to one thing of many (`/orders/:id/confirm`) is for whose it is, save these. */
const MET_AFTER_ONE =
  /(?:^|-)(?:log-?(?:in|out)|webhooks?|callback)(?:$|-)|^(?:verify|confirm|verification|confirmation)-(?:e-?mail|phone|otp|code)|^(?:e-?mail|phone|otp)-/

/** Nor does an administrator's page have more than its ways in. */
const MET_BY_ADMINS = /(?:^|-)(?:log-?(?:in|out)|sign-?(?:in|out)|auth|token|refresh|forgot|password)(?:$|-)/
const ADMINS = /^(?:admins?|administrators?|back-?office)$/

/** Below `/auth` and its like, what is for those who are in. */
const FOR_MEMBERS =
  /^(?:users?|accounts?|members?|roles?|permissions?|profiles?|settings|impersonat(?:e|ion)|(?:change|update|edit|set|delete|remove|disable|enable|assign|list|export|import)(?:-.*)?|.*-(?:roles?|users))$/

/** What is only ever read: `PUT /orders/:id/status` is none of it. */
const READ = segment(
  'health(?:z|-?check)?|status|ready|readyz|readiness|live|livez|liveness|alive|ping|version|docs?|scalar|reference|robots|favicon|static|assets|metrics',
  'api|json|ya?ml|txt|ico|png|svg|html|ui|check|probe|server|system|app|info',
)
const READ_BESIDE_ANYTHING = /(?:^|-)(?:open-?api|swagger|redoc)(?:$|-)/

const isParameter = (one: string | undefined): boolean => one !== undefined && /^[:{<*]/.test(one)
/** Whoever has it was sent it. */
const isSecret = (one: string): boolean => isParameter(one) && /token|code|key|hash|secret/i.test(one)
const isProvider = (one: string | undefined): boolean =>
  one !== undefined && isParameter(one) && /provider|strategy|type|method/i.test(one)
const isDoor = (one: string | undefined): boolean =>
  one !== undefined && (MET.test(one) || MET_BESIDE_ANYTHING.test(one))

/** The segments of a path: the last that is named, and those before and after it. A parameter says nothing of what it is for. */
interface Way {
  readonly before: readonly string[]
  readonly last: string
  readonly after: readonly string[]
  readonly secret: boolean
}

const wayOf = (path: string): Way => {
  const parts = path
    .split('/')
    .filter((one) => one !== '')
    .map((one) => (isParameter(one) ? one : hyphened(one)))
  const index = parts.findLastIndex((one) => !isParameter(one))
  return {
    before: parts.slice(0, Math.max(index, 0)),
    last: parts[index] ?? '',
    after: parts.slice(index + 1),
    secret: parts.some(isSecret),
  }
}

/** `/orders/:id/…`; the language of `/:lang/…` and the provider of `/auth/:provider/…` are nobody's. */
const isOfOne = ({ before }: Way): boolean => {
  const [one, thing] = before.toReversed()
  return isParameter(one) && thing !== undefined && !isParameter(thing) && !isDoor(thing)
}

const isByAdmins = ({ before }: Way): boolean => before.some((one) => ADMINS.test(one))

/** Whether the last word of a path is one of a door. */
const isMet = ({ method }: Route, way: Way): boolean => {
  const { before, last, after, secret } = way
  if (after.length > 0 && !secret && !/^(?:GET|POST|ALL)$/.test(method)) return false
  if ([...before, last].some((one) => INVITES.test(one)))
    return secret || [...before, last].some((one) => /accept/.test(one))
  if (isByAdmins(way) && !MET_BY_ADMINS.test(last)) return false
  if (isOfOne(way) && !secret && !MET_AFTER_ONE.test(last)) return false
  if (isDoor(last) || (method !== 'GET' && WRITTEN.test(last))) return true
  if (!/^(?:GET|POST|ALL|MUTATION)$/.test(method) || (FOR_MEMBERS.test(last) && !secret)) return false
  // /auth/google, /auth/:provider/url
  return isDoor(isProvider(before.at(-1)) ? before.at(-2) : before.at(-1)) || isSaidBelow(before, last)
}

const BESIDES = new RegExp(`^(?:(?:${BESIDE})-?)+$`)

/** `/auth/otp/send`: nothing but words that go with a door. */
const isSaidBelow = (before: readonly string[], last: string): boolean => {
  const door = before.findLastIndex((one) => isDoor(one))
  return door >= 0 && [...before.slice(door + 1), last].every((one) => BESIDES.test(one))
}

/**
 * A route that people meet before they have a session: login, registration, health … A POST to /users is a registration; what
 * deletes is only ever a logout.
 */
export const isPublicByNature = (route: Route): boolean => {
  const { method, path, handler, guard } = route
  // What a browser asks before it sends anything: it has no token with it.
  if (method === 'OPTIONS') return true
  // POST /sessions, handled by whatever it is called: it is judged as a login elsewhere.
  if (isLogin(route)) return true
  const way = wayOf(path)
  const segments = [...way.before, way.last].filter((one) => !isParameter(one))
  if (method === 'DELETE') return segments.some((one) => /^(?:log|sign)-?out(?:$|-)/.test(one))
  if (path === '/' || path === '' || path === '*') return true
  // What is below a door and asks for its own guard stands there on purpose.
  if (/^(?:own|group)$/.test(guard) && segments.some(isDoor)) return true
  if (segments.some((one) => PUBLIC.test(one)) || isMet(route, way)) return true
  if (!/^(?:POST|PUT|PATCH|MUTATION)$/.test(method))
    return segments.some((one) => READ.test(one) || READ_BESIDE_ANYTHING.test(one))
  if (isByAdmins(way) || isOfOne(way)) return false
  return (
    (method === 'POST' && /^(?:users?|accounts?)$/.test(way.last) && way.after.length === 0) ||
    (/^(?:POST|MUTATION)$/.test(method) && /create_?user|register|sign_?up|add_?user/i.test(handler))
  )
}
