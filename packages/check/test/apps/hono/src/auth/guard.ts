import { createMiddleware } from 'hono/factory'
import { sessions } from './sessions.ts'
import { verifyAccessToken } from './tokens.ts'

export type SignedIn = { Variables: { userId: string; sessionId: string } }

const PUBLIC = ['GET /health', 'POST /auth/register', 'POST /auth/login']

const isPublic = (method: string, path: string): boolean => PUBLIC.includes(`${method} ${path}`)

// On the whole application: what is not in the list needs a session, also where there is no route.
export const guard = createMiddleware<SignedIn>(async (c, next) => {
  if (isPublic(c.req.method, c.req.path)) return next()

  const [, token] = /^bearer (\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  const claims = token ? await verifyAccessToken(token) : undefined
  const session = claims && sessions.get(claims.jti)
  if (!session || session.userId !== claims.sub) {
    return c.json({ error: 'Unauthorized' }, 401, { 'WWW-Authenticate': 'Bearer' })
  }

  c.set('userId', session.userId)
  c.set('sessionId', claims.jti)
  await next()
})
