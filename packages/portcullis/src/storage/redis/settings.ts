import { createSecureContext } from 'node:tls'
import type { Counter } from '../../layers/limits/index.ts'
import { refuseUnknown } from '../unknown-options.ts'
import { type RedisAddress, redisAddress } from './url.ts'

/** Why Redis is not asked: one of these words, never what Redis or the network said. */
export type RedisReason =
  /** There is no connection. */
  | 'unreachable'
  /** A reply took longer than 50 ms. */
  | 'late'
  /** It is a replica: a failover is under way. */
  | 'readonly'
  /** It still reads its data. */
  | 'loading'
  /** Its memory is used up (maxmemory), and it evicts nothing. */
  | 'memory'
  /** User, password or access list (ACL) are wrong. */
  | 'denied'
  /** Its certificate is not trusted. */
  | 'untrusted'
  /** Any other error, or an answer that makes no sense. */
  | 'failed'

/** 'degraded': this process counts alone. 'recovered': Redis counts for all again. */
export type RedisState = 'degraded' | 'recovered'

/** What TLS needs besides the url, as `node:tls` takes it. */
export interface RedisTls {
  /** Who may sign the server's certificate: PEM. Node's own list by default. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
  /** The certificate this client shows: PEM. */
  readonly cert?: string | Buffer
  /** The key of that certificate: PEM. */
  readonly key?: string | Buffer
  /** The name the server's certificate must carry; the host of the url by default. */
  readonly servername?: string
}

/** How Redis is opened; every part has a default. */
export interface RedisOptions {
  /** What all keys, and the channel, begin with: 1 to 60 of A-Z a-z 0-9 _ . : -; `portcullis` by default. One for each application. */
  readonly prefix?: string
  /** Clients remembered in this process for each policy: 8 to 10,000,000; 100,000 by default, which is about 27 MB. */
  readonly maxClients?: number
  /** For `rediss:` alone. */
  readonly tls?: RedisTls
  /** Called once at each fall and once at each recovery, which carries the reason of its fall. What it throws is dropped. */
  readonly onState?: (state: RedisState, reason: RedisReason) => void
}

/** A Redis that several processes share. */
export interface RedisConnection {
  /** For `limits.counter`. Its `take` throws only for a policy that can't be counted, as the memory counter does; never for the loss of Redis. */
  readonly counter: Counter
  /** Tells every other process that listens that there is news; best effort. */
  announce(): void
  /** Calls the listener when another process announced news, and when some may have been missed; best effort. */
  onAnnounced(listener: () => void): void
  /** Numbers for a monitor, under names and with help as Prometheus wants them. */
  gauges(): readonly { readonly name: string; readonly help: string; readonly value: number }[]
  /** Ends the connections. The counter goes on in this process's memory. */
  close(): Promise<void>
}

/** The options, read: nothing is missing. */
export interface RedisSettings {
  readonly address: RedisAddress
  readonly prefix: string
  readonly maxClients: number
  readonly tls: RedisTls | undefined
  readonly onState: (state: RedisState, reason: RedisReason) => void
}

const KNOWN = { options: ['prefix', 'maxClients', 'tls', 'onState'], tls: ['ca', 'cert', 'key', 'servername'] }

/** Reads url and options. Throws a TypeError or RangeError of one sentence that repeats neither the url nor a value. */
export const redisSettings = (url: string | undefined, options: RedisOptions): RedisSettings => {
  const address = redisAddress(url)
  refuseUnknown(options, KNOWN.options, 'options')
  const { prefix = 'portcullis', maxClients = 100_000, tls, onState = () => {} } = options
  if (typeof prefix !== 'string' || !/^[\w.:-]{1,60}$/.test(prefix))
    throw new TypeError('prefix takes 1 to 60 letters, digits and _ . : -')
  if (typeof onState !== 'function') throw new TypeError('onState takes a function')
  if (tls !== undefined) {
    if (!address.tls) throw new TypeError('tls is for a url that begins with rediss:, and this one asks for no TLS')
    refuseUnknown(tls, KNOWN.tls, 'tls options')
    checkTls(tls)
  }
  return { address, prefix, maxClients, tls, onState }
}

/** What node:tls would take without a word, and trust nobody, or throw at each connection. */
const checkTls = ({ ca, cert, key, servername }: RedisTls): void => {
  for (const one of ca === undefined ? [] : [ca].flat())
    if (!String(one).includes('-----BEGIN CERTIFICATE-----'))
      throw new TypeError('tls.ca takes certificates as PEM, not the path of a file')
  if (servername !== undefined && typeof servername !== 'string') throw new TypeError('tls.servername takes a name')
  if ((cert === undefined) !== (key === undefined)) throw new TypeError('tls.cert and tls.key go together')
  try {
    createSecureContext({ ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) })
  } catch {
    throw new TypeError('tls.cert and tls.key take a certificate and its key as PEM, not the paths of files')
  }
}
