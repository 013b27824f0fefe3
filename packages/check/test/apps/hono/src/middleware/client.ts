import { BlockList, isIPv4 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { env } from '../config/env.ts'

const proxies = new BlockList()
for (const network of env.TRUSTED_PROXIES) {
  const [address = '', prefix] = network.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  proxies.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
}

const isProxy = (address: string): boolean => proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

// The forwarded header is believed only from a listed proxy, and only as far as the listed ones wrote it: from the right.
export const clientAddress = (c: Context): string => {
  const peer = (getConnInfo(c).remote.address ?? '').replace(/^::ffff:/, '')
  if (!isProxy(peer)) return peer
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  return hops.findLast((hop) => !isProxy(hop)) || peer
}
