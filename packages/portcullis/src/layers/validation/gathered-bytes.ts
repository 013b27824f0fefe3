/** Bytes that come in pieces, kept as one. */
export interface GatheredBytes {
  /** How many there are by then. */
  add(piece: Buffer): number
  /** What has come since the last time. */
  take(): Buffer
}

/**
 * Keeps what comes in one place, which grows with it: a piece kept as it came costs a hundred bytes of its own, so that 64 KiB in chunks of a byte each, on
 * few connections, would fill the memory.
 */
export const gatheredBytes = (): GatheredBytes => {
  let held: Buffer = NOTHING
  let length = 0
  return {
    add: (piece) => {
      if (length + piece.length > held.length) {
        // What comes whole is not copied.
        const larger = length === 0 ? piece : Buffer.allocUnsafeSlow(2 * (length + piece.length))
        if (length > 0) held.copy(larger, 0, 0, length)
        held = larger
      }
      if (held !== piece) piece.copy(held, length)
      length += piece.length
      return length
    },
    take: () => {
      const taken = held.subarray(0, length)
      held = NOTHING
      length = 0
      return taken
    },
  }
}

const NOTHING = Buffer.alloc(0)
