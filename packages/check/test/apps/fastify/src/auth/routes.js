import { credentialLimit } from '../plugins/limits.js'
import { createUser, findUserByEmail, toPublicUser } from '../users/store.js'
import { claimsOf } from './claims.js'
import { hashPassword, passwordMatches } from './passwords.js'
import { credentials, registration } from './schemas.js'
import { endSession, startSession } from './sessions.js'

export const authRoutes = async (app) => {
  app.route({
    method: 'POST',
    url: '/register',
    config: { public: true, rateLimit: credentialLimit },
    schema: { body: registration },
    handler: async (request, reply) => {
      const { email, name, password } = request.body
      const user = createUser({ email, name, passwordHash: await hashPassword(password) })
      if (!user) return reply.code(409).send({ error: 'Conflict' })
      return reply.code(201).send(toPublicUser(user))
    },
  })

  app.route({
    method: 'POST',
    url: '/login',
    config: { public: true, rateLimit: credentialLimit },
    schema: { body: credentials },
    handler: async (request, reply) => {
      const { email, password } = request.body
      const user = findUserByEmail(email)
      const matches = await passwordMatches(password, user?.passwordHash)
      if (!matches) return reply.code(401).send({ error: 'Wrong e-mail or password' })
      return { access_token: app.jwt.sign(claimsOf(user, startSession(user.id))) }
    },
  })

  app.post('/logout', async (request, reply) => {
    endSession(request.sessionId)
    return reply.code(204).send()
  })
}
