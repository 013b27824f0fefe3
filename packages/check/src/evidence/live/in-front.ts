/** Answers of what stands before the backend: they tell nothing of it. */
import type { Exchange } from './exchange.ts'

/** nginx, Apache, Go and Node's relatives, when TLS was expected. */
const WANTS_TLS = /plain HTTP request was sent to HTTPS|SSL-enabled server port|HTTP request to an HTTPS server/i
/** Starlette, Django and proxies, when the Host header is none of theirs. */
const WANTS_NAME = /invalid host|disallowed ?host|invalid hostname/i

/** Why the first answer is none of the backend's own; undefined where it may be. */
export const answeredInFront = ({ status, text }: Exchange): string | undefined => {
  if (status === 502 || status === 504)
    return `everything is answered ${status}: what stands in front does not reach the backend`
  if (status === 400 && WANTS_TLS.test(text)) return 'it speaks TLS and was asked without: give --url with https'
  if (status === 400 && WANTS_NAME.test(text)) return 'it refuses the host of --url: give the name that it serves'
  return undefined
}

/** What an error of the connection means to whoever reads it. */
export const inWords = (silence: string): string => {
  if (/no application protocol/i.test(silence)) return 'the server speaks HTTP/2 alone, and was asked in HTTP/1.1'
  if (/^HPE_/.test(silence)) return `what listens there does not answer in HTTP/1.1 (${silence})`
  if (/wrong version number|packet length too long/i.test(silence))
    return 'the server does not speak TLS: give --url with http'
  return `the server did not answer (${silence})`
}
