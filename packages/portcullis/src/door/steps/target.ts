import { ownFields } from '../../response/index.ts'
import type { Step } from '../visit.ts'
import { refuse } from '../visit.ts'

/** Refuses a request with two readings, before anything is decided about it: its target, for which host it is, where it ends. */
export const target: Step = (visit) => {
  const { target: text, hosts, httpVersion, headers } = visit.facts
  if (!isFramed(httpVersion, headers['transfer-encoding'])) return refuse(visit, 'malformed-request', ENDED)
  // RFC 9112 §3.2: one Host in HTTP/1.1, never two, and what a host can be; in HTTP/2 what :authority says (RFC 9113 §8.3.1).
  const host = headers['host'] ?? ''
  const hosted =
    (hosts === 1 && HOST.test(host) && (headers[':authority'] ?? host) === host) ||
    (hosts === 0 && httpVersion !== '1.1')
  return hosted && isPlainTarget(text) ? undefined : refuse(visit, 'malformed-request')
}

/**
 * HTTP/1.0 knows no chunks, and of `gzip, chunked` or `, chunked` a proxy may read another end of the body (RFC 9112 §6.1); nobody here undoes
 * another coding. Node's parser lets all of them pass, and HTTP/0.9 as well.
 */
const isFramed = (httpVersion: string, transferEncoding: string | undefined): boolean =>
  transferEncoding === undefined
    ? httpVersion === '1.1' || httpVersion === '1.0' || httpVersion === '2.0'
    : httpVersion === '1.1' && /^chunked$/i.test(transferEncoding)

/** Where the body ends, and so where the next request begins, is not agreed on: nothing more is read from this connection. */
const ENDED = ownFields({ connection: 'close' })

/**
 * A name or an address, and a port. RFC 3986 §3.2.2 has more, of which no name on the network is made: `a;for=6.6.6.6` and `a,b` become an address and a
 * host of their own where a proxy writes what was asked for into Forwarded, and the server behind splits that without its quotes (Rack).
 */
const HOST = /^(?:[A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

/** Visible ASCII, starting with one slash: the origin form of RFC 9112 §3.2.1, without raw bytes, spaces or a fragment. */
const ORIGIN_FORM = /^\/(?!\/)[!"$-[\]-~]*$/

/** Names between slashes: most paths are no more, and done here. */
const SIMPLE = /^(?:\/[A-Za-z0-9_-]+)+$/

/**
 * %2F / %5C \ %2E . %00 NUL, a dot segment, a double slash: a proxy may read each as another path than the router does. `..;` and `..%3B` are dot
 * segments to Tomcat, which takes what stands behind a semicolon off first, and texts to what is in front of it.
 */
const AMBIGUOUS = /%(?:2f|5c|2e|00)|\/\.{1,2}(?:\/|;|%3b|$)|\/\//i

const BAD_ESCAPE = /%(?![0-9a-f]{2})/i

/**
 * Says whether a request target has one reading only. What is ambiguous is refused before anything is decided about it:
 * encoded slashes and dots, dot segments, double slashes, backslashes, NUL, raw non-ASCII bytes, absolute and asterisk form.
 * (CVE-2026-42274, CVE-2025-71399: one component judged another path than the next one served.)
 */
export const isPlainTarget = (target: string): boolean => {
  if (SIMPLE.test(target)) return true
  if (!ORIGIN_FORM.test(target)) return false
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  return !AMBIGUOUS.test(path) && !BAD_ESCAPE.test(path) && isUtf8(path)
}

/** An escape that is no UTF-8 would be decoded by one component and kept by another. */
const isUtf8 = (path: string): boolean => {
  if (!path.includes('%')) return true
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
