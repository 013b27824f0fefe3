/** Whose addresses are written anew: the upstream's, with the path that is put in front of every other, or ''. */
export interface OwnAddress {
  readonly origin: string
  readonly prefix?: string
}

/** A host that no address has. */
const ELSEWHERE = 'elsewhere.invalid'

/**
 * An address without the origin of the upstream, and without the path in front: `http://10.0.0.7:8000/v1/items/` becomes `/items/`, and the client goes on
 * where it is. Read as a browser reads it: by its letters, `http://10.0.0.7:8000//evil.example` would become another site's, and `//10.0.0.7:8000/` stay.
 */
const withoutOwn = (address: string, { origin, prefix = '' }: OwnAddress): string => {
  const own = new URL(origin)
  // Against a base of another host only an address that names the upstream itself has its host.
  const read = URL.parse(escaped(address), `${own.protocol}//${ELSEWHERE}`)
  if (read === null || !/^https?:$/.test(read.protocol)) return address
  const isBelow = prefix !== '' && `${read.pathname}/`.startsWith(`${prefix}/`)
  const isPath = read.host === ELSEWHERE && address.startsWith('/')
  if (read.host !== own.host && !(isPath && isBelow)) return address
  const path = isBelow ? `/${read.pathname.slice(prefix.length)}` : read.pathname
  return path.replace(/^\/{2,}/, '/') + read.search + read.hash
}

/**
 * A Set-Cookie without the path in front in its own: the client asks for what is below that without it, and a browser would never send back a
 * cookie of `Path=/v1` (RFC 6265 §5.1.4).
 */
export const cookieWithoutPrefix = (cookie: string, { prefix = '' }: OwnAddress): string =>
  prefix === ''
    ? cookie
    : cookie.replaceAll(/(;\s*path\s*=\s*)([^;]*)/gi, (whole: string, before: string, said: string) => {
        const path = said.trim()
        return `${path}/`.startsWith(`${prefix}/`) ? before + (path.slice(prefix.length) || '/') : whole
      })

/** Bytes beyond ASCII came as a letter each, which a URL would take for that letter: `/é` in UTF-8 would become `/Ã©`. */
const escaped = (address: string): string =>
  address.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)

type Rewrite = (value: string, own: OwnAddress) => string

/** Fields that hold addresses, which the upstream may write with its own, and how each is written without it. */
export const ADDRESSES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['location', withoutOwn],
  ['content-location', withoutOwn],
  // RFC 8288 §3: `<…>; rel="next"; anchor="…"`
  ['link', (value, own) => inside(/([<"])([^<>"]*)([>"])/g, value, own)],
  // HTML, "shared declarative refresh steps": `5; url='…'`
  ['refresh', (value, own) => inside(/^([\s\d.]*[;,]?\s*(?:url\s*=\s*)?["']?)(.*?)(["']?)$/is, value, own)],
])

/** @param place what is before an address, the address, and what is after it */
const inside = (place: RegExp, value: string, own: OwnAddress): string =>
  value.replace(place, (_, before, address, after) => before + withoutOwn(address, own) + after)
