import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'

export const limits = fp(async (app) => {
  await app.register(rateLimit, {
    global: true,
    max: 200,
    timeWindow: '1 minute',
  })
})

// For routes that try a credential
export const credentialLimit = { max: 10, timeWindow: '1 minute' }
