/** Express with the middleware that its own pages name: helmet, cors, express-rate-limit, jsonwebtoken, and zod. */
import { createSecretKey } from 'node:crypto'
import cors from 'cors'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import jwt from 'jsonwebtoken'
import { HOST, listening, PORT } from './listen.ts'
import { orderBody } from './order-zod.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, users } from './work.ts'

// Made once: jsonwebtoken would make a key of a text for each token.
const key = createSecretKey(Buffer.from(SECRET))

const authenticate: RequestHandler = (request, response, next) => {
  const [scheme, token = ''] = request.headers.authorization?.split(' ') ?? []
  const user = scheme === 'Bearer' ? users.get(subjectOf(token)) : undefined
  if (user === undefined) return void response.status(401).json({ message: 'Unauthorized' })
  response.locals['user'] = user
  next()
}

const subjectOf = (token: string): string => {
  try {
    return String((jwt.verify(token, key, { algorithms: ['HS256'] }) as { sub?: string }).sub)
  } catch {
    return ''
  }
}

const app = express()
// None of the others computes one.
app.disable('etag')
app.use(helmet())
app.use(cors({ origin: [ORIGIN] }))
app.use(rateLimit({ windowMs: LIMIT_WINDOW_MS, limit: LIMIT, standardHeaders: 'draft-8', legacyHeaders: false }))
app.get('/health', (_request, response) => void response.json({ status: 'ok' }))
app.use(authenticate)
app.get('/orders/:id', (request, response) => {
  response.json(orderOf(request.params.id, response.locals['user'].id))
})
app.post('/orders', express.json({ limit: '64kb' }), (request, response) => {
  const body = orderBody.safeParse(request.body)
  if (body.success) response.status(201).json(created(body.data, response.locals['user'].id))
  else response.status(400).json({ fields: body.error.issues.map(({ path }) => path.join('.')) })
})
app.use((error: { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
  response.status(error.status ?? 500).json({ message: 'Refused' })
})

const server = app.listen(PORT, HOST, () => listening(server.address() as { port: number }))
