import { Socket } from 'node:net'

/**
 * A connection that ends with what can't be read of it. pg parses where the bytes arrive, and what it throws there (a length that is
 * negative, a row that is shorter than it says) nobody could catch: one message from a proxy gone wrong would end the process.
 */
export class GuardedSocket extends Socket {
  override emit(event: string | symbol, ...values: readonly unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...values)
    try {
      return super.emit(event, ...values)
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error('The answer of PostgreSQL can not be read.'))
      return true
    }
  }
}
