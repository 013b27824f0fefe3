import { sign, verify } from 'hono/jwt'
import { env } from '../config/env.ts'
import type { User } from '../users/store.ts'
import { sessions } from './sessions.ts'

const ACCESS_TOKEN_SECONDS = 15 * 60

const now = (): number => Math.floor(Date.now() / 1000)

export const issueAccessToken = (user: User): Promise<string> => {
  const jti = sessions.start(user.id)
  const claims = { sub: user.id, jti, iat: now(), exp: now() + ACCESS_TOKEN_SECONDS }
  return sign(claims, env.JWT_SECRET, 'HS256')
}

export const verifyAccessToken = async (token: string): Promise<{ sub: string; jti: string } | undefined> => {
  try {
    const { sub, jti } = await verify(token, env.JWT_SECRET, 'HS256')
    return typeof sub === 'string' && typeof jti === 'string' ? { sub, jti } : undefined
  } catch {
    return undefined
  }
}
