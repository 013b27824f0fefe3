import { LATE } from './faults.ts'

/** Into how many steps the time is cut. */
const STEPS = 5

/**
 * Gives a reply `ms` milliseconds, then rejects with LATE. It is counted in steps, so that what takes our own event loop away (a burst of requests, a
 * machine that stood still) costs one step and not all of them: it says nothing of Redis, which may have had no more time than we. At
 * the end the reply may be in the socket: sockets are read between timers and setImmediate, so it is looked for once more.
 */
export const within = <Reply>(ms: number, reply: Promise<Reply>): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let left = STEPS
    let timer: NodeJS.Timeout
    const step = (): void => {
      left -= 1
      if (left > 0) timer = setTimeout(step, ms / STEPS)
      else setImmediate(() => reject(LATE))
    }
    timer = setTimeout(step, ms / STEPS)
    reply.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
