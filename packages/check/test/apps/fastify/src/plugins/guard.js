import jwt from '@fastify/jwt'
import fp from 'fastify-plugin'
import { findSession } from '../auth/sessions.js'
import { config } from '../config/index.js'

export const guard = fp(async (app) => {
  await app.register(jwt, {
    secret: config.jwtSecret,
    sign: { algorithm: config.tokens.algorithm, expiresIn: config.tokens.accessTokenLife },
    verify: { algorithms: [config.tokens.algorithm] },
  })

  app.decorateRequest('userId', null)
  app.decorateRequest('sessionId', null)

  // Runs for every request, also for those that no route matches; a route is public only where its config says so.
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.public === true) return

    const claims = await request.jwtVerify().catch(() => null)
    const session = claims && findSession(claims.jti)
    if (!session || session.userId !== claims.sub) {
      return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ error: 'Unauthorized' })
    }

    request.userId = session.userId
    request.sessionId = claims.jti
  })
})
