import type { ReadDocument, Seen } from './source.ts'
import { readDocument, UnusableDocument } from './source.ts'

/** How a document is kept fresh. */
export interface Following {
  /** Looks once, now. */
  look(): Promise<void>
  stop(): void
}

/** Looks until one that can't be used is read again: it may have been the machine, which stood still for longer than reading may take. */
const TRY_AGAIN = 20

/**
 * Looks again and again whether the document has changed. One that can't be read or used never replaces one that could.
 *
 * @param use builds from a new document; a throw keeps the one of before
 * @param kept told why a new one was not taken, once a reason
 */
export const followDocument = (options: {
  readonly place: string
  readonly first: ReadDocument
  readonly everyMs: number
  use(read: ReadDocument): Promise<void>
  kept(reason: string): void
}): Following => {
  let served: Seen = options.first
  /** What is there now, and can't be used. To find that out again takes a second of a large one, in which nobody is answered. */
  let unusable: Seen | undefined
  let looks = 0
  let looking: Promise<void> | undefined
  let said: string | undefined

  const take = async (read: ReadDocument): Promise<void> => {
    if (read.digest === served.digest) return
    await options.use(read).catch((error: Error) => {
      throw new UnusableDocument(error.message, read)
    })
    served = read
  }
  const look = async (): Promise<void> => {
    looks += 1
    const known = looks % TRY_AGAIN === 0 ? undefined : unusable
    try {
      const read = await readDocument(options.place, known ?? served)
      if (read === undefined && known !== undefined) return
      if (read !== undefined) await take(read)
      unusable = undefined
      said = undefined
    } catch (error) {
      if (error instanceof UnusableDocument) unusable = error.seen
      const { message } = error as Error
      if (message !== said) options.kept(message)
      said = message
    }
  }
  const once = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  const timer = setInterval(once, options.everyMs)
  timer.unref()
  return { look: once, stop: () => clearInterval(timer) }
}
