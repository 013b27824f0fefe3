/** Fastify with the plugins of its own organisation, tokens verified once and cached, bodies validated by its ajv. */
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import { HOST, listening, PORT } from './listen.ts'
import { orderSchema } from './order-schema.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, type NewOrder, ORIGIN, orderOf, SECRET, users } from './work.ts'

const app = Fastify()
await app.register(helmet, { global: true })
await app.register(cors, { origin: [ORIGIN] })
await app.register(rateLimit, { max: LIMIT, timeWindow: LIMIT_WINDOW_MS })
await app.register(jwt, { secret: SECRET, verify: { cache: true, algorithms: ['HS256'] } })
app.addHook('onRequest', async (request, reply) => {
  if (request.routeOptions.config.open) return
  await request.jwtVerify()
  const user = users.get((request.user as { sub: string }).sub)
  if (user === undefined) return reply.code(401).send({ message: 'Unauthorized' })
  request.user = user
})

const idOf = (user: unknown): string => (user as { id: string }).id
app.get('/orders/:id', async (request) => orderOf((request.params as { id: string }).id, idOf(request.user)))
app.post('/orders', { schema: { body: orderSchema } }, async (request, reply) =>
  reply.code(201).send(created(request.body as NewOrder, idOf(request.user))),
)
app.get('/health', { config: { open: true } }, async () => ({ status: 'ok' }))

await app.listen({ host: HOST, port: PORT })
listening(app.server.address() as { port: number })

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly open?: boolean
  }
}
