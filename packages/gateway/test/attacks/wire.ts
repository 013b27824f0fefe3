import { connect } from 'node:net'

/** One answer on the wire. */
export interface WireAnswer {
  readonly status: number
  /** Values by lower-case name; several are joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** False when the connection ended before the answer did. */
  readonly complete: boolean
}

/** Reads the answers that a connection carried. Interim ones (1xx) count as answers. */
export const readAnswers = (text: string, closed: boolean): readonly WireAnswer[] => {
  const answers: WireAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const [, status = '0'] = /^HTTP\/1\.[01] (\d{3})/.exec(rest) ?? []
    if (end === -1) return [...answers, { status: Number(status), headers: {}, body: rest, complete: false }]
    const headers: Record<string, string> = {}
    for (const line of rest.slice(0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
    }
    const { body, used, complete } = readBody(rest.slice(end + 4), headers, closed, Number(status))
    answers.push({ status: Number(status), headers, body, complete })
    rest = rest.slice(end + 4 + used)
  }
  return answers
}

const readBody = (
  text: string,
  headers: Readonly<Record<string, string>>,
  closed: boolean,
  status: number,
): { readonly body: string; readonly used: number; readonly complete: boolean } => {
  if (status < 200 || status === 204 || status === 304) return { body: '', used: 0, complete: true }
  const length = headers['content-length']
  if (headers['transfer-encoding'] === 'chunked') return readChunks(text)
  if (length === undefined) return { body: text, used: text.length, complete: closed }
  const body = text.slice(0, Number(length))
  return { body, used: body.length, complete: body.length === Number(length) }
}

const readChunks = (text: string): { readonly body: string; readonly used: number; readonly complete: boolean } => {
  let body = ''
  let at = 0
  for (;;) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (line === -1 || Number.isNaN(size) || text.length < line + 2 + size + 2)
      return { body, used: text.length, complete: false }
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
    if (size === 0) return { body, used: at, complete: true }
  }
}

/** ms after the last answer that was awaited, in which one too many would show. */
const GRACE_MS = 20

/**
 * Sends bytes as they are, and reads until `expected` answers are complete and nothing follows, or the server closes.
 *
 * @param limitMs when nothing of that happens
 */
export const send = (
  port: number,
  bytes: string | readonly string[],
  { expected = 1, limitMs = 5_000 }: { readonly expected?: number; readonly limitMs?: number } = {},
): Promise<readonly WireAnswer[]> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    let grace: NodeJS.Timeout | undefined
    const done = (closed: boolean): void => {
      clearTimeout(grace)
      clearTimeout(limit)
      socket.destroy()
      resolve(readAnswers(heard, closed))
    }
    const limit = setTimeout(() => done(false), limitMs)
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => {
      heard += piece
      const answers = readAnswers(heard, false)
      if (answers.length < expected || !answers.every(({ complete }) => complete)) return
      clearTimeout(grace)
      grace = setTimeout(() => done(false), GRACE_MS)
    })
    socket.on('error', () => done(true))
    socket.on('end', () => done(true))
    void sendParts(socket, typeof bytes === 'string' ? [bytes] : bytes)
  })

/** Parts go out one after the other, each in a packet of its own. */
const sendParts = async (socket: ReturnType<typeof connect>, parts: readonly string[]): Promise<void> => {
  socket.setNoDelay(true)
  for (const [index, part] of parts.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    if (socket.writable) socket.write(Buffer.from(part, 'latin1'))
  }
}
