import type { Address } from './address.ts'
import { parseAddress } from './address.ts'

/** A header that proxies write, read member by member from the right, where the nearest proxy wrote. */
export interface MemberGrammar {
  /** Where the member that ends at `end` starts: after its comma, at 0, or where it has become longer than any real one. */
  start(line: string, end: number): number
  /** The address that a member names, if it names one. One that is too long names none. */
  address(member: string): Address | undefined
}

/** 45 characters of address, brackets, a port, a zone id: no real member is longer, and for a longer one nobody searches. */
const LONGEST = 128

/** `X-Forwarded-For: client, proxy`. No standard: addresses, and brackets and ports as some proxies write them. */
export const xForwardedFor: MemberGrammar = {
  start: (line, end) => {
    for (let at = end - 1; at >= 0; at -= 1) {
      if (line.charCodeAt(at) === COMMA) return at + 1
      if (end - at > LONGEST) return at
    }
    return 0
  },
  address: (member) => {
    if (member.length > LONGEST) return undefined
    const text = trimOws(member)
    return parseAddress(text) ?? zonedAddress(text) ?? addressAndPort(text, isPort)
  },
}

const COMMA = 44

/**
 * A text without HTTP's optional whitespace (RFC 9110 §5.6.3) at its ends: space and tab, not all that Unicode holds for whitespace. In time that
 * grows with it: a pattern for those at the end would take the square of their number.
 */
export const trimOws = (text: string): string => {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

const isBlank = (code: number): boolean => code === 32 || code === 9

/** 0 to 65,535, without leading zeros. */
export const isPort = (text: string): boolean => /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535

/** `192.0.2.1:4711`, `[2001:db8::1]`, `[2001:db8::1]:4711`: the address of it. */
export const addressAndPort = (text: string, isItsPort: (text: string) => boolean): Address | undefined => {
  const [, ipv6, ipv4 = '', port] = HOST_AND_PORT.exec(text) ?? []
  if (port !== undefined && !isItsPort(port)) return undefined
  return ipv6 === undefined ? parseAddress(ipv4) : (parseAddress(ipv6) ?? zonedAddress(ipv6))
}

/** In brackets there is IPv6 only, and without them none that has a port (RFC 3986 §3.2.2). */
const HOST_AND_PORT = /^(?:\[([^\][]*:[^\][]*)\]|([\d.]+))(?::(.*))?$/

/** `fe80::1%eth0`: a zone means something on the proxy's machine only, and only with IPv6 (RFC 4007 §11). */
export const zonedAddress = (text: string): Address | undefined => {
  const [, ipv6 = ''] = ZONED.exec(text) ?? []
  return parseAddress(ipv6)
}

const ZONED = /^([^%]*:[^%]*)%[\w.~-]{1,64}$/
