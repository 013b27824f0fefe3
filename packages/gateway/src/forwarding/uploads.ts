import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { Problem } from 'portcullis/fastify'

/** bytes of a piece that is worth a write of its own */
const SMALL = 4_096

/**
 * A body on its way through, counted as it passes: beyond the limit the stream fails, and with it the request at the upstream. Small pieces that came in
 * one read go on as one: of chunks of a byte each 64 KiB would be ten thousand writes, and as many events of the upstream.
 *
 * @param limit bytes
 */
export const boundedBody = (raw: IncomingMessage, limit: number): Transform => {
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > limit) done(new Problem('body-too-large', {}, { connection: 'close' }))
      else if (chunk.length >= SMALL) done(null, chunk)
      // Not at once: what else is of the same read gathers behind it.
      else setImmediate(done, null, chunk)
    },
    writev(pieces, done) {
      this._write(Buffer.concat(pieces.map(({ chunk }) => chunk as Buffer)), 'utf8', done)
    },
  })
  // When the upstream has answered before the end nobody listens any more; unheard, a failure would end the process.
  counted.on('error', () => {})
  // A client that goes away in the middle must not leave the upstream with a body that looks whole.
  raw.once('close', () => {
    if (!raw.complete) counted.destroy(new Error('the client has gone'))
  })
  // Its failure must not end the socket that the refusal goes out on, so this is no pipeline.
  return raw.pipe(counted)
}

/** ms that a body which is read whole may take: as long as a server's whole request elsewhere. */
const WHOLE_BODY_MS = 10_000

/**
 * Reads a body whole, within a limit and ten seconds. Fastify's own reader would take as much as the route's uploads may have.
 *
 * @throws Problem (as a rejection)
 */
export const wholeBody = (raw: IncomingMessage, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(late)
      raw.off('data', read).off('end', ended).off('close', gone)
    }
    const refuse = (problem: Problem): void => {
      stop()
      reject(problem)
    }
    const late = setTimeout(() => refuse(new Problem('request-timeout', {}, { connection: 'close' })), WHOLE_BODY_MS)
    const read = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > limit) refuse(new Problem('body-too-large', {}, { connection: 'close' }))
      else chunks.push(chunk)
    }
    const ended = (): void => {
      stop()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes))
    }
    const gone = (): void => refuse(new Problem('malformed-body'))
    raw.on('data', read).on('end', ended).on('close', gone)
  })
}
