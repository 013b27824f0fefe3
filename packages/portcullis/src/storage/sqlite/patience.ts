import { setTimeout as delay } from 'node:timers/promises'
import { isBusy } from './errors.ts'

/** How long a statement waits for another process's lock before the store counts as broken, in ms. */
export const patienceMs = 5000

/**
 * Tries again while another connection holds the lock, for `ms` milliseconds, and lets the event loop run meanwhile: SQLite's own
 * busy handler would put the whole process to sleep. Throws what the last attempt threw.
 *
 * @param rest waits for some ms between two attempts
 */
export const patiently = async <Result>(
  attempt: () => Result | Promise<Result>,
  ms = patienceMs,
  rest: (ms: number) => Promise<unknown> = delay,
): Promise<Result> => {
  const deadline = performance.now() + ms
  for (let pause = 1; ; pause = Math.min(pause * 2, 25)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    // Uneven pauses, so that processes that started together do not collide in step.
    await rest(pause * (0.5 + Math.random()))
  }
}
