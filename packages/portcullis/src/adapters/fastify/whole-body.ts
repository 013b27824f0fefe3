import type { Readable } from 'node:stream'
import { gatheredBytes } from '../../layers/validation/index.ts'
import { Problem } from '../../response/index.ts'

/**
 * Reads a body to its end. Fastify's own reader keeps each piece as it came, so that 60 KB in chunks of a byte each hold 12 MB: two hundred clients that
 * send no end, to a login that asks nobody who they are, would end the process.
 *
 * @param limit bytes
 * @param announced its Content-Length, by which the door has judged it: without a server (`inject`) nobody else compares it with what came
 */
export const wholeBody = (
  payload: Readable & { readonly receivedEncodedLength?: number },
  limit: number,
  announced: string | undefined,
  done: (error: Error | null, bytes?: Buffer) => void,
): void => {
  const gathered = gatheredBytes()
  let length = 0
  const stop = (error: Error | null, bytes?: Buffer): void => {
    payload.off('data', take).off('end', ended).off('error', failed)
    done(error, bytes)
  }
  const take = (piece: Buffer | string): void => {
    length = gathered.add(typeof piece === 'string' ? Buffer.from(piece) : piece)
    if (length > limit) stop(new Problem('body-too-large'))
  }
  const ended = (): void => {
    // A hook that gives another stream (preParsing) says how much of it came.
    const came = payload.receivedEncodedLength ?? length
    if (announced !== undefined && Number(announced) !== came) stop(new Problem('malformed-body'))
    else stop(null, gathered.take())
  }
  const failed = (): void => stop(new Problem('malformed-body'))
  payload.on('data', take).on('end', ended).on('error', failed).resume()
}
