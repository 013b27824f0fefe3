import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort, skip } from './machine.ts'

/** The server that is there for all tests, with a database to connect to; each test makes a database of its own beside it. */
export const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test'

/** Whoever ends things: a test, or node:test itself for a file. */
export interface Lasting {
  after(end: () => unknown): void
}

/** Why tests of the shared server are skipped; false when it answers. */
export const postgresMissing = async (): Promise<string | false> => {
  const answer = await askPostgres(postgresUrl, 'select 1 as one').catch(() => undefined)
  return skip(
    answer !== undefined
      ? undefined
      : 'No PostgreSQL lets us in at postgres://root@127.0.0.1:5432/test: start one (service postgresql start; createuser --superuser root; createdb test), or name one by TEST_POSTGRES_URL.',
  )
}

/** Runs one statement over a connection of its own. */
export const askPostgres = async (
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** The url of an empty database that goes with the test, on the shared server or on that of `url`. */
export const freshDatabase = async (t: Lasting, url = postgresUrl): Promise<string> => {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`
  await askPostgres(url, `create database ${name} encoding 'UTF8' template template0`)
  t.after(() => askPostgres(url, `drop database if exists ${name} with (force)`))
  const fresh = new URL(url)
  fresh.pathname = `/${name}`
  return fresh.href
}

/** The newest folder of PostgreSQL's programs, '' when they are found by PATH, undefined when there are none. */
const programs = (): string | undefined => {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.map((version) => join(debian, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
  if (found !== undefined) return found
  try {
    execFileSync('initdb', ['--version'], { stdio: 'ignore' })
    return ''
  } catch {
    return undefined
  }
}

/** PostgreSQL refuses to run as root: it then runs as the user postgres. */
const user = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Why tests that start a server of their own are skipped; false when they can. */
export const postgresServerMissing = (): string | false =>
  skip(
    programs() === undefined
      ? 'There is no PostgreSQL server to start: install it (apt-get install postgresql).'
      : undefined,
  )

/** A PostgreSQL of the test's own, on a free port of 127.0.0.1, that it may stop, freeze and restart. */
export interface PostgresServer {
  readonly port: number
  /** An empty database on it. */
  readonly url: string
  /** Starts it, with further settings such as `max_connections=5`; fulfilled when it answers. */
  start(settings?: readonly string[]): Promise<void>
  /** Ends every connection and stops; fulfilled when the process is gone. */
  stop(): Promise<void>
  /** SIGKILL to all of its processes, as when the machine dies. */
  kill(): Promise<void>
  /** SIGSTOP to all of its processes: connections stay, nothing answers. */
  freeze(): void
  /** SIGCONT to all of its processes. */
  thaw(): void
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) signal(child, 'SIGKILL')
})

/** To the server and its children, each by its own pid. */
const signal = ({ pid }: ChildProcess, name: NodeJS.Signals): void => {
  if (pid === undefined) return
  for (const one of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(one, name)
    } catch {
      // It has just ended by itself.
    }
  }
}

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Makes and starts a server that goes with the test. */
export const startPostgres = async (t: Lasting, settings: readonly string[] = []): Promise<PostgresServer> => {
  const bin = programs() ?? ''
  const as = user()
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-postgres-'))
  const data = join(folder, 'data')
  if (as !== undefined) chownSync(folder, as.uid, as.gid)
  const common = { ...as, cwd: folder, stdio: 'ignore' as const }
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'root', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
    common,
  )
  const port = await freePort()
  const url = `postgres://root@127.0.0.1:${port}/postgres`
  let child: ChildProcess | undefined

  const start = async (further: readonly string[] = []): Promise<void> => {
    const given = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off']
    const all = [...given, ...settings, ...further].flatMap((one) => ['-c', one])
    const started = spawn(join(bin, 'postgres'), ['-D', data, ...all], common)
    child = started
    running.add(started)
    for (const end = Date.now() + 20_000; ; await delay(20)) {
      const problem = await askPostgres(url, 'select 1').then(
        () => undefined,
        (error: Error) => error,
      )
      if (problem === undefined) return
      if (Date.now() > end || started.exitCode !== null)
        throw new Error(`postgres does not start: ${problem.message}`, { cause: problem })
    }
  }
  const end = async (ending: (child: ChildProcess) => void): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    ending(child)
    await gone
    running.delete(child)
  }
  const kill = () => end((server) => signal(server, 'SIGKILL'))
  t.after(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  return {
    port,
    url,
    start,
    // SIGINT is its "fast shutdown".
    stop: () => end((server) => server.kill('SIGINT')),
    kill,
    freeze: () => child && signal(child, 'SIGSTOP'),
    thaw: () => child && signal(child, 'SIGCONT'),
  }
}
