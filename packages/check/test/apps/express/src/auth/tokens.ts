import jwt from 'jsonwebtoken'
import { ACCESS_TOKEN_TTL } from '../config/constants.ts'
import { config } from '../config/index.ts'
import type { User } from '../users/store.ts'

export const signAccessToken = (user: User, sessionId: string): string =>
  jwt.sign({ sub: user.id, jti: sessionId }, config.jwtSecret, {
    algorithm: 'HS256',
    expiresIn: ACCESS_TOKEN_TTL,
  })

export const verifyAccessToken = (token: string): { sub: string; jti: string } | undefined => {
  try {
    const claims = jwt.verify(token, config.jwtSecret, { algorithms: ['HS256'] })
    if (typeof claims === 'string' || !claims.sub || !claims.jti) return undefined
    return { sub: claims.sub, jti: claims.jti }
  } catch {
    return undefined
  }
}
