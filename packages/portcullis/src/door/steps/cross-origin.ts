import { AnswerFields, securityFields, sharedFields } from '../../response/index.ts'
import type { DoorParts } from '../order.ts'
import type { Step } from '../visit.ts'
import { Refusal, refuse } from '../visit.ts'

/** Adds the CORS fields, and answers OPTIONS: as a preflight, or not at all. It never reaches a handler unasked. */
export const crossOrigin = ({ cors }: Pick<DoorParts, 'cors'>): Step => {
  const shared = sharedFields(cors)
  return (visit) => {
    const { headers, method, route } = visit.facts
    const origin = headers['origin']
    visit.shared = shared(origin)
    if (method !== 'OPTIONS') return undefined
    const wanted = headers['access-control-request-method']
    const preflight = cors.preflight(origin, wanted)
    if (preflight !== undefined) {
      return new Refusal({ status: 204, problem: undefined, fields: new AnswerFields(securityFields, preflight) })
    }
    if (wanted !== undefined) return refuse(visit, 'origin-refused')
    // A route that the application registered for OPTIONS is judged like any other.
    return route === undefined ? refuse(visit, 'method-refused') : undefined
  }
}
