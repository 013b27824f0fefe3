/** Portcullis with its limits in Redis, its sessions and identities in PostgreSQL: the built package. */
import Fastify, { type FastifyRequest } from 'fastify'
import { portcullis } from 'portcullis/fastify'
import { openRedis, openStorage } from 'portcullis/storage'
import { HOST, listening, PORT } from './listen.ts'
import { openSessions } from './sessions.ts'
import { CALLERS, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, userId } from './work.ts'

const storage = await openStorage(process.env['DATABASE_URL'] ?? '')
for (let number = 0; number < CALLERS; number += 1) {
  const id = userId(number)
  const account = { id, username: id, email: `${id}@example.com`, passwordHash: '', createdAt: Date.now() }
  const action = 'account.registered' as const
  await storage.accounts.create(account, { at: Date.now(), actor: null, action, subject: id, client: '', detail: '' })
}
await openSessions(storage.sessions, CALLERS)
const redis = await openRedis(process.env['REDIS_URL'], { prefix: process.env['REDIS_PREFIX'] ?? 'bench' })
storage.onChange(() => redis.announce())
redis.onAnnounced(() => void storage.catchUp())

const app = Fastify()
await app.register(portcullis, {
  sessions: { secret: SECRET, accessTokenMinutes: 60, store: storage.sessions },
  identify: (id) => storage.accounts.identity(id),
  cors: { origins: [ORIGIN] },
  limits: { client: `${LIMIT}/${LIMIT_WINDOW_MS / 1000} seconds`, counter: redis.counter },
})
app.get('/orders/:id', async (request: FastifyRequest) =>
  orderOf((request.params as { id: string }).id, request.principal.id),
)

await app.listen({ host: HOST, port: PORT })
listening(app.server.address() as { port: number })
