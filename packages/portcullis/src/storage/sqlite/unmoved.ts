import { statSync } from 'node:fs'

/** How long the questions of every request, which only read, go without a look, in ms. */
const EVERY_MS = 1000

/** Looks whether the file that was opened is still the one that its path names. */
export interface Unmoved {
  /** @throws Error with a `statusCode` of 503 when it is not */
  demand(): void
  /** The same, at most once a second: a look costs as much as a question that has a statement prepared. */
  demandOften(): void
}

/**
 * Of a file that was removed, moved or replaced the system keeps what is open, and whatever is written there goes with the process; what
 * another process writes to the new one is never seen. With a rollback journal SQLite looks by itself (SQLITE_READONLY_DBMOVED), in WAL mode
 * it does not.
 *
 * @param path of a file that is open
 */
export const unmoved = (path: string): Unmoved => {
  const opened = inodeOf(path)
  const demand = (): void => {
    if (inodeOf(path) === opened) return
    const sentence = `The database ${path} was removed, moved or replaced while it was open: put it back, or start again.`
    throw Object.assign(new Error(sentence), { statusCode: 503 })
  }
  let next = 0
  return {
    demand,
    demandOften: () => {
      const now = performance.now()
      if (now < next) return
      demand()
      next = now + EVERY_MS
    },
  }
}

const inodeOf = (path: string): bigint | undefined => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino
  } catch {
    // A folder that may not be entered any more.
    return undefined
  }
}
