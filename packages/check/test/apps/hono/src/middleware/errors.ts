import { STATUS_CODES } from 'node:http'
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

export const notFound: NotFoundHandler = (c) => c.json({ error: 'Not Found' }, 404)

export const onError: ErrorHandler = (error, c) => {
  const status = error instanceof HTTPException ? error.status : 500
  if (status === 500) console.error(error)
  return c.json({ error: STATUS_CODES[status] }, status)
}
