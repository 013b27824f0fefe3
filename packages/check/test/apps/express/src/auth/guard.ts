import type { RequestHandler } from 'express'
import { findSession } from './sessions.ts'
import { verifyAccessToken } from './tokens.ts'

// Everything else needs a session, also what does not exist.
const PUBLIC_ROUTES = new Set(['GET /health', 'POST /auth/register', 'POST /auth/login'])

export const guard: RequestHandler = (req, res, next) => {
  if (PUBLIC_ROUTES.has(`${req.method} ${req.path}`)) return next()

  const [scheme, token] = (req.get('authorization') ?? '').split(' ')
  const claims = scheme?.toLowerCase() === 'bearer' && token ? verifyAccessToken(token) : undefined
  const session = claims && findSession(claims.jti)
  if (!session || session.userId !== claims.sub) {
    res.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'Unauthorized' })
    return
  }

  res.locals.sessionId = claims.jti
  res.locals.userId = session.userId
  next()
}
