import type { ConnectionOptions } from 'node:tls'
import { Redis } from 'ioredis'
import type { RedisSettings, RedisTls } from './settings.ts'

/** A connection may take this long to come, in ms; the next is tried RETRY_MS after it failed, always: Redis may be back. */
const CONNECT_MS = 500
const RETRY_MS = 100

/**
 * One connection, which comes back by itself. Nothing is queued or sent twice: what could not be sent at once is decided here, and a
 * request that was counted must not be counted again. There is no INFO, no CLIENT: a user needs the commands that do the work, no more.
 */
export const connect = ({ address, tls }: RedisSettings): Redis => {
  const redis = new Redis({
    host: address.host,
    port: address.port,
    db: address.database,
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    connectTimeout: CONNECT_MS,
    disconnectTimeout: RETRY_MS,
    retryStrategy: () => RETRY_MS,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.tls ? { tls: trusting(tls) } : {}),
  })
  // Without a listener ioredis writes errors on stderr. Whoever must know of them listens as well.
  redis.on('error', () => {})
  redis.connect().catch(() => {})
  return redis
}

/** Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED can't take it away. */
const trusting = ({ ca, ...tls }: RedisTls = {}): ConnectionOptions => ({
  ...tls,
  ...(ca === undefined ? {} : { ca: typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca] }),
  rejectUnauthorized: true,
})
