/** Longer than the deadlines of the stores that come with the library: only what has none of its own comes to this one. */
const DEADLINE_MS = 5_000

/**
 * The answer, or an Error where it takes more than 5 seconds. A database that hangs rejects nothing: each request would keep its
 * connection until there are none left, and whoever has one session could bring that about.
 */
export const inTime = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error('identify() or a store did not answer within 5 s.'))
    const timer = setTimeout(giveUp, DEADLINE_MS).unref()
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
