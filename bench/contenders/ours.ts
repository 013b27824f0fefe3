/** Portcullis in a Fastify application, as its README says; the built package, as it is installed. */
import Fastify, { type FastifyRequest } from 'fastify'
import { portcullis } from 'portcullis/fastify'
import { memoryCounter, parseQuota } from 'portcullis/limits'
import { memorySessionStore } from 'portcullis/sessions'
import { field } from 'portcullis/validation'
import { z } from 'zod'
import { HOST, listening, PORT } from './listen.ts'
import { openSessions, sessionsWanted } from './sessions.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, users } from './work.ts'

const ROUTES = Number(process.env['ROUTES'] ?? 0)
/** Clients that are remembered before the first request, and the proxy that says which one is calling. */
const CLIENTS = Number(process.env['CLIENTS'] ?? 0)

const store = memorySessionStore({ maxSessions: Math.max(1_000, sessionsWanted) })
await openSessions(store)

const client = `${LIMIT}/${LIMIT_WINDOW_MS / 1000} seconds`
const counter = memoryCounter({
  // No quota is over 65,535, and there are cores that answer more in a second: a second of this clock is a quarter of one.
  clock: () => Math.floor(performance.now() * 4),
  ...(CLIENTS === 0 ? {} : { maxClients: Math.max(8, CLIENTS) }),
})
for (let number = 0; number < CLIENTS; number += 1)
  counter.take(
    { name: 'client', quota: parseQuota(client) },
    `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
  )

const app = Fastify()
await app.register(portcullis, {
  sessions: { secret: SECRET, accessTokenMinutes: 60, store },
  identify: (userId) => users.get(userId) ?? null,
  cors: { origins: [ORIGIN] },
  limits: { client, counter },
  ...(CLIENTS === 0 ? {} : { trustedProxies: ['127.0.0.1'] }),
})

const order = z.strictObject({
  reference: field.line(64),
  email: field.email,
  currency: z.enum(['EUR', 'USD', 'GBP']),
  priority: z.enum(['low', 'normal', 'high']),
  total: z.number().min(0).max(1_000_000),
  quantity: field.integer(1, 1_000),
  gift: z.boolean(),
  note: field.text(500),
  address: z.strictObject({
    street: field.line(120),
    city: field.line(80),
    zip: field.line(12),
    country: z.string().length(2),
  }),
  lines: z
    .array(
      z.strictObject({
        sku: field.line(32),
        quantity: field.integer(1, 1_000),
        price: z.number().min(0).max(1_000_000),
      }),
    )
    .min(1)
    .max(20),
})

const answerOrder = async (request: FastifyRequest) =>
  orderOf((request.params as { id: string }).id, request.principal.id)
app.get('/orders/:id', answerOrder)
app.post('/orders', { schema: { body: order } }, async (request, reply) =>
  reply.code(201).send(created(request.body as z.output<typeof order>, request.principal.id)),
)
app.get('/health', { config: { access: 'public' } }, async () => ({ status: 'ok' }))
for (let route = 0; route < ROUTES; route += 1) app.get(`/things-${route}/:id`, answerOrder)

await app.listen({ host: HOST, port: PORT })
listening(app.server.address() as { port: number })
