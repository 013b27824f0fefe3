import { request as plain } from 'node:http'
import { request as encrypted } from 'node:https'
import { isIP } from 'node:net'
import { brotliDecompressSync, unzipSync, constants as zlib } from 'node:zlib'
import type { Asked, Exchange } from './exchange.ts'
import type { Target } from './target.ts'

/** Of an answer: what is over is not read. */
export const LONGEST_BODY = 256 * 1024

/**
 * Sends it and waits for the answer, up to the deadline. Headers go out as they are written, redirects are not followed, and each
 * request has a connection of its own: one that the server closed must not look like an answer. Never rejects.
 */
export const send = (target: Target, address: string, asked: Asked, timeoutMs: number): Promise<Exchange> => {
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const begun = performance.now()
  const ended = (answer: Partial<Exchange>): void => {
    clearTimeout(deadline)
    const ms = Math.round(performance.now() - begun)
    resolve({ ...asked, status: 0, answered: {}, cookies: [], text: '', ms, ...answer })
  }
  const body = asked.body === undefined ? undefined : Buffer.from(asked.body)
  const headers = {
    host: target.host,
    'user-agent': 'portcullis-check',
    accept: 'application/json, text/html;q=0.9, */*;q=0.8',
    connection: 'close',
    ...(body === undefined ? {} : { 'content-length': String(body.length) }),
    ...asked.headers,
  }
  const deadline = setTimeout(() => {
    ended({ silence: 'timeout' })
    request.destroy()
  }, timeoutMs)
  const request = (target.https ? encrypted : plain)({
    host: address,
    port: target.port,
    method: asked.method,
    // A document may hold any text as a path.
    path: asked.path.replace(/[^\x21-\x7e]/gu, encodeURIComponent),
    headers,
    agent: false,
    setHost: false,
    ...(asked.from === undefined ? {} : { localAddress: asked.from }),
    // A certificate of one's own is usual on this machine, and no item of the list.
    // Without a protocol named, a server of HTTP/2 alone answers 403 in plain text, which looks like a guard.
    ...(target.https
      ? {
          rejectUnauthorized: !target.loopback,
          servername: serverName(target.hostname),
          ALPNProtocols: ['http/1.1'],
        }
      : {}),
  })
  request.on('error', (error) => ended({ silence: reasonOf(error) }))
  request.on('response', (response) => {
    const answer = {
      status: response.statusCode ?? 0,
      answered: flat(response.headers),
      cookies: response.headers['set-cookie'] ?? [],
    }
    const chunks: Buffer[] = []
    let length = 0
    const finish = (): void =>
      ended({ ...answer, text: textOf(Buffer.concat(chunks), answer.answered['content-encoding']) })
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length < LONGEST_BODY) return
      finish()
      request.destroy()
    })
    response.on('end', finish)
    response.on('error', (error) => ended({ silence: reasonOf(error) }))
    response.on('close', () => ended({ silence: 'the answer broke off' }))
  })
  request.end(body)
  return promise
}

/** Some servers compress what nobody asked them to: unread, a document or a token in it would be none. Bounded, and as far as it came. */
const textOf = (body: Buffer, encoding = 'identity'): string =>
  unpacked(body, encoding).subarray(0, LONGEST_BODY).toString('utf8')

const unpacked = (body: Buffer, encoding: string): Buffer => {
  const maxOutputLength = 16 * LONGEST_BODY
  try {
    if (/^(?:x-)?gzip$|^deflate$/i.test(encoding))
      return unzipSync(body, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength })
    if (/^br$/i.test(encoding))
      return brotliDecompressSync(body, { finishFlush: zlib.BROTLI_OPERATION_FLUSH, maxOutputLength })
  } catch {
    // Not what it says it is, or a bomb: then as it came.
  }
  return body
}

/** Node has one code, EPROTO, for all that goes wrong in a handshake, and OpenSSL's reason in the message. */
const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? code ?? message

/** An address is no server name (RFC 6066 §3). */
const serverName = (hostname: string): string => (isIP(hostname) === 0 ? hostname : '')

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
