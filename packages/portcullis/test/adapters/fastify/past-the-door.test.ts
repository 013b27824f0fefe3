import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { guarded } from './app.ts'

test('what takes the place of the listener stops the start, though there is one listener still', async () => {
  const app = await guarded()
  // As engine.io does.
  const [before] = app.server.listeners('request') as RequestListener[]
  app.server.removeAllListeners('request').on('request', (request, response) => {
    if (request.url === '/engine.io/') response.end('past the door')
    else before?.(request, response)
  })
  await assert.rejects(async () => app.ready(), /'request' event and would answer past the door/)
})

test("so does a listener for CONNECT, and a router's own answer", async () => {
  const app = await guarded()
  app.server.on('connect', (_request, socket) => socket.end())
  await assert.rejects(async () => app.ready(), /'connect' event and would answer past the door/)
  for (const event of ['checkContinue', 'checkExpectation', 'stream']) {
    const asked = await guarded({}, event === 'stream' ? ({ http2: true } as object) : {})
    asked.server.prependListener(event, () => {})
    await assert.rejects(async () => asked.ready(), new RegExp(`'${event}' event and would answer past the door`))
  }
  await (await guarded({}, { http2: true } as object)).ready()
  for (const name of ['defaultRoute', 'onBadUrl', 'onMaxParamLength']) {
    const routed = await guarded({}, { routerOptions: { [name]: () => {} } })
    await assert.rejects(async () => routed.ready(), new RegExp(`routerOptions\\.${name} would answer past the door`))
  }
})

test('options of the router that answer nothing, and a server of one its own, start', async () => {
  await (await guarded({}, { routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 } })).ready()
  const serverFactory = (handler: RequestListener) => createServer((request, response) => handler(request, response))
  await (await guarded({}, { serverFactory })).ready()
})
