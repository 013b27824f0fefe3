import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it reached the upstream. */
export interface Recorded {
  readonly method: string
  /** The target, letter by letter. */
  readonly target: string
  /** Names and values in turn, as they stood on the wire. */
  readonly rawHeaders: readonly string[]
  readonly trailers: NodeJS.Dict<string>
  readonly body: Buffer
  /** False when it ended in the middle. */
  readonly complete: boolean
  /** Which connection it came over, from 0. */
  readonly connection: number
}

/** An upstream that writes down exactly what reached it. */
export interface Recording {
  readonly origin: string
  readonly requests: Recorded[]
  /** Every byte of each connection, in the order in which the connections came. */
  bytes(): readonly string[]
  /** Forgets what reached it. */
  clear(): void
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

const fine: Answer = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')

/** Starts one on this machine, until the test ends. Without `answer` everything is answered 200 and `{"ok":true}`. */
export const recordingUpstream = async (
  t: { after(end: () => void): void },
  answer: Answer = fine,
): Promise<Recording> => {
  const requests: Recorded[] = []
  const wire: Buffer[][] = []
  const numbers = new WeakMap<object, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const record = (): void => {
      const { method = '', url: target = '', rawHeaders, trailers, complete, socket } = request
      const connection = numbers.get(socket) ?? -1
      requests.push({ method, target, rawHeaders, trailers, complete, connection, body: Buffer.concat(chunks) })
    }
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('error', record)
    request.once('end', () => {
      record()
      answer(request, response, Buffer.concat(chunks))
    })
  })
  server.on('connection', (socket) => {
    const heard: Buffer[] = []
    numbers.set(socket, wire.push(heard) - 1)
    // Node's parser gives up its direct hold of the socket when somebody else listens: both get every byte.
    socket.on('data', (chunk: Buffer) => heard.push(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bytes: () => wire.filter((heard) => heard.length > 0).map((heard) => Buffer.concat(heard).toString('latin1')),
    clear: () => {
      requests.length = 0
      for (const heard of wire) heard.length = 0
    },
  }
}

/** The values of a field, as they stood on the wire. */
export const valuesOf = ({ rawHeaders }: Pick<Recorded, 'rawHeaders'>, name: string): readonly string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
