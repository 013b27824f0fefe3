const secretFrom = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value.length < 32) throw new Error(`${name} must be set, with at least 32 characters`)
  return value
}

const listFrom = (text: string): string[] => text.split(',').map((entry) => entry.trim())

const configuration = () => ({
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
  corsOrigins: listFrom(process.env.CORS_ORIGINS ?? 'https://app.example.com'),
  trustedProxies: listFrom(process.env.TRUSTED_PROXIES ?? '10.0.0.0/8'),
  jwt: {
    secret: secretFrom('JWT_SECRET'),
    // In seconds
    expiresIn: 15 * 60,
  },
})

export type Configuration = ReturnType<typeof configuration>

export default configuration
