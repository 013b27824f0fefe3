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
 * Parameters that the backend's own keys are (OpenAPI 3.1 §4.8.27, `apiKey`), of a query alone: what is in none of its parameters is refused there, and
 * `APIKeyQuery` of FastAPI writes none. A field or a cookie passes without being described.
 */
export const keysInQuery = (document: Part, { security = document['security'] }: Part): readonly Part[] => {
  const asked = new Set(
    (Array.isArray(security) ? security : []).flatMap((one) => (isPart(one) ? Object.keys(one) : [])),
  )
  return schemesOf(document)
    .filter(([scheme, { type, in: place }]) => type === 'apiKey' && place === 'query' && asked.has(scheme))
    .flatMap(([, { name }]) => (typeof name === 'string' ? [keyIn(name)] : []))
}

const keyIn = (name: string): Part => ({ name, in: 'query', schema: { type: 'string', maxLength: LONGEST_KEY } })

/** characters */
const LONGEST_KEY = 1_024

const schemesOf = ({ components }: Part): readonly (readonly [name: string, scheme: Part])[] => {
  const { securitySchemes } = isPart(components) ? components : {}
  return Object.entries(isPart(securitySchemes) ? securitySchemes : {}).flatMap(([name, scheme]) =>
    isPart(scheme) ? [[name, scheme] as const] : [],
  )
}
