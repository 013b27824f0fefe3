import { AnswerFields, methodsField, ownFields, securityFields, sharedFields } from '../../response/index.ts'
import type { DoorParts } from '../order.ts'
import type { Step } from '../visit.ts'
import { Refusal, refuse } from '../visit.ts'

/** What a preflight asks for. WHATWG Fetch §3.2.2. */
const WANTED = 'access-control-request-method'

/** Adds the CORS fields, and answers the preflights of known origins. */
export const crossOrigin = ({ cors }: Pick<DoorParts, 'cors'>): Step => {
  const shared = sharedFields(cors)
  return (visit) => {
    const { headers, method } = visit.facts
    const origin = headers['origin']
    visit.shared = shared(origin)
    if (method !== 'OPTIONS') return undefined
    const preflight = headers[WANTED] === undefined ? undefined : cors.preflight(origin)
    if (preflight === undefined) return undefined
    return new Refusal({
      status: 204,
      problem: undefined,
      fields: new AnswerFields(securityFields, ownFields(preflight)),
    })
  }
}

/** Refuses every other OPTIONS: it never reaches a handler unasked. */
export const otherOptions: Step = (visit) => {
  const { headers, method, route } = visit.facts
  if (method !== 'OPTIONS') return undefined
  if (headers[WANTED] !== undefined) return refuse(visit, 'origin-refused')
  // A route that the application registered for OPTIONS is judged like any other.
  return route === undefined ? refuse(visit, 'method-refused', ALLOW) : undefined
}

/** RFC 9110 §15.5.6: a 405 says what is allowed instead. */
const ALLOW = ownFields({ allow: methodsField })
