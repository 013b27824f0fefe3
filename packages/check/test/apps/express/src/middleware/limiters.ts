import { rateLimit } from 'express-rate-limit'
import { CREDENTIAL_TRIES_PER_MINUTE, ONE_MINUTE_MS, REQUESTS_PER_MINUTE } from '../config/constants.ts'

const message = { error: 'Too many requests' }

export const globalLimiter = rateLimit({
  windowMs: ONE_MINUTE_MS,
  limit: REQUESTS_PER_MINUTE,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  message,
})

export const credentialLimiter = rateLimit({
  windowMs: ONE_MINUTE_MS,
  limit: CREDENTIAL_TRIES_PER_MINUTE,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  message,
})
