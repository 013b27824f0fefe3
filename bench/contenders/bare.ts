/** Fastify alone: the same handlers, its own JSON parser, no schema, nothing that secures it. What the others are compared with. */
import { executionAsyncResource } from 'node:async_hooks'
import Fastify, { type FastifyRequest } from 'fastify'
import { HOST, listening, PORT } from './listen.ts'
import { created, type NewOrder, NOBODY, orderOf } from './work.ts'

const ROUTES = Number(process.env['ROUTES'] ?? 0)

/**
 * For who knows what Portcullis does for the application around it, and does it himself: by an option of Node's, which closes a request
 * without a body before anybody sees it, and by a tick that is kept.
 */
const tuned = process.argv.includes('--tuned')
const kept: object[] = []
if (tuned) process.nextTick(() => kept.push(executionAsyncResource()))

const app = Fastify({ http: { optimizeEmptyRequests: tuned } })
const answerOrder = async (request: FastifyRequest) => orderOf((request.params as { id: string }).id, NOBODY)
app.get('/orders/:id', answerOrder)
app.post('/orders', async (request, reply) => reply.code(201).send(created(request.body as NewOrder, NOBODY)))
app.get('/health', async () => ({ status: 'ok' }))
for (let route = 0; route < ROUTES; route += 1) app.get(`/things-${route}/:id`, answerOrder)

await app.listen({ host: HOST, port: PORT })
listening(app.server.address() as { port: number })
