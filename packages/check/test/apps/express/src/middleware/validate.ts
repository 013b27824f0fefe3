import type { RequestHandler } from 'express'
import type { ZodType } from 'zod'

type Schemas = { params?: ZodType; query?: ZodType; body?: ZodType }

// What was checked is left in res.locals; handlers read nothing else.
export const validate =
  (schemas: Schemas): RequestHandler =>
  (req, res, next) => {
    for (const part of ['params', 'query', 'body'] as const) {
      const result = schemas[part]?.safeParse(req[part])
      if (result && !result.success) {
        const fields = result.error.issues.map((issue) => [part, ...issue.path].join('.'))
        res.status(400).json({ error: 'Bad Request', fields })
        return
      }
      res.locals[part] = result?.data
    }
    next()
  }
