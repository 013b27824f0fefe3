import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify from 'fastify'
import { authRoutes } from './auth/routes.js'
import { config } from './config/index.js'
import { notesRoutes } from './notes/routes.js'
import { docs } from './plugins/docs.js'
import { errors } from './plugins/errors.js'
import { guard } from './plugins/guard.js'
import { limits } from './plugins/limits.js'
import { usersRoutes } from './users/routes.js'

export const buildApp = async () => {
  const app = Fastify({
    logger: { level: process.env.LOG_LEVEL ?? 'warn' },
    bodyLimit: 16 * 1024,
    trustProxy: config.trustedProxies,
    // Fastify's own settings would drop unknown keys and turn "1" into 1 without a word.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  })

  await app.register(errors)
  await app.register(helmet)
  await app.register(cors, { origin: config.corsOrigins })
  await app.register(limits)
  await app.register(guard)

  if (config.docs) await app.register(docs)
  app.get('/health', { config: { public: true } }, async () => ({ status: 'ok' }))
  await app.register(authRoutes, { prefix: '/auth' })
  await app.register(usersRoutes, { prefix: '/users' })
  await app.register(notesRoutes, { prefix: '/notes' })

  return app
}
