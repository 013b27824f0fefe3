import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import document from '../openapi.json' with { type: 'json' }
import { guard, type SignedIn } from './auth/guard.ts'
import { auth } from './auth/routes.ts'
import { env } from './config/env.ts'
import { notFound, onError } from './middleware/errors.ts'
import { globalLimiter } from './middleware/limiters.ts'
import { notes } from './notes/routes.ts'
import { users } from './users/routes.ts'

export const app = new Hono<SignedIn>()

app.use(secureHeaders())
app.use(cors({ origin: env.CORS_ORIGINS }))
app.use(globalLimiter)
app.use(bodyLimit({ maxSize: 16 * 1024 }))

if (env.NODE_ENV === 'development') {
  app.get('/openapi.json', (c) => c.json(document))
}

app.use(guard)

app.get('/health', (c) => c.json({ status: 'ok' }))
app.route('/auth', auth)
app.route('/users', users)
app.route('/notes', notes)

app.notFound(notFound)
app.onError(onError)
