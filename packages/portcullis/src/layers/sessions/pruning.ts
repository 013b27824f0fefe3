import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 10 * 60_000
/** Between two parts, so that others get at the store: a part of a thousand rows takes some 10 ms. */
const PAUSE_MS = 100
/** That an end waits for a part: a store that hangs must not keep a program from ending. */
const ENDING_MS = 1_000

/**
 * Forgets what expired, every 10 minutes, part by part until nothing is left. The timers keep no process alive.
 *
 * @param prune forgets a part and answers how much; 0 when nothing is left
 * @param onError is told why a part could not be forgotten; the next time makes up for it
 * @returns what ends it, once the part that is being forgotten is done, or after a second
 */
export const pruneRegularly = (
  prune: () => number | Promise<number>,
  onError: (error: unknown) => void,
): (() => Promise<void>) => {
  let stopped = false
  let running: Promise<void> | undefined
  const pruneAll = async (): Promise<void> => {
    try {
      while ((await prune()) > 0 && !stopped) await pause()
    } catch (error) {
      onError(error)
    } finally {
      running = undefined
    }
  }
  let wake = (): void => {}
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
      setTimeout(resolve, PAUSE_MS).unref()
    })
  const timer = setInterval(() => {
    running ??= pruneAll()
  }, EVERY_MS).unref()
  return async () => {
    stopped = true
    clearInterval(timer)
    wake()
    if (running !== undefined) await Promise.race([running, sleep(ENDING_MS, undefined, { ref: false })])
  }
}
