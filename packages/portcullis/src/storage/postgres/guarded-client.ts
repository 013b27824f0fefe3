import { Client, type ClientConfig } from 'pg'

/**
 * A client whose connection ends with what can't be read of it. pg parses where the bytes arrive, and what it throws there (a length that is
 * negative, a row that is shorter than it says) nobody could catch: one message from a proxy gone wrong would end the process.
 */
export class GuardedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config)
    guard(this.connection.stream)
    // Over TLS pg reads from another stream, which it makes when the server has agreed to it.
    this.connection.once('sslconnect', () => guard(this.connection.stream))
  }
}

const guard = (stream: Client['connection']['stream']): void => {
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: readonly unknown[]) => boolean
  stream.emit = (event: string | symbol, ...values: readonly unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...values)
    try {
      return emit(event, ...values)
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('The answer of PostgreSQL can not be read.'))
      return true
    }
  }
}
