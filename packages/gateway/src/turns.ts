import { setImmediate } from 'node:timers/promises'

/** ms of work in one piece: what somebody who is answered in between waits for at most, beside the piece itself */
const TURN_MS = 10

/** Work in pieces: the document of hundreds of operations takes seconds to build, and it is built while requests are answered. */
export const inTurns = (): (() => Promise<void> | undefined) => {
  let since = performance.now()
  return () => {
    if (performance.now() - since < TURN_MS) return undefined
    return setImmediate().then(() => {
      since = performance.now()
    })
  }
}
