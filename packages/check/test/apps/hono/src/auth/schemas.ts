import { z } from 'zod'

export const registration = z.strictObject({
  email: z.email().max(254),
  name: z.string().trim().min(1).max(80),
  password: z.string().min(12).max(128),
})

export const credentials = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(128),
})
