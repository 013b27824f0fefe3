/**
 * Hono on @hono/node-server with its own middleware (jwt with the algorithm pinned, secureHeaders, cors), hono-rate-limiter and zod.
 * JavaScript, because its types want those of a browser beside them.
 */
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { jwt } from 'hono/jwt'
import { secureHeaders } from 'hono/secure-headers'
import { rateLimiter } from 'hono-rate-limiter'
import { HOST, listening, PORT } from './listen.ts'
import { orderBody } from './order-zod.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, users } from './work.ts'

const app = new Hono()
app.use(secureHeaders())
app.use(cors({ origin: [ORIGIN] }))
app.use(
  rateLimiter({
    windowMs: LIMIT_WINDOW_MS,
    limit: LIMIT,
    keyGenerator: (c) => getConnInfo(c).remote.address ?? '',
  }),
)
app.get('/health', (c) => c.json({ status: 'ok' }))
app.use(jwt({ secret: SECRET, alg: 'HS256' }))
app.use(async (c, next) => {
  const { sub } = c.get('jwtPayload')
  const user = users.get(sub)
  if (user === undefined) return c.json({ message: 'Unauthorized' }, 401)
  c.set('user', user)
  return await next()
})
app.get('/orders/:id', (c) => c.json(orderOf(c.req.param('id'), c.get('user').id)))
app.post('/orders', zValidator('json', orderBody), (c) => c.json(created(c.req.valid('json'), c.get('user').id), 201))

const server = serve({ fetch: app.fetch, hostname: HOST, port: PORT }, () => listening(server.address()))
