import { zValidator } from '@hono/zod-validator'
import type { ValidationTargets } from 'hono'
import type { ZodType } from 'zod'

// The validator's own answer repeats what was sent; this one names the fields only.
export const validate = <Target extends keyof ValidationTargets, Schema extends ZodType>(
  target: Target,
  schema: Schema,
) =>
  zValidator(target, schema, (result, c) => {
    if (result.success) return
    const fields = result.error.issues.map((issue) => [target, ...issue.path].join('.'))
    return c.json({ error: 'Bad Request', fields }, 400)
  })
