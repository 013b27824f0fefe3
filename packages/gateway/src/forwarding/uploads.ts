import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { Problem } from 'portcullis/fastify'
import { gatheredBytes } from 'portcullis/validation'

/** bytes of a piece that is worth a write of its own */
const SMALL = 4_096
/** bytes that gather at most */
const GATHERED = 65_536

/**
 * A body on its way through, counted as it passes: beyond the limit the stream fails, and with it the request at the upstream. Small pieces that came in
 * one read go on as one: of chunks of a byte each 64 KiB would be ten thousand writes, and as many events of the upstream.
 *
 * @param limit bytes
 */
export const boundedBody = (raw: IncomingMessage, limit: number): Readable => {
  const gathered = gatheredBytes()
  let bytes = 0
  let passing: NodeJS.Immediate | undefined
  const pass = (): void => {
    clearImmediate(passing)
    passing = undefined
    const piece = gathered.take()
    if (piece.length > 0 && !counted.push(piece)) raw.pause()
  }
  const take = (piece: Buffer): void => {
    bytes += piece.length
    if (bytes > limit) counted.destroy(new Problem('body-too-large', {}, { connection: 'close' }))
    else if (gathered.add(piece) >= GATHERED || piece.length >= SMALL) pass()
    // Not at once: what else is of the same read gathers behind it.
    else passing ??= setImmediate(pass)
  }
  const ended = (): void => {
    pass()
    counted.push(null)
  }
  // A client that goes away in the middle must not leave the upstream with a body that looks whole.
  const gone = (): void => {
    if (!raw.complete) counted.destroy(new Error('the client has gone'))
  }
  const counted = new Readable({
    read: () => void raw.resume(),
    destroy: (error, done) => {
      clearImmediate(passing)
      raw.off('data', take).off('end', ended).off('close', gone)
      // Its connection is not read on while something of it is left: see keepLittleUnread.
      if (raw.complete) raw.resume()
      else raw.pause()
      done(error)
    },
  })
  // When the upstream has answered before the end nobody listens any more; unheard, a failure would end the process.
  counted.on('error', () => {})
  // Its failure must not end the socket that the refusal goes out on, so this is no pipeline.
  raw.on('data', take).on('end', ended).on('close', gone)
  return counted
}

/** ms that a body which is read whole may take: as long as a server's whole request elsewhere. */
const WHOLE_BODY_MS = 10_000

/**
 * Reads a body whole, within a limit and ten seconds. Fastify's own reader would take as much as the route's uploads may have.
 *
 * @throws Problem (as a rejection)
 */
export const wholeBody = (raw: IncomingMessage, limit: number): Promise<Buffer> => {
  const body = gatheredBytes()
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
      else body.add(chunk)
    }
    const ended = (): void => {
      stop()
      resolve(body.take())
    }
    const gone = (): void => refuse(new Problem('malformed-body'))
    raw.on('data', read).on('end', ended).on('close', gone)
  })
}
