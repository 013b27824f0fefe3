import type { Operation } from './operations.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** Kinds of OpenAPI 3.1 §4.8.27 that come in `Authorization`. */
const BY_AUTHORIZATION = ['http', 'oauth2', 'openIdConnect']

/** What is said when the backend asks for tokens of its own: it would answer 401 to whoever the gateway lets in. */
export const ownCredentials = (document: Part, served: readonly Operation[]): readonly string[] => {
  const components = isPart(document['components']) ? document['components'] : {}
  const schemes = isPart(components['securitySchemes']) ? components['securitySchemes'] : {}
  const names = Object.keys(schemes).filter((name) => {
    const scheme = schemes[name]
    return isPart(scheme) && BY_AUTHORIZATION.includes(String(scheme['type']))
  })
  const asking = served.filter(({ declared }) => declared.split(/ (?:and|or) /).some((one) => names.includes(one)))
  return asking.length === 0
    ? []
    : [
        `the document asks for Authorization at ${asking.length} of ${served.length} operations (${names.join(', ')}), and it is not passed on: the backend learns who is calling from portcullis-token`,
      ]
}
