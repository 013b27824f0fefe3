/** @fastify/http-proxy as its README has it: nobody is asked who they are, no value is checked. */
import httpProxy from '@fastify/http-proxy'
import Fastify, { LogController } from 'fastify'

const app = Fastify({
  logger: { level: 'error' },
  logController: new LogController({ disableRequestLogging: true }),
})
await app.register(httpProxy, { upstream: process.env['UPSTREAM'] ?? '' })
process.stdout.write(`listening on ${(await app.listen({ port: 0, host: '127.0.0.1' })).split(':').at(-1)}\n`)
