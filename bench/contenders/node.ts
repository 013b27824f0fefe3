/** node:http and nothing else, for reference: no framework, nobody asked who they are. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { HOST, listening, PORT } from './listen.ts'
import { created, type NewOrder, NOBODY, orderOf } from './work.ts'

const server = createServer(async (request, response) => {
  const { method, url = '' } = request
  const answer =
    method === 'POST' && url === '/orders'
      ? { status: 201, body: created(JSON.parse(await text(request)) as NewOrder, NOBODY) }
      : method === 'GET' && url.startsWith('/orders/')
        ? { status: 200, body: orderOf(url.slice(8), NOBODY) }
        : { status: url === '/health' ? 200 : 404, body: { status: url === '/health' ? 'ok' : 'not found' } }
  const body = JSON.stringify(answer.body)
  response
    .writeHead(answer.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
})

server.listen(PORT, HOST, () => listening(server.address() as { port: number }))
