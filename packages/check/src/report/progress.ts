/** What is being done, on one line that is written over: on a terminal only, since a log would keep every state of it. */
import { visible } from './clean.ts'
import { columnsOf, cut } from './wrap.ts'

export interface Progress {
  readonly say: (what: string) => void
  /** Wipes the line; to be called before anything else is written there. */
  readonly end: () => void
}

/** The part of a `tty.WriteStream` that is used. */
interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

const WIPE = '\r\x1b[2K'

export const progress = (stream: ProgressStream): Progress => {
  if (stream.isTTY !== true) return { say: () => {}, end: () => {} }
  let said = ''
  return {
    say: (what) => {
      // One column is left: a full line would make some terminals go to the next.
      const line = cut(visible(what), columnsOf(stream.columns) - 1)
      if (line !== said) stream.write(`${WIPE}${line}`)
      said = line
    },
    end: () => {
      if (said !== '') stream.write(WIPE)
      said = ''
    },
  }
}
