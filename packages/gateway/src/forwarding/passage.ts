import type { ServerResponse } from 'node:http'

/** A body on its way to the client. */
export interface Passage {
  /** False when the client is slower: go on at 'drain'. */
  write(chunk: Buffer): boolean
  end(): void
}

/**
 * Ends an answer in its middle. One to HTTP/1.0 has no chunks, and maybe no length: then the end of its connection is its own end, and only a
 * reset shows that it was none (RFC 9112 §8). nginx asks in that way unless it is told otherwise.
 */
export const cutShort = (response: ServerResponse): void => {
  if (response.req.httpVersion === '1.0') response.socket?.resetAndDestroy()
  // Behind another answer it has no connection yet, and Node would send the half when it has, and leave its client waiting for the rest.
  if (response.socket === null) response.once('socket', (socket) => socket.destroy())
  response.destroy()
}

/**
 * Passes a body on as it comes. A small answer comes whole, in one read of the upstream's socket, and goes out in one write; what is not at its
 * end by then is sent as it is, its header too: the first event of a stream may be minutes away.
 *
 * @param idleMs ms that the client may read nothing: it holds a connection of the upstream
 */
export const passageTo = (response: ServerResponse, idleMs: number): Passage => {
  let first: Buffer | undefined
  let held = true
  const release = (): boolean => {
    if (!held) return true
    held = false
    response.setTimeout(idleMs, () => cutShort(response))
    // It is the connection's: an answer behind this one may take longer to begin. Before Node sets the time of one that nobody uses.
    response.prependOnceListener('finish', () => response.setTimeout(0))
    if (first !== undefined) return response.write(first)
    response.flushHeaders()
    return true
  }
  process.nextTick(() => {
    if (!response.writableEnded && !response.destroyed) release()
  })
  return {
    write: (chunk) => {
      if (held && first === undefined) {
        first = chunk
        return true
      }
      release()
      return response.write(chunk)
    },
    end: () => {
      if (held && first !== undefined) response.end(first)
      else response.end()
      held = false
    },
  }
}
