import { isIPv6 } from 'node:net'

/** An address as numbers. IPv4 fills the first word; four words of 32 bits are an IPv6 address. */
export interface Address {
  readonly bits: 32 | 128
  readonly words: readonly [number, number, number, number]
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** No leading zeros: 010.0.0.1 is 8.0.0.1 to one parser and 10.0.0.1 to the next (RFC 6943 §3.1.1). */
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`)
/** isIPv6 takes zone ids too; those who may write one have it cut off before. */
const IPV6_CHARACTERS = /^[\da-f:.]{2,45}$/i

/** Reads a bare address, without port, brackets or zone id. IPv4 inside IPv6 is the IPv4 address. */
export const parseAddress = (text: string): Address | undefined => {
  const ipv4 = ipv4Number(text)
  if (ipv4 !== undefined) return { bits: 32, words: [ipv4, 0, 0, 0] }
  if (!IPV6_CHARACTERS.test(text) || !isIPv6(text)) return undefined
  return ipv4Within({ bits: 128, words: ipv6Words(text) })
}

const ipv4Number = (text: string): number | undefined => {
  const [, a, b, c, d] = text.length > 15 ? [] : (IPV4.exec(text) ?? [])
  if (d === undefined) return undefined
  return ((Number(a) << 24) | (Number(b) << 16) | (Number(c) << 8) | Number(d)) >>> 0
}

const ipv6Words = (text: string): Address['words'] => {
  const [head = '', tail] = withoutDottedTail(text).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  const word = (index: number): number => Number.parseInt(`${groups[index]}${groups[index + 1]?.padStart(4, '0')}`, 16)
  return [word(0), word(2), word(4), word(6)]
}

const withoutDottedTail = (text: string): string => {
  const start = text.lastIndexOf(':') + 1
  const ipv4 = ipv4Number(text.slice(start))
  return ipv4 === undefined
    ? text
    : `${text.slice(0, start)}${(ipv4 >>> 16).toString(16)}:${(ipv4 & 0xffff).toString(16)}`
}

/**
 * IPv4-mapped (RFC 4291 §2.5.5.2) and NAT64 (RFC 6052 §2.1) addresses are the IPv4 host. As IPv6 they would all share one
 * /64, and so one quota for the whole of IPv4 (CVE-2026-30827).
 */
const ipv4Within = (address: Address): Address => {
  const [first, second, third, last] = address.words
  const mapped = first === 0 && second === 0 && third === 0xffff
  const nat64 = first === 0x64_ff9b && second === 0 && third === 0
  return mapped || nat64 ? { bits: 32, words: [last, 0, 0, 0] } : address
}

/**
 * The one spelling of an address: dotted quad, or RFC 5952. Always a string of its own: a slice of a header would keep the
 * whole header in memory for as long as a client is remembered.
 */
export const addressText = ({ bits, words }: Address): string => {
  if (bits === 32) return [words[0] >>> 24, (words[0] >>> 16) & 255, (words[0] >>> 8) & 255, words[0] & 255].join('.')
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff])
  const zeros = longestZeros(groups)
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return zeros.length < 2 ? hex(0, 8) : `${hex(0, zeros.start)}::${hex(zeros.start + zeros.length, 8)}`
}

const longestZeros = (groups: readonly number[]): { readonly start: number; readonly length: number } => {
  let longest = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > longest.length) longest = { start: index - length + 1, length }
  }
  return longest
}

/**
 * The name that limits count under: the IPv4 address, or the /64 that one IPv6 subscriber gets at the least (RFC 6177 §2).
 * Joined and not concatenated: V8 would keep the pieces too, 70 bytes for each client that is remembered.
 */
export const addressKey = ({ bits, words }: Address): string =>
  bits === 32
    ? addressText({ bits, words })
    : [addressText({ bits, words: [words[0], words[1], 0, 0] }), '64'].join('/')
