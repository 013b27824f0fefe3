import type { DoorParts } from '../order.ts'
import type { Step } from '../visit.ts'

/** Who is calling: the address behind the trusted proxies, and the key it is counted under. */
export const client =
  (parts: Pick<DoorParts, 'client' | 'forwardedHeader'>): Step =>
  (visit) => {
    const { peer, headers } = visit.facts
    visit.client = parts.client(peer, headers[parts.forwardedHeader])
    return undefined
  }
