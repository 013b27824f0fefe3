import type { ApiDocument, Operation } from './document.ts'
import { LOGIN_PLACES, LOGOUT_PLACES, OWN_PLACES, REGISTER_PLACES } from './usual-places.ts'

/** A route that may be the one that is looked for. */
export interface Place {
  readonly method: string
  readonly path: string
  readonly form: boolean
  readonly operation?: Operation
}

const LOGIN = [
  /(?:log|sign)[-_]?in\/?$/i,
  /access[-_]token\/?$/i,
  /(?:^|\/)(?:token|authenticate)\/?$/i,
  /sessions?\/?$/i,
  /(?:log|sign)[-_]?in/i,
]
const REGISTER = [/(?:register|registration|sign[-_]?up)\/?$/i, /(?:^|\/)(?:users|accounts)\/?$/i]
const LOGOUT = [/(?:log|sign)[-_]?out\/?$/i]
const NOT_A_LOGIN = /refresh|revoke|verify|reset|logout|test-token|html/i

const ranked = (
  document: ApiDocument | undefined,
  patterns: readonly RegExp[],
  methods: readonly string[],
): readonly Place[] =>
  patterns.flatMap((pattern) =>
    (document?.operations ?? [])
      .filter(({ method, path }) => methods.includes(method) && pattern.test(path) && !path.includes('{'))
      .map((operation) => ({
        method: operation.method,
        path: operation.path,
        form: operation.content === 'form',
        operation,
      })),
  )

const usual = (paths: readonly string[]): readonly Place[] =>
  paths.map((path) => ({ method: 'POST', path, form: /(?:^\/token|access-token)$/.test(path) }))

const unique = (places: readonly Place[]): readonly Place[] =>
  places.filter(({ path, method }, at) => places.findIndex((one) => one.path === path && one.method === method) === at)

/** A document that lists none is not the whole truth: then they are the usual ones. */
const listedOr = (paths: readonly string[], listed: readonly Place[]): readonly Place[] =>
  unique(listed.length > 0 ? listed : usual(paths))

export const loginPlaces = (document: ApiDocument | undefined): readonly Place[] =>
  listedOr(
    LOGIN_PLACES,
    ranked(document, LOGIN, ['POST']).filter(({ path }) => !NOT_A_LOGIN.test(path)),
  )

export const registerPlaces = (document: ApiDocument | undefined): readonly Place[] =>
  listedOr(REGISTER_PLACES, ranked(document, REGISTER, ['POST']))

export const logoutPlaces = (document: ApiDocument | undefined): readonly Place[] =>
  listedOr(LOGOUT_PLACES, ranked(document, LOGOUT, ['POST', 'DELETE', 'GET']))

/** Routes that may be read without knowing an id, the most telling first. */
export const readPlaces = (document: ApiDocument | undefined): readonly string[] => {
  if (document === undefined) return OWN_PLACES
  const plain = document.operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'))
  const rank = ({ path, security }: Operation): number =>
    (security === 'secured' ? 0 : 2) + (/(?:^|\/)(?:me|profile|whoami|user)\/?$/i.test(path) ? 0 : 1)
  return plain.toSorted((a, b) => rank(a) - rank(b)).map(({ path }) => path)
}
