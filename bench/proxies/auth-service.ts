/** What nginx asks by auth_request: a token checked by the library, over the sessions of the same database. */
import Fastify, { LogController } from 'fastify'
import { portcullis } from 'portcullis/fastify'
import { openStorage } from 'portcullis/storage'

const app = Fastify({ logger: { level: 'error' }, logController: new LogController({ disableRequestLogging: true }) })
const storage = await openStorage(process.env['DATABASE_URL'] ?? '')
await app.register(portcullis, {
  sessions: { secret: process.env['JWT_SECRET'], store: storage.sessions },
  identify: (id) => storage.accounts.identity(id),
  limits: { client: '65535/second' },
})
app.get('/check', async (_request, reply) => reply.code(204).send())
process.stdout.write(`listening on ${(await app.listen({ port: 0, host: '127.0.0.1' })).split(':').at(-1)}\n`)
