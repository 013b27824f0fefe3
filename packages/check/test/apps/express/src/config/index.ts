const list = (value: string): string[] => value.split(',').map((one) => one.trim())

const secret = (name: string): string => {
  const value = process.env[name]
  if (!value || value.length < 32) throw new Error(`${name} must be set, to at least 32 characters`)
  return value
}

export const config = {
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
  environment: process.env.NODE_ENV ?? 'production',
  jwtSecret: secret('JWT_SECRET'),
  corsOrigins: list(process.env.CORS_ORIGINS ?? 'https://app.example.com'),
  trustedProxies: list(process.env.TRUSTED_PROXIES ?? '10.0.0.0/8'),
}
