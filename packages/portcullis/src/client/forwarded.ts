import type { Address } from './address.ts'
import { parseAddress } from './address.ts'
import type { MemberGrammar } from './members.ts'
import { addressAndPort, isPort } from './members.ts'

/** An element holds the Host that the client asked for too; more than this is not read. */
const LONGEST = 4_096

/** `Forwarded: for=client;proto=https, for="[2001:db8::1]:4711"` (RFC 7239). */
export const forwarded: MemberGrammar = {
  // From the right, so that a quote left open by whoever wrote before cannot swallow what a trusted hop wrote after. A comma
  // inside quotes is not the end of an element: proxies copy the client's own Host into host="…".
  start: (line, end) => {
    let quoted = false
    for (let at = end - 1; at >= 0; at -= 1) {
      if (line[at] === '"' && !escaped(line, at)) quoted = !quoted
      if (line[at] === ',' && !quoted) return at + 1
      if (end - at > LONGEST) return at
    }
    return 0
  },
  address: (member) => {
    const name = member.length > LONGEST ? undefined : forOf(member)
    return name === undefined ? undefined : (ipv4(name) ?? addressAndPort(name, isNodePort))
  },
}

/** An odd number of backslashes before it. */
const escaped = (line: string, at: number): boolean => {
  let before = at
  while (line[before - 1] === '\\') before -= 1
  return (at - before) % 2 === 1
}

const TOKEN = "[\\w!#$%&'*+.^`|~-]+"
const QUOTED = '"((?:[\\t !#-[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*)"'
const PAIR = new RegExp(`[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|${QUOTED})[ \\t]*)?(?:;|$)`, 'y')

/** The value of `for` in an element; undefined when the element is not of the grammar, or says `for` never or twice. */
const forOf = (element: string): string | undefined => {
  let name: string | undefined
  for (let at = 0; at < element.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at
    const pair = PAIR.exec(element)
    if (pair === null) return undefined
    const [, parameter, token, text] = pair
    if (parameter?.toLowerCase() !== 'for') continue
    if (name !== undefined) return undefined
    name = token ?? text?.replace(/\\(.)/g, '$1')
  }
  return name
}

/** An IPv6 address stands in brackets here, so a bare address is IPv4. `unknown` and `_hidden` (§6.2, §6.3) are none. */
const ipv4 = (name: string): Address | undefined => (name.includes(':') ? undefined : parseAddress(name))

/** node-port = port / obfport (§6). */
const isNodePort = (text: string): boolean => isPort(text) || /^_[\w.-]{1,64}$/.test(text)
