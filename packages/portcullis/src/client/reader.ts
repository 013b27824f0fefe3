import type { Address } from './address.ts'
import { addressKey, addressText, parseAddress } from './address.ts'
import { forwarded } from './forwarded.ts'
import type { MemberGrammar } from './members.ts'
import { xForwardedFor, zonedAddress } from './members.ts'
import type { Trusted } from './trusted.ts'
import { trustedList } from './trusted.ts'

/** Who is calling. */
export interface Client {
  /** The address in its one spelling (dotted quad, or RFC 5952); '' when there is none, as on a Unix socket. */
  readonly address: string
  /** What limits count under: the IPv4 address; of IPv6 its /64, `2001:db8:0:1::/64`; `unix`; `unknown`. */
  readonly key: string
  /** The peer is a trusted proxy: what it says of host and protocol may be believed too. One decision serves them all. */
  readonly viaProxy: boolean
}

/** Whom to believe. */
export interface ClientOptions {
  /** Addresses, CIDRs, and `unix` for a proxy on a Unix socket. None by default: then no header is ever read. */
  readonly trustedProxies?: readonly string[]
  /** The one header that those proxies write, and that they never pass on unread; `x-forwarded-for` by default. */
  readonly header?: 'x-forwarded-for' | 'forwarded'
}

/**
 * Says who is calling, from the peer's address (undefined on a Unix socket) and the value or values of the configured header.
 * It never throws: whatever is no address ends the walk at the last hop that a trusted one vouched for.
 */
export type ClientReader = (peer: string | undefined, lines: string | readonly string[] | undefined) => Client

const GRAMMARS: ReadonlyMap<string, MemberGrammar> = new Map([
  ['x-forwarded-for', xForwardedFor],
  ['forwarded', forwarded],
])

/** Members of the header that are read, however many there are. */
const MOST_HOPS = 32

/** Peers whose reading is kept: under a few hundred KB. */
const REMEMBERED_PEERS = 1_024

interface Peer {
  readonly client: Client
  readonly trusted: boolean
}

/**
 * Prepares the reader of client addresses.
 *
 * The client is the peer, unless the peer is trusted; then the header's last member, unless that is trusted; then the one
 * before it, and so on. A member that is no address (RFC 7239's `unknown` and `_hidden` too) ends the walk at the member to
 * its right, or at the peer: the last address that a trusted hop vouched for. So does the 32nd member.
 *
 * @throws TypeError that lists every mistake in the options, each bad entry of the trusted list by its position
 */
export const clientReader = (options: ClientOptions = {}): ClientReader => {
  const { trustedProxies = [], header = 'x-forwarded-for' } = options
  const grammar = GRAMMARS.get(header)
  if (grammar === undefined)
    throw new TypeError("header takes 'x-forwarded-for' or 'forwarded': the one that your proxies write")
  const unknown = Object.keys(options).filter((name) => name !== 'trustedProxies' && name !== 'header')
  if (unknown.length > 0) throw new TypeError(`${unknown.join(', ')}: the options are trustedProxies and header`)
  if (!Array.isArray(trustedProxies)) throw new TypeError("trustedProxies takes a list, such as ['10.0.0.0/8']")
  const trusted = trustedList(trustedProxies)
  const peers = new Map<string | undefined, Peer>()

  const peerOf = (text: string | undefined): Peer => {
    const known = peers.get(text)
    if (known !== undefined) return known
    if (peers.size >= REMEMBERED_PEERS) peers.clear()
    const peer = readPeer(text, trusted)
    peers.set(text, peer)
    return peer
  }

  return (text, lines) => {
    const peer = peerOf(text)
    if (!peer.trusted || lines === undefined) return peer.client
    const hop = walk(typeof lines === 'string' ? [lines] : lines, grammar, trusted)
    return hop === undefined ? peer.client : clientAt(hop, true)
  }
}

const readPeer = (text: string | undefined, trusted: Trusted): Peer => {
  if (text === undefined)
    return { client: Object.freeze({ address: '', key: 'unix', viaProxy: trusted.unix }), trusted: trusted.unix }
  const address = parseAddress(text) ?? zonedAddress(text)
  if (address === undefined)
    return { client: Object.freeze({ address: '', key: 'unknown', viaProxy: false }), trusted: false }
  const isTrusted = trusted.has(address)
  return { client: clientAt(address, isTrusted), trusted: isTrusted }
}

const clientAt = (address: Address, viaProxy: boolean): Client =>
  Object.freeze({ address: addressText(address), key: addressKey(address), viaProxy })

/** Several lines are one list, in their order (RFC 9110 §5.3); so the last line is read first, from its right. */
const walk = (lines: readonly string[], grammar: MemberGrammar, trusted: Trusted): Address | undefined => {
  let last: Address | undefined
  let members = 0
  for (const line of lines.toReversed()) {
    let start = line.length + 1
    while (start > 0) {
      if (members === MOST_HOPS) return last
      members += 1
      const end = start - 1
      start = grammar.start(line, end)
      const hop = grammar.address(line.slice(start, end))
      if (hop === undefined) return last
      if (!trusted.has(hop)) return hop
      last = hop
    }
  }
  return last
}
