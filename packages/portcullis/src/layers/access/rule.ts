/** Who is calling: the account's id, its roles as the server knows them now, and the session the token belongs to. */
export interface Principal {
  readonly id: string
  readonly roles: readonly string[]
  readonly sessionId: string
}

/** What an ownership rule sees of a request: the matched route's values, before the body is read. */
export interface RuleRequest {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
}

/** True admits. Anything else, a throw and a rejection included, refuses. */
export type Predicate = (principal: Principal, request: RuleRequest) => boolean | Promise<boolean>

/** Who may call a route. Made by `authenticated`, `publicAccess`, `role`, `allow` and `serviceKey`; never written by hand. */
export type AccessRule =
  | { readonly kind: 'public'; readonly label: 'public' }
  | { readonly kind: 'authenticated'; readonly label: 'authenticated' }
  | { readonly kind: 'role'; readonly label: string; readonly roles: readonly string[] }
  | {
      readonly kind: 'predicate'
      readonly label: string
      readonly predicate: Predicate
      /** 404 hides that the thing exists (an other's note); 403 says no. */
      readonly refuseWith: 403 | 404
    }
  | {
      readonly kind: 'service-key'
      readonly label: string
      /** SHA-256 of the bearer that opens this route and no other. */
      readonly digest: Buffer
      readonly otherwise: AccessRule
    }

const PUBLIC: AccessRule = Object.freeze({ kind: 'public', label: 'public' })

/** The rule of every route that has no other: a valid session. OWASP API5:2023, ASVS 8.2.1. */
export const authenticated: AccessRule = Object.freeze({ kind: 'authenticated', label: 'authenticated' })

/** Opens a route to everybody. In a route's definition the word `'public'` says the same. */
export const publicAccess: AccessRule = PUBLIC

const name = /^[A-Za-z0-9](?:[A-Za-z0-9 _.:'-]{0,62}[A-Za-z0-9_.:'-])?$/

/** What another kind of rule is called: the table, and the lock made from it, would show what isn't so. */
const TAKEN = /^(?:public|authenticated|role .*)$/

const isLabel = (label: unknown): boolean => typeof label === 'string' && name.test(label) && !TAKEN.test(label)

/**
 * Admits accounts that have at least one of the roles.
 *
 * @param names role names, `^[A-Za-z0-9][A-Za-z0-9 _.:'-]{0,63}$` each, without ` or ` between words or a blank at the end
 * @throws TypeError when there is none, or one is not a role name: a rule that silently matches nobody, or everybody, is a mistake
 */
export const role = (...names: readonly string[]): AccessRule => {
  if (names.length === 0) throw new TypeError("role() needs the name of a role, as in role('admin').")
  for (const one of names) {
    if (typeof one !== 'string' || !name.test(one) || one.includes(' or '))
      throw new TypeError(
        "role() takes names of letters, digits and _ . : -, at most 64; several as role('a', 'b'); a blank only between words.",
      )
  }
  return Object.freeze({ kind: 'role', label: `role ${names.join(' or ')}`, roles: Object.freeze([...names]) })
}

/**
 * Admits a session for which the predicate answers exactly `true`: ownership, plans, hours. It is asked before the body is read.
 *
 * @param label what the access table shows, such as `'owner'`
 * @param predicate may answer by a promise; a throw is a refusal
 * @param options `refuseWith: 404` when the refused caller must not learn that the thing exists; 403 by default
 * @throws TypeError when the label or the predicate is missing, the label is that of another kind of rule, or an option is no such one
 */
export const allow = (
  label: string,
  predicate: Predicate,
  options: { readonly refuseWith?: 403 | 404 } = {},
): AccessRule => {
  if (!isLabel(label))
    throw new TypeError(
      "allow() needs a label of its own for the access table, as in allow('owner', …): not public, authenticated or role ….",
    )
  if (typeof predicate !== 'function') throw new TypeError('allow() needs a function of the principal and the request.')
  const { refuseWith = 403, ...others } = options
  if ((refuseWith !== 403 && refuseWith !== 404) || Object.keys(others).length > 0)
    throw new TypeError('allow() takes one option, refuseWith: 403 or 404.')
  return Object.freeze({ kind: 'predicate', label, predicate, refuseWith })
}

/**
 * Opens one route to a bearer of its own (a metrics scraper's), and to whom `otherwise` admits. The bearer is no session and opens nothing else.
 *
 * @param label what the access table shows
 * @param digest SHA-256 of the bearer: 32 bytes
 * @param otherwise the rule for everybody else
 * @throws TypeError when the label is that of another kind of rule, the digest is not 32 bytes, or `otherwise` is no rule
 */
export const serviceKey = (label: string, digest: Buffer, otherwise: AccessRule): AccessRule => {
  if (!isLabel(label)) throw new TypeError('serviceKey() needs a label of its own for the access table.')
  // A text of 32 characters has that length too, and each request with a bearer would be a 503.
  if (!(digest instanceof Uint8Array) || digest.length !== 32)
    throw new TypeError(
      "serviceKey() takes the SHA-256 of the bearer, 32 bytes: createHash('sha256').update(bearer).digest().",
    )
  if (otherwise === undefined)
    throw new TypeError("serviceKey() takes as its third argument the rule of everybody else, such as role('admin').")
  const rule = readRule(otherwise)
  return Object.freeze({ kind: 'service-key', label: `${label} or ${rule.label}`, digest, otherwise: rule })
}

const made = new Set(['public', 'authenticated', 'role', 'predicate', 'service-key'])

/**
 * Reads a route's `access`: a rule made here, or the words `'public'` and `'authenticated'`.
 *
 * @returns `authenticated` when nothing was said
 * @throws TypeError for anything else: a misspelt rule must stop the start, not open or close a route by accident
 */
export const readRule = (access: unknown): AccessRule => {
  if (access === undefined || access === 'authenticated') return authenticated
  if (access === 'public') return PUBLIC
  if (typeof access === 'object' && access !== null && Object.isFrozen(access) && made.has((access as AccessRule).kind))
    return access as AccessRule
  throw new TypeError("access takes 'public', 'authenticated', role('admin') or allow('owner', …).")
}

/** True when two rules judge alike. Labels tell that of roles; two predicates of one label may still differ. */
export const isSameRule = (a: AccessRule, b: AccessRule): boolean =>
  a === b || (a.label === b.label && a.kind === 'role' && b.kind === 'role')
