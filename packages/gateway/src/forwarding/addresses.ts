/**
 * An address without the origin of the upstream: `http://10.0.0.7:8000/items/` becomes `/items/`, and the client goes on where it is. Read as
 * a browser reads it: by its letters, `http://10.0.0.7:8000//evil.example` would become another site's, and `//10.0.0.7:8000/` stay.
 */
const withoutOrigin = (address: string, origin: string): string => {
  const own = new URL(origin)
  // Against a base of another host only an address that names the upstream itself has its host.
  const read = URL.parse(escaped(address), `${own.protocol}//elsewhere.invalid`)
  if (read === null || !/^https?:$/.test(read.protocol) || read.host !== own.host) return address
  return (read.pathname + read.search + read.hash).replace(/^\/{2,}/, '/')
}

/** Bytes beyond ASCII came as a letter each, which a URL would take for that letter: `/é` in UTF-8 would become `/Ã©`. */
const escaped = (address: string): string =>
  address.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)

type Rewrite = (value: string, origin: string) => string

/** Fields that hold addresses, which the upstream may write with its own, and how each is written without it. */
export const ADDRESSES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['location', withoutOrigin],
  ['content-location', withoutOrigin],
  // RFC 8288 §3: `<…>; rel="next"; anchor="…"`
  ['link', (value, origin) => inside(/([<"])([^<>"]*)([>"])/g, value, origin)],
  // HTML, "shared declarative refresh steps": `5; url='…'`
  ['refresh', (value, origin) => inside(/^([\s\d.]*[;,]?\s*(?:url\s*=\s*)?["']?)(.*?)(["']?)$/is, value, origin)],
])

/** @param place what is before an address, the address, and what is after it */
const inside = (place: RegExp, value: string, origin: string): string =>
  value.replace(place, (_, before, address, after) => before + withoutOrigin(address, origin) + after)
