import { Hono } from 'hono'
import type { SignedIn } from '../auth/guard.ts'
import { findUser, toPublicUser } from './store.ts'

export const users = new Hono<SignedIn>()

users.get('/me', (c) => {
  const user = findUser(c.get('userId'))
  return user ? c.json(toPublicUser(user)) : c.json({ error: 'Not Found' }, 404)
})
