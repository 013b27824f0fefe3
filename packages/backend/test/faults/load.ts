/**
 * A load on a backend, as a process of its own, so that what it costs to make is not in what is measured: reads a Load as JSON from
 * standard input, prints what came of it as JSON.
 *
 * Open loop: a request is sent at its time whether or not those before were answered, as people do.
 */
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Load {
  /** The backends, in turn. */
  readonly addresses: readonly string[]
  readonly path: string
  readonly perSecond: number
  readonly seconds: number
  /** Bearers, in turn. */
  readonly tokens?: readonly string[]
  /** Where there are some: they are sent by POST, in turn, each from a client of its own. */
  readonly bodies?: readonly object[]
}

/** Milliseconds, by the status that was answered; 'error' for a request that was not answered at all. */
export type Latencies = Readonly<Record<string, readonly number[]>>

const run = async ({ addresses, path, perSecond, seconds, tokens = [], bodies = [] }: Load): Promise<Latencies> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const latencies: Record<string, number[]> = {}
  const pending: Promise<void>[] = []

  const fieldsOf = (turn: number, body: string): Record<string, string | number> => ({
    ...(tokens.length === 0 ? {} : { authorization: `Bearer ${tokens[turn % tokens.length]}` }),
    ...(body === ''
      ? {}
      : {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-forwarded-for': `203.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`,
        }),
  })

  const send = (turn: number): Promise<void> =>
    new Promise((resolve) => {
      const start = performance.now()
      const note = (outcome: string): void => {
        latencies[outcome] ??= []
        latencies[outcome].push(performance.now() - start)
        resolve()
      }
      const body = bodies.length === 0 ? '' : JSON.stringify(bodies[turn % bodies.length])
      const options = { agent, method: body === '' ? 'GET' : 'POST', headers: fieldsOf(turn, body) }
      const asked = request(`${addresses[turn % addresses.length]}${path}`, options, (response) => {
        response.resume()
        response.on('end', () => note(String(response.statusCode)))
      })
      asked.on('error', () => note('error'))
      asked.end(body)
    })

  const start = performance.now()
  for (let turn = 0; turn < perSecond * seconds; turn += 1) {
    const due = start + (turn * 1000) / perSecond
    const early = due - performance.now()
    if (early > 1) await sleep(early)
    pending.push(send(turn))
  }
  await Promise.all(pending)
  agent.destroy()
  return latencies
}

if (import.meta.main) process.stdout.write(JSON.stringify(await run(JSON.parse(await text(process.stdin)) as Load)))
