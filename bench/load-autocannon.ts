/** A load by autocannon, in a process of its own: reads a Load as JSON from standard input, prints what came of it as JSON. */
import { text } from 'node:stream/consumers'
import type { Asked, Load } from './load.ts'

/** What is used of autocannon, which brings no types. */
type Autocannon = (options: {
  readonly url: string
  readonly connections: number
  readonly duration: number
  setupClient(client: { setRequests(requests: readonly Asked[]): void }): void
}) => Promise<{
  readonly requests: { readonly total: number }
  readonly non2xx: number
  readonly errors: number
  readonly timeouts: number
  readonly duration: number
  readonly latency: { readonly p99: number }
}>

const NAME: string = 'autocannon'
const { default: autocannon } = (await import(NAME)) as { readonly default: Autocannon }
const { port, requests, seconds, connections = 1 } = JSON.parse(await text(process.stdin)) as Load

let client = 0
const result = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  duration: seconds,
  // Each connection begins its list anew: what must be sent once is dealt out.
  setupClient: (one) => {
    const dealt = requests.filter((_, turn) => turn % connections === client)
    one.setRequests(dealt.length === 0 ? requests : dealt)
    client += 1
  },
})
process.stdout.write(
  JSON.stringify({
    requests: result.requests.total,
    refused: result.non2xx,
    microseconds: result.duration * 1e6,
    p99: result.latency.p99,
    lost: result.errors + result.timeouts,
  }),
)
