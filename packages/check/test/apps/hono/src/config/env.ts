import { z } from 'zod'

const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((value) => value.split(',').map((one) => one.trim()))

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  NODE_ENV: z.string().default('production'),
  JWT_SECRET: z.string().min(32),
  CORS_ORIGINS: list('https://app.example.com'),
  TRUSTED_PROXIES: list('10.0.0.0/8'),
})

export const env = schema.parse(process.env)
