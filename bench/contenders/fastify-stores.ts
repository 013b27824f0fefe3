/** Fastify's own plugins with the limits in Redis, and the user asked of PostgreSQL for every request, by a prepared statement. */
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import { HOST, listening, PORT } from './listen.ts'
import { CALLERS, LIMIT, LIMIT_WINDOW_MS, ORIGIN, orderOf, SECRET, type User, userId } from './work.ts'

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] })
await pool.query('create table bench_users (id text primary key, roles text[] not null)')
const ids = Array.from({ length: CALLERS }, (_, number) => userId(number))
await pool.query("insert into bench_users select id, array['customer'] from unnest($1::text[]) as id", [ids])
const find = { name: 'user', text: 'select id, roles from bench_users where id = $1' }

// As the plugin's example has it, with the pipelining that ioredis offers for more speed.
const redis = new Redis(process.env['REDIS_URL'] ?? '', {
  connectTimeout: 500,
  maxRetriesPerRequest: 1,
  enableAutoPipelining: true,
})

const app = Fastify()
await app.register(helmet, { global: true })
await app.register(cors, { origin: [ORIGIN] })
const nameSpace = `${process.env['REDIS_PREFIX'] ?? 'bench'}:peer:`
await app.register(rateLimit, { max: LIMIT, timeWindow: LIMIT_WINDOW_MS, redis, nameSpace })
await app.register(jwt, { secret: SECRET, verify: { cache: true, algorithms: ['HS256'] } })
app.addHook('onRequest', async (request, reply) => {
  await request.jwtVerify()
  const { rows } = await pool.query<User>({ ...find, values: [(request.user as { sub: string }).sub] })
  if (rows[0] === undefined) return reply.code(401).send({ message: 'Unauthorized' })
  request.user = rows[0]
})
app.get('/orders/:id', async (request) => orderOf((request.params as { id: string }).id, (request.user as User).id))

await app.listen({ host: HOST, port: PORT })
listening(app.server.address() as { port: number })
