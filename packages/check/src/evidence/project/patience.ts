/** ms between two looks at the time that is left */
const LOOK_MS = 250

export interface Patience {
  /** ms */
  left(): number
  /** Does what has to be done here for what is waited for, and counts all the time that it takes. */
  work(done: () => void): void
  end(): void
}

/**
 * Waits so long for another program and no longer. A look that comes late was kept waiting by this program's own reading, and so was what
 * the other had said by then: that is not its time.
 *
 * @param milliseconds of what is waited for; 0 or less is over with the first look
 * @param over called once they are over, and with each look after that until it ends
 */
export const patience = (milliseconds: number, over: () => void): Patience => {
  let left = milliseconds
  let looked = performance.now()
  const look = (most: number): void => {
    const now = performance.now()
    left -= Math.min(now - looked, most)
    looked = now
    if (left <= 0) over()
  }
  const timer = setInterval(() => look(2 * LOOK_MS), LOOK_MS)
  return {
    left: () => left,
    work: (done) => {
      look(2 * LOOK_MS)
      done()
      look(Number.POSITIVE_INFINITY)
    },
    end: () => clearInterval(timer),
  }
}
