import cors from 'cors'
import express, { type Express } from 'express'
import helmet from 'helmet'
import document from '../openapi.json' with { type: 'json' }
import { guard } from './auth/guard.ts'
import { authRouter } from './auth/router.ts'
import { JSON_BODY_LIMIT } from './config/constants.ts'
import { config } from './config/index.ts'
import { errorHandler, notFound } from './middleware/errors.ts'
import { globalLimiter } from './middleware/limiters.ts'
import { notesRouter } from './notes/router.ts'
import { usersRouter } from './users/router.ts'

export const createApp = (): Express => {
  const app = express()
  app.set('trust proxy', config.trustedProxies)

  app.use(helmet())
  app.use(cors({ origin: config.corsOrigins }))
  app.use(globalLimiter)
  app.use(express.json({ limit: JSON_BODY_LIMIT }))

  if (config.environment === 'development') {
    app.get('/openapi.json', (_req, res) => res.json(document))
  }

  app.use(guard)

  app.get('/health', (_req, res) => res.json({ status: 'ok' }))
  app.use('/auth', authRouter)
  app.use('/users', usersRouter)
  app.use('/notes', notesRouter)

  app.use(notFound)
  app.use(errorHandler)
  return app
}
