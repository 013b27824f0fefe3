import { Router } from 'express'
import { credentialLimiter } from '../middleware/limiters.ts'
import { validate } from '../middleware/validate.ts'
import { createUser, findUserByEmail, toPublicUser } from '../users/store.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { type Credentials, credentials, type Registration, registration } from './schemas.ts'
import { endSession, startSession } from './sessions.ts'
import { signAccessToken } from './tokens.ts'

export const authRouter = Router()

authRouter.post('/register', credentialLimiter, validate({ body: registration }), async (_req, res) => {
  const { email, name, password } = res.locals.body as Registration
  const user = createUser({ email, name, passwordHash: await hashPassword(password) })
  if (!user) {
    res.status(409).json({ error: 'Conflict' })
    return
  }
  res.status(201).json(toPublicUser(user))
})

authRouter.post('/login', credentialLimiter, validate({ body: credentials }), async (_req, res) => {
  const { email, password } = res.locals.body as Credentials
  const user = findUserByEmail(email)
  if (!(await passwordMatches(password, user?.passwordHash)) || !user) {
    res.status(401).json({ error: 'Wrong e-mail or password' })
    return
  }
  res.json({ access_token: signAccessToken(user, startSession(user.id)) })
})

authRouter.post('/logout', (_req, res) => {
  endSession(res.locals.sessionId)
  res.status(204).end()
})
