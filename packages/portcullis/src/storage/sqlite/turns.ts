/** Turns at the one connection that writes, first come first served. */
export interface Turns {
  /** Fulfilled when the turn is the caller's, with the ms that it waited. */
  take(): Promise<number>
  /** The turn is over. */
  end(): void
}

/** Nobody has a turn yet. */
export const turns = (): Turns => {
  let last: Promise<void> | undefined
  let end = (): void => {}
  return {
    take: async () => {
      const asked = performance.now()
      const before = last
      const mine = Promise.withResolvers<void>()
      last = mine.promise
      await before
      end = mine.resolve
      return performance.now() - asked
    },
    end: () => end(),
  }
}
