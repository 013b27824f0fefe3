import { tokens } from './tokens.js'

const list = (value) => value.split(',').map((one) => one.trim())

const jwtSecret = process.env.JWT_SECRET
if (!jwtSecret || jwtSecret.length < 32) {
  throw new Error('JWT_SECRET must be set, to at least 32 characters')
}

export const config = {
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
  docs: process.env.API_DOCS === 'on',
  jwtSecret,
  tokens,
  corsOrigins: list(process.env.CORS_ORIGINS ?? 'https://app.example.com'),
  trustedProxies: list(process.env.TRUSTED_PROXIES ?? '10.0.0.0/8'),
}
