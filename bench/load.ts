/** Sends requests to one server for a while, and counts what was answered: by wrk, or by autocannon where wrk is not installed. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onCore } from './process.ts'

const run = promisify(execFile)

/** Kept open at the same time. */
export const CONNECTIONS = 32

/** One request of a load. */
export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What is sent to a server. */
export interface Load {
  readonly port: number
  /** Sent in turn, from the first again when all were. */
  readonly requests: readonly Asked[]
  readonly seconds: number
  readonly connections?: number
}

/** What came of it. */
export interface Answered {
  readonly requests: number
  /** Those that were answered by another status than 2xx. */
  readonly refused: number
  readonly perSecond: number
  /** ms that a hundredth of the requests took longer than. */
  readonly p99: number
  /** Connections and requests that got no answer. */
  readonly lost: number
}

const wrk = spawnSync('wrk', ['--version']).error === undefined

/** Who counts, with its version. */
export const generator = wrk
  ? `wrk ${/wrk (?:debian\/)?([\d.]+)/.exec(spawnSync('wrk', ['--version'], { encoding: 'utf8' }).stdout)?.[1]}`
  : 'autocannon'

/** Sends a load and counts. */
export const send = (load: Load): Promise<Answered> => (wrk ? byWrk(load) : byAutocannon(load))

/** The requests as they go over the wire, one in a file's line. */
const wire = ({ method, path, headers, body = '' }: Asked): string => {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : ''
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${fields.join('')}${length}\r\n${body}`
}

// The requests are made beforehand: to choose one costs the load's core next to nothing.
const SCRIPT = `
local requests = {}
for line in io.lines(os.getenv('REQUESTS')) do requests[#requests + 1] = line:gsub('\\\\n', '\\n'):gsub('\\\\r', '\\r') end
local turn, count = 0, #requests
function request()
  turn = turn < count and turn + 1 or 1
  return requests[turn]
end
function done(summary, latency)
  local failed = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"microseconds":%d,"p99":%f,"lost":%d}\\n', summary.requests, failed.status,
    summary.duration, latency:percentile(99) / 1000, failed.connect + failed.read + failed.write + failed.timeout))
end
`

const byWrk = async ({ port, requests, seconds, connections = CONNECTIONS }: Load): Promise<Answered> => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-load-'))
  try {
    const lines = requests.map((asked) => wire(asked).replaceAll('\r', '\\r').replaceAll('\n', '\\n'))
    writeFileSync(join(folder, 'requests'), `${lines.join('\n')}\n`)
    writeFileSync(join(folder, 'load.lua'), SCRIPT)
    const script = ['-s', join(folder, 'load.lua'), `http://127.0.0.1:${port}`]
    const [program, ...args] = onCore(1, ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, ...script])
    const { stdout } = await run(program, args, { env: { ...process.env, REQUESTS: join(folder, 'requests') } })
    const counted = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? '{}') as Record<string, number>
    return answered(counted)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const byAutocannon = async (load: Load): Promise<Answered> => {
  const [program, ...args] = onCore(1, [process.execPath, join(import.meta.dirname, 'load-autocannon.ts')])
  const running = run(program, args, { maxBuffer: 1e8 })
  running.child.stdin?.end(JSON.stringify({ ...load, connections: load.connections ?? CONNECTIONS }))
  return answered(JSON.parse((await running).stdout) as Record<string, number>)
}

const answered = ({ requests = 0, refused = 0, microseconds = 0, p99 = 0, lost = 0 }: Record<string, number>) => ({
  requests,
  refused,
  perSecond: (requests * 1e6) / microseconds,
  p99,
  lost,
})
