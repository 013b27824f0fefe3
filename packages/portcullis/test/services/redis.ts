import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort, skip } from './machine.ts'

/** The Redis that is there for all tests; each uses keys under a prefix of its own. */
export const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'

/** Whoever ends things: a test, or node:test itself for a file. */
export interface Lasting {
  after(end: () => unknown): void
}

/** Why tests of the shared Redis are skipped; false when it answers. */
export const redisMissing = async (): Promise<string | false> => {
  const answer = await commandAt(redisUrl, 'PING').catch(() => undefined)
  return skip(
    answer === 'PONG'
      ? undefined
      : 'No Redis answers at 127.0.0.1:6379: run redis-server --save "" &, or name one by TEST_REDIS_URL.',
  )
}

/** Why tests that start a Redis of their own are skipped; false when they can. */
export const redisServerMissing = (): string | false =>
  skip(
    spawnSync('redis-server', ['--version']).status === 0
      ? undefined
      : 'There is no redis-server to start: install it (apt-get install redis-server).',
  )

/** A prefix that no other test uses; its keys go after the test. */
export const freshPrefix = (t: Lasting): string => {
  const prefix = `test-${process.pid}-${Math.random().toString(36).slice(2)}`
  t.after(async () => {
    const redis = new Redis(redisUrl)
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }))
      if (keys.length > 0) await redis.del(keys)
    redis.disconnect()
  })
  return prefix
}

/** Sends one command over a connection of its own. */
export const commandAt = async (url: string, name: string, ...args: readonly string[]): Promise<unknown> => {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 2_000,
    enableReadyCheck: false,
  })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await redis.call(name, ...args)
  } finally {
    redis.disconnect()
  }
}

/** A redis-server of the test's own, on a free port of 127.0.0.1. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** Where it keeps its files. */
  readonly folder: string
  command(name: string, ...args: readonly string[]): Promise<unknown>
  /** SIGKILL; fulfilled when the process is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port, with the same arguments and further ones; fulfilled when it listens and answers. */
  start(...further: readonly string[]): Promise<void>
  /** SIGSTOP: connections stay, nothing answers. */
  freeze(): void
  /** SIGCONT */
  thaw(): void
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a redis-server that goes with the test. It keeps nothing on disk, unless the arguments say so. */
export const startRedis = async (
  t: Lasting,
  args: readonly string[] = [],
  urlOf = (port: number) => `redis://127.0.0.1:${port}`,
): Promise<RedisServer> => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-redis-'))
  const url = urlOf(port)
  const fixed = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, '--loglevel', 'warning']
  let child: ChildProcess | undefined

  const start = async (...further: readonly string[]): Promise<void> => {
    const listening = url.startsWith('rediss:') ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]
    child = spawn('redis-server', [...listening, ...fixed, ...args, ...further], { stdio: 'ignore' })
    running.add(child)
    for (const end = Date.now() + 10_000; ; await delay(10)) {
      const problem = await commandAt(url, 'PING').then(
        () => undefined,
        (error: Error) => error,
      )
      // It answers, be it that it is loading or that it wants a password.
      if (problem === undefined || problem.name === 'ReplyError') return
      if (Date.now() > end || child.exitCode !== null)
        throw new Error(`redis-server does not start: ${problem.message}`)
    }
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    running.delete(child)
  }
  t.after(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  return {
    port,
    url,
    folder,
    command: (name, ...given) => commandAt(url, name, ...given),
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}
