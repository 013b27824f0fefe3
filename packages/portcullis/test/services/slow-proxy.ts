import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Lasting } from './redis.ts'

/** A TCP proxy on 127.0.0.1 that can be slow, swallow everything, and lead elsewhere. */
export interface SlowProxy {
  readonly port: number
  readonly url: string
  /** How much later answers pass, in ms; the way there is not slowed. */
  delayMs: number
  /** Where new connections lead. */
  target: number
  /** From now on nothing passes on the connections there are, in neither direction, for ever; new ones get no answer until `mend`. */
  swallow(): void
  /** New connections pass. */
  mend(): void
  /** Connections that were made so far. */
  readonly connections: number
}

/** Starts a proxy that goes with the test. */
export const startProxy = async (t: Lasting, target: number): Promise<SlowProxy> => {
  const sockets = new Set<Socket>()
  const swallowed = new WeakSet<Socket>()
  let swallowing = false
  let connections = 0
  const server = createServer((near) => {
    connections += 1
    const far = connect(proxy.target, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
      if (swallowing) swallowed.add(socket)
    }
    const passes = () => !swallowed.has(near)
    near.on('data', (data) => passes() && far.write(data))
    const waiting: { readonly data: Buffer; readonly at: number }[] = []
    const pass = (): void => {
      for (let first = waiting[0]; first !== undefined && first.at <= performance.now(); first = waiting[0]) {
        waiting.shift()
        if (passes()) near.write(first.data)
      }
      if (waiting[0] !== undefined) setTimeout(pass, waiting[0].at - performance.now())
    }
    far.on('data', (data: Buffer) => {
      // Never before what came earlier.
      waiting.push({ data, at: Math.max(performance.now() + proxy.delayMs, waiting.at(-1)?.at ?? 0) })
      if (waiting.length === 1) pass()
    })
    near.on('close', () => far.destroy())
    far.on('close', () => passes() && near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const proxy: SlowProxy = {
    port,
    url: `redis://127.0.0.1:${port}`,
    delayMs: 0,
    target,
    swallow: () => {
      swallowing = true
      for (const socket of sockets) swallowed.add(socket)
    },
    mend: () => {
      swallowing = false
    },
    get connections() {
      return connections
    },
  }
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return proxy
}
