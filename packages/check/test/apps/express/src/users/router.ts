import { Router } from 'express'
import { findUser, toPublicUser } from './store.ts'

export const usersRouter = Router()

usersRouter.get('/me', (_req, res) => {
  const user = findUser(res.locals.userId)
  if (!user) {
    res.status(404).json({ error: 'Not Found' })
    return
  }
  res.json(toPublicUser(user))
})
