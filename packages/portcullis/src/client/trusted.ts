import type { Address } from './address.ts'
import { addressText, parseAddress } from './address.ts'

/** The hops whose word is taken. */
export interface Trusted {
  readonly unix: boolean
  has(address: Address): boolean
}

interface Network extends Address {
  readonly prefix: number
}

/**
 * Reads the trusted list: addresses, CIDRs, and `unix` for a peer on a Unix socket. An IPv4 network may be written in its
 * mapped form too; it is the same network.
 *
 * @throws TypeError that lists every bad entry by its position; also when the networks together are everybody (a /0)
 */
export const trustedList = (entries: readonly string[]): Trusted => {
  const read = entries.map(readEntry)
  const faults = read.flatMap((entry, index) =>
    typeof entry === 'string' ? [`trustedProxies[${index}] ${entry}`] : [],
  )
  const networks = read.filter((entry) => typeof entry === 'object')
  for (const [bits, family] of [
    [32, 'IPv4'],
    [128, 'IPv6'],
  ] as const) {
    const own = networks.filter((network) => network.bits === bits && network.prefix > 0)
    if (coversAll(own, 0)) faults.push(`trustedProxies cover all of ${family} together: ${EVERYBODY}`)
  }
  if (faults.length > 0) throw Object.assign(new TypeError(faults.join('\n')), { faults })
  return {
    unix: entries.includes('unix'),
    has: (address) => networks.some((network) => network.bits === address.bits && within(network, address)),
  }
}

/** The widest networks that somebody has alone: 10.0.0.0/8 (RFC 1918), a provider's /16 of IPv6. */
const WIDEST = { 32: 8, 128: 16 } as const

/** RFC 4193: addresses that nobody has on the internet, however many they are. */
const UNIQUE_LOCAL: Network = { bits: 128, words: [0xfc000000, 0, 0, 0], prefix: 7 }

/** Entries that trust more of the internet than anybody has proxies in, by their position: 2000::/3 is all that has IPv6. */
export const tooWide = (entries: readonly string[]): readonly string[] =>
  entries.map(readEntry).flatMap((network, index) => {
    if (typeof network !== 'object' || network.prefix >= WIDEST[network.bits] || isWithin(network, UNIQUE_LOCAL))
      return []
    return `trustedProxies[${index}] trusts more of the internet than anybody has proxies in: whoever calls from there can write the address that they are counted under; list your own proxies`
  })

const isWithin = (inner: Network, outer: Network): boolean =>
  inner.bits === outer.bits && inner.prefix >= outer.prefix && within(outer, inner)

const EVERYBODY = 'whoever calls could then write the address that they are counted under; list your own proxies'

/** A network, undefined for `unix`, or the sentence about what is wrong: never the entry itself, which may be a secret gone astray. */
const readEntry = (entry: unknown): Network | undefined | string => {
  if (entry === 'unix') return undefined
  if (typeof entry !== 'string') return "must be text, such as '10.0.0.0/8'"
  const [text = '', length, ...rest] = entry.split('/')
  const address = parseAddress(text)
  if (address === undefined || rest.length > 0)
    return "must be an address, a CIDR such as '10.0.0.0/8', or 'unix'; names are not looked up, and a port, brackets or a zone id have no place here"
  // Written in IPv6 form, the length counts the 96 bits before the IPv4 address.
  const extra = address.bits === 32 && text.includes(':') ? 96 : 0
  if (length === undefined) return { ...address, prefix: address.bits }
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) - extra : Number.NaN
  if (!(prefix <= address.bits)) return `must have a whole number from 1 to ${address.bits + extra} after the slash`
  if (prefix === 0) return `trusts everybody: ${EVERYBODY}`
  if (prefix < 0) return `must be written as an IPv4 network, '10.0.0.0/8', or with at least 96 after the slash`
  const network: Network = { bits: address.bits, words: masked(address.words, prefix), prefix }
  if (!same(network.words, address.words))
    return `has bits set to the right of its /${length}: the network is ${addressText(network)}/${prefix}`
  return network
}

const mask = (prefix: number, index: number): number => {
  const ones = Math.min(32, Math.max(0, prefix - index * 32))
  return ones === 0 ? 0 : (-1 << (32 - ones)) >>> 0
}

const masked = ([a, b, c, d]: Address['words'], prefix: number): Address['words'] => [
  (a & mask(prefix, 0)) >>> 0,
  (b & mask(prefix, 1)) >>> 0,
  (c & mask(prefix, 2)) >>> 0,
  (d & mask(prefix, 3)) >>> 0,
]

const same = (one: Address['words'], other: Address['words']): boolean =>
  one.every((word, index) => word === other[index])

const within = (network: Network, address: Address): boolean =>
  same(masked(address.words, network.prefix), network.words)

/** Two halves are a /0 that no longer looks like one: 0.0.0.0/1 and 128.0.0.0/1. */
const coversAll = (networks: readonly Network[], depth: number): boolean => {
  if (networks.some(({ prefix }) => prefix <= depth)) return true
  if (networks.length < 2) return false
  const bit = ({ words }: Network): number => ((words[depth >>> 5] ?? 0) >>> (31 - (depth & 31))) & 1
  const [zeros, ones] = [networks.filter((one) => bit(one) === 0), networks.filter((one) => bit(one) === 1)]
  return coversAll(zeros, depth + 1) && coversAll(ones, depth + 1)
}
