/**
 * better-auth's session check in Fastify, behind the same plugins for headers, CORS and limits. Its tokens are not JWTs: an id, signed by
 * HMAC-SHA256, of a session that is kept with its user; kept here in memory, by what its pages call secondary storage. JavaScript,
 * because its types want those of other frameworks beside them.
 */
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { fromNodeHeaders } from 'better-auth/node'
import { bearer } from 'better-auth/plugins'
import Fastify from 'fastify'
import { HOST, listening, PORT } from './listen.ts'
import { orderSchema } from './order-schema.ts'
import { EXPIRED, sessionToken } from './session-token.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, USERS, userId } from './work.ts'

const DAY_MS = 86_400_000
const now = new Date()
const kept = new Map()
const keep = (token, id, expiresAt) => {
  const times = { createdAt: now, updatedAt: now }
  const user = { id, name: id, email: `${id}@example.com`, emailVerified: true, ...times }
  const session = { id: `of-${id}`, userId: id, token, expiresAt, ipAddress: '', userAgent: '', ...times }
  kept.set(token, JSON.stringify({ session, user }))
}
for (let number = 0; number < USERS; number += 1)
  keep(sessionToken(number), userId(number), new Date(Date.now() + DAY_MS))
keep(EXPIRED, userId(1), new Date(Date.now() - 1_000))

const auth = betterAuth({
  baseURL: `http://${HOST}`,
  secret: SECRET,
  telemetry: { enabled: false },
  logger: { disabled: true },
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  secondaryStorage: {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    delete: (key) => void kept.delete(key),
  },
  plugins: [bearer({ requireSignature: true })],
})

const app = Fastify()
await app.register(helmet, { global: true })
await app.register(cors, { origin: [ORIGIN] })
await app.register(rateLimit, { max: LIMIT, timeWindow: LIMIT_WINDOW_MS })
app.decorateRequest('user', null)
app.addHook('onRequest', async (request, reply) => {
  if (request.routeOptions.config.open) return
  const query = { disableRefresh: true }
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers), query })
  if (session === null) return reply.code(401).send({ message: 'Unauthorized' })
  request.user = session.user
})
app.get('/orders/:id', async (request) => orderOf(request.params.id, request.user.id))
app.post('/orders', { schema: { body: orderSchema } }, async (request, reply) =>
  reply.code(201).send(created(request.body, request.user.id)),
)
app.get('/health', { config: { open: true } }, async () => ({ status: 'ok' }))

await app.listen({ host: HOST, port: PORT })
listening(app.server.address())
