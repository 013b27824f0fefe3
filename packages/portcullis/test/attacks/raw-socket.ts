import { connect } from 'node:net'

/** What came back on the wire. */
export interface RawAnswer {
  /** The statuses of all the answers on this connection, in order. */
  readonly statuses: readonly number[]
  readonly text: string
}

/** Sends bytes as they are and reads until the server closes, or is silent for a while. Loopback only. */
export const sendRaw = (
  port: number,
  bytes: string | Buffer,
  silenceMs = 250,
  host = '127.0.0.1',
): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    const chunks: Buffer[] = []
    const done = (): void => {
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1])), text })
    }
    socket.setTimeout(silenceMs, done)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', done)
    socket.on('end', done)
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  })

/** A request in HTTP/1.1 that closes its connection. */
export const request = (line: string, headers: readonly string[] = [], body = ''): string =>
  `${line} HTTP/1.1\r\n${['Host: a', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`
