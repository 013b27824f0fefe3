import type { ReadDocument } from './source.ts'
import { readDocument } from './source.ts'

/** How a document is kept fresh. */
export interface Following {
  /** Looks once, now. */
  look(): Promise<void>
  stop(): void
}

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
  let current = options.first
  let looking: Promise<void> | undefined
  let said: string | undefined

  const look = async (): Promise<void> => {
    try {
      const read = await readDocument(options.place, current)
      if (read !== undefined) {
        await options.use(read)
        current = read
      }
      said = undefined
    } catch (error) {
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
