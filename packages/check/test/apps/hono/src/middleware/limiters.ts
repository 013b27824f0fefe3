import { rateLimiter } from 'hono-rate-limiter'
import { clientAddress } from './client.ts'

const message = { error: 'Too many requests' }

export const globalLimiter = rateLimiter({
  windowMs: 60_000,
  limit: 200,
  keyGenerator: clientAddress,
  message,
})

export const credentialLimiter = rateLimiter({
  windowMs: 60_000,
  limit: 10,
  keyGenerator: clientAddress,
  message,
})
