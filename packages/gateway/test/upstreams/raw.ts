import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'

/** An upstream that speaks no HTTP by itself: it answers each request head with whatever bytes the test wants. */
export interface RawUpstream {
  readonly origin: string
  /** Request heads that came, in order, over all connections. */
  readonly heads: string[]
  /** Connections that were opened. */
  connections(): number
  /** Ends it before the test does. */
  close(): void
}

/**
 * Starts one on this machine, until the test ends.
 *
 * @param port a free one by default
 * @param answer is called once for each head (it sends no bodies but those that come with the head)
 */
export const rawUpstream = async (
  t: { after(end: () => void): void },
  answer: (socket: Socket, head: string) => void,
  port = 0,
): Promise<RawUpstream> => {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let heard = ''
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (piece: string) => {
      heard += piece
      for (let end = heard.indexOf('\r\n\r\n'); end !== -1; end = heard.indexOf('\r\n\r\n')) {
        const head = heard.slice(0, end)
        heard = heard.slice(end + 4)
        heads.push(head)
        answer(socket, head)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  t.after(close)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heads,
    connections: () => connections,
    close,
  }
}
