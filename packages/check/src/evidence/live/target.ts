import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { UsageError } from './usage-error.ts'

/** Where requests go. The address is looked up once, so that a name cannot come to mean another host in the middle of a run. */
export interface Target {
  /** `http://127.0.0.1:3000`, without a path. */
  readonly origin: string
  /** `/api`, or nothing. */
  readonly prefix: string
  readonly https: boolean
  readonly hostname: string
  readonly port: number
  /** The Host header. */
  readonly host: string
  readonly addresses: readonly string[]
  readonly loopback: boolean
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

export const isLoopback = (address: string): boolean => {
  const version = isIP(address)
  return version !== 0 && LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

export const targetOf = async (text: string, iOwnThisHost: boolean): Promise<Target> => {
  const url = parsed(text)
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = await addressesOf(hostname)
  const loopback = addresses.length > 0 && addresses.every(isLoopback)
  if (!loopback && !iOwnThisHost) {
    throw new UsageError(`${hostname} is not this machine: add --i-own-this-host if it is yours and may be probed`)
  }
  if (addresses.length === 0) throw new UsageError(`${hostname} has no address: is the name right?`)
  const https = url.protocol === 'https:'
  const port = url.port === '' ? (https ? 443 : 80) : Number(url.port)
  const prefix = url.pathname.replace(/\/+$/, '')
  return { origin: url.origin, prefix, https, hostname, port, host: url.host, addresses, loopback }
}

const parsed = (text: string): URL => {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new UsageError(`--url must be a URL such as http://127.0.0.1:3000, not ${JSON.stringify(text)}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('--url must hold no user name or password: they would end up in every report')
  }
  return url
}

const addressesOf = async (hostname: string): Promise<readonly string[]> => {
  if (isIP(hostname) !== 0) return [hostname]
  try {
    const found = (await lookup(hostname, { all: true })).map(({ address }) => address)
    // Where a name has both, most development servers listen on the IPv4 one.
    return found.toSorted((a, b) => isIP(a) - isIP(b))
  } catch {
    return []
  }
}
