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
    const name = valueIn(member, 'for')
    return name === undefined ? undefined : (ipv4(name) ?? addressAndPort(name, isNodePort))
  },
}

/**
 * What the nearest proxy, the last to write, says of a parameter (`proto`, `host`) in a Forwarded field. Whether that proxy is trusted is the
 * caller's to know.
 *
 * @returns undefined when it says nothing of it or says it twice, and when what it wrote is not of the grammar
 */
export const lastForwarded = (line: string, parameter: 'for' | 'by' | 'host' | 'proto'): string | undefined =>
  valueIn(line.slice(forwarded.start(line, line.length)), parameter)

/** An odd number of backslashes before it. */
const escaped = (line: string, at: number): boolean => {
  let before = at
  while (line[before - 1] === '\\') before -= 1
  return (at - before) % 2 === 1
}

const TOKEN = "[\\w!#$%&'*+.^`|~-]+"
const QUOTED = '"((?:[\\t !#-[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*)"'
const PAIR = new RegExp(`[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|${QUOTED})[ \\t]*)?(?:;|$)`, 'y')

/** The value of a parameter in an element; undefined when the element is not of the grammar or too long, or says it never or twice. */
const valueIn = (element: string, wanted: string): string | undefined => {
  if (element.length > LONGEST) return undefined
  let value: string | undefined
  for (let at = 0; at < element.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at
    const pair = PAIR.exec(element)
    if (pair === null) return undefined
    const [, parameter, token, text] = pair
    if (parameter?.toLowerCase() !== wanted) continue
    if (value !== undefined) return undefined
    value = token ?? text?.replace(/\\(.)/g, '$1')
  }
  return value
}

/** An IPv6 address stands in brackets here, so a bare address is IPv4. `unknown` and `_hidden` (§6.2, §6.3) are none. */
const ipv4 = (name: string): Address | undefined => (name.includes(':') ? undefined : parseAddress(name))

/** node-port = port / obfport (§6). */
const isNodePort = (text: string): boolean => isPort(text) || /^_[\w.-]{1,64}$/.test(text)
