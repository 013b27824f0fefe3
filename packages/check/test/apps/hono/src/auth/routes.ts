import { Hono } from 'hono'
import { credentialLimiter } from '../middleware/limiters.ts'
import { validate } from '../middleware/validate.ts'
import { createUser, findUserByEmail, toPublicUser } from '../users/store.ts'
import type { SignedIn } from './guard.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { credentials, registration } from './schemas.ts'
import { sessions } from './sessions.ts'
import { issueAccessToken } from './tokens.ts'

export const auth = new Hono<SignedIn>()

auth.use('/register', credentialLimiter)
auth.use('/login', credentialLimiter)

auth.post('/register', validate('json', registration), async (c) => {
  const { email, name, password } = c.req.valid('json')
  const user = createUser({ email, name, passwordHash: await hashPassword(password) })
  if (!user) return c.json({ error: 'Conflict' }, 409)
  return c.json(toPublicUser(user), 201)
})

auth.post('/login', validate('json', credentials), async (c) => {
  const { email, password } = c.req.valid('json')
  const user = findUserByEmail(email)
  if (!(await passwordMatches(password, user?.passwordHash)) || !user) {
    return c.json({ error: 'Wrong e-mail or password' }, 401)
  }
  return c.json({ access_token: await issueAccessToken(user) })
})

auth.post('/logout', (c) => {
  sessions.end(c.get('sessionId'))
  return c.body(null, 204)
})
