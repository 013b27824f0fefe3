import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler } from 'express'

export const notFound: RequestHandler = (_req, res) => {
  res.status(404).json({ error: 'Not Found' })
}

// body-parser and express mark the errors that are the client's by a status of 4xx.
const statusOf = (error: { status?: unknown }): number => {
  const status = Number(error?.status)
  return status >= 400 && status < 500 ? status : 500
}

export const errorHandler: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = statusOf(error)
  if (status === 500) console.error(error)
  res.status(status).json({ error: STATUS_CODES[status] })
}
