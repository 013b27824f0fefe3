import { isForeign, spelledPlainly } from '../forwarding/claims.ts'
import type { Operation } from './operations.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** Kinds of OpenAPI 3.1 §4.8.27 that come in `Authorization`. */
const BY_AUTHORIZATION = ['http', 'oauth2', 'openIdConnect']

/** A key in that field too: `Authorization: Token …` of Django REST framework is described so, and in older documents every bearer token. */
const isInAuthorization = ({ type, in: place, name }: Part): boolean =>
  BY_AUTHORIZATION.includes(String(type)) ||
  (type === 'apiKey' && place === 'header' && String(name).toLowerCase() === 'authorization')

/** What is said when the backend asks for tokens of its own: it would answer 401 to whoever the gateway lets in. */
export const ownCredentials = (document: Part, served: readonly Operation[]): readonly string[] => {
  const names = schemesOf(document)
    .filter(([, scheme]) => isInAuthorization(scheme))
    .map(([name]) => name)
  const asking = served.filter(({ declared }) => declared.split(/ (?:and|or) /).some((one) => names.includes(one)))
  return asking.length === 0
    ? []
    : [
        `the document asks for Authorization at ${asking.length} of ${served.length} operations (${names.join(', ')}), and it is not passed on: the backend learns who is calling from portcullis-token`,
      ]
}

/**
 * Parameters that the backend's own keys are (OpenAPI 3.1 §4.8.27, `apiKey`): of a query, where what is in none of its parameters is refused and
 * `APIKeyQuery` of FastAPI writes none; and of a field that is dropped where nothing describes it, `X-User-Id`. Any other field, or a cookie,
 * passes without being described.
 */
export const ownKeys = (document: Part, { security = document['security'] }: Part): readonly Part[] => {
  const asked = new Set(
    (Array.isArray(security) ? security : []).flatMap((one) => (isPart(one) ? Object.keys(one) : [])),
  )
  return schemesOf(document)
    .filter(([scheme, { type }]) => type === 'apiKey' && asked.has(scheme))
    .flatMap(([, { name, in: place }]) => (typeof name === 'string' ? keyIn(place, name) : []))
}

const keyIn = (place: unknown, name: string): readonly Part[] => {
  if (place === 'query') return [{ name, in: place, schema: { type: 'string', maxLength: LONGEST_KEY } }]
  const isDropped = place === 'header' && isForeign(spelledPlainly(name.toLowerCase()))
  return isDropped ? [{ name, in: place, schema: { type: 'string' } }] : []
}

/** characters in a query; the fields of a request are bounded together */
const LONGEST_KEY = 1_024

const schemesOf = ({ components }: Part): readonly (readonly [name: string, scheme: Part])[] => {
  const { securitySchemes } = isPart(components) ? components : {}
  return Object.entries(isPart(securitySchemes) ? securitySchemes : {}).flatMap(([name, scheme]) =>
    isPart(scheme) ? [[name, scheme] as const] : [],
  )
}
