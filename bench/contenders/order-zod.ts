/** The body of POST /orders in zod, as its documentation writes one: for the stacks that validate by it. */
import { z } from 'zod'

export const orderBody = z.strictObject({
  reference: z.string().min(1).max(64),
  email: z.email().max(254),
  currency: z.enum(['EUR', 'USD', 'GBP']),
  priority: z.enum(['low', 'normal', 'high']),
  total: z.number().min(0).max(1_000_000),
  quantity: z.int().min(1).max(1_000),
  gift: z.boolean(),
  note: z.string().max(500),
  address: z.strictObject({
    street: z.string().min(1).max(120),
    city: z.string().min(1).max(80),
    zip: z.string().min(1).max(12),
    country: z.string().length(2),
  }),
  lines: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(32),
        quantity: z.int().min(1).max(1_000),
        price: z.number().min(0).max(1_000_000),
      }),
    )
    .min(1)
    .max(20),
})
