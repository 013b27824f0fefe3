import { findUser, toPublicUser } from './store.js'

export const usersRoutes = async (app) => {
  app.get('/me', async (request, reply) => {
    const user = findUser(request.userId)
    return user ? toPublicUser(user) : reply.code(404).send({ error: 'Not Found' })
  })
}
