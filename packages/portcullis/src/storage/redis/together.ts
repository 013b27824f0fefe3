import { answersOf } from './script.ts'

/** What is asked of the script for one client. */
interface Asked {
  readonly key: string
  readonly args: readonly number[]
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** So many clients go in one command at most: while a script runs Redis does nothing else, and this many take it a third of a ms. */
const AT_ONCE = 64

/**
 * Asks in one command what one turn of the event loop asks for: most of what a request costs here and in Redis is the command around
 * it. Sockets are read before setImmediate, so nobody waits for anybody.
 *
 * @param run sends the script with the keys, and the arguments of each behind one another
 * @returns asks for one client; when a command fails all who were in it are told
 */
export const together = (
  run: (keys: readonly string[], args: readonly number[]) => Promise<unknown>,
): ((key: string, args: readonly number[]) => Promise<unknown>) => {
  let waiting: Asked[] = []

  const send = async (asked: readonly Asked[]): Promise<void> => {
    try {
      const keys = asked.map(({ key }) => key)
      const args = asked.flatMap((one) => one.args)
      const answers = answersOf(await run(keys, args), asked.length)
      for (const [number, { resolve }] of asked.entries()) resolve(answers[number])
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  const sendWaiting = (): void => {
    const asked = waiting
    waiting = []
    if (asked.length > 0) void send(asked)
  }

  return (key, args) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(sendWaiting)
      waiting.push({ key, args, resolve, reject })
      if (waiting.length === AT_ONCE) sendWaiting()
    })
}
