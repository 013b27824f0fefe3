import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { generateSecret } from 'portcullis/sessions'

const main = join(import.meta.dirname, '../src/main.ts')

/** A backend that runs as a process of its own. */
export interface RunningBackend {
  readonly address: string
  readonly child: ChildProcess
  /** Everything it printed so far. */
  readonly output: () => string
  /** Ends it as a supervisor would, and answers its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

const command = join(import.meta.dirname, '../../portcullis/bin/portcullis.js')
const run = promisify(execFile)

/**
 * Runs `portcullis` beside a backend, and answers what it printed. This process goes on meanwhile: the backend closes a connection that nobody
 * uses for five seconds, and who waits for a slow machine without hearing of it sends the next request into one that is closed.
 */
export const portcullis = async (env: Record<string, string>, ...args: readonly string[]): Promise<string> =>
  (await run(process.execPath, [command, ...args], { env, encoding: 'utf8' })).stdout

/** An empty folder that goes with the test. */
export const folder = (test: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-test-'))
  test.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The environment of a production start over a database of its own. Nothing of this process's comes along but the path. */
export const production = (path: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  PORT: '0',
  JWT_SECRET: generateSecret(),
  DATABASE_URL: `sqlite:${join(path, 'portcullis.db')}`,
  ...more,
})

/** Starts the process and waits until it listens, or rejects with what it printed. */
export const startBackend = async (
  env: Record<string, string>,
  args: readonly string[] = [],
  cwd: string = tmpdir(),
): Promise<RunningBackend> => {
  const child = spawn(process.execPath, ['--conditions=source', main, ...args], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    exited.then((code) => reject(Object.assign(new Error(`it ended with ${code}:\n${printed}`), { code, printed })))
    setTimeout(() => reject(new Error(`it did not listen in 15 s:\n${printed}`)), 15_000).unref()
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  return { address, child, output: () => printed, stop }
}

/** A start that must fail: its exit code and what it printed. */
export const failedStart = async (
  env: Record<string, string>,
  args: readonly string[] = [],
  cwd?: string,
): Promise<{ readonly code: number | null; readonly printed: string }> => {
  let running: RunningBackend
  try {
    running = await startBackend(env, args, cwd)
  } catch (error) {
    return error as { code: number | null; printed: string }
  }
  await running.stop('SIGKILL')
  throw new Error(`it started: ${running.output()}`)
}

/** Starts a production backend that ends with the test. */
export const backend = async (
  test: TestContext,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningBackend> => {
  const running = await startBackend(production(folder(test), more))
  test.after(() => running.stop('SIGKILL'))
  return running
}

/** A request with a JSON body; the answer with its body read. */
export const call = async (
  address: string,
  method: string,
  path: string,
  options: {
    readonly body?: unknown
    readonly token?: string | undefined
    readonly headers?: Record<string, string>
  } = {},
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests look at
): Promise<{ status: number; headers: Headers; body: any; text: string }> => {
  const response = await fetch(address + path, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : undefined, text }
}

/** Quotas that no test reaches, behind a proxy on loopback: for tests of something else. */
export const UNLIMITED: Readonly<Record<string, string>> = {
  LIMIT_CLIENT: '65535/second',
  LIMIT_CREDENTIALS: '65535/second',
  LIMIT_REFRESH: '65535/second',
  LIMIT_ACCOUNT: '65535/second',
  TRUSTED_PROXIES: '127.0.0.1',
}

let number = 0

/** A new account and a session of it. Each comes from a client of its own when the backend trusts 127.0.0.1 as its proxy. */
export const person = async (address: string, headers: Record<string, string> = {}) => {
  number += 1
  const credentials = {
    email: `person${number}@example.com`,
    username: `person${number}`,
    password: `correct horse ${number} battery`,
  }
  const registered = await call(address, 'POST', '/auth/register', { body: credentials, headers })
  const { username: _, ...login } = credentials
  const { body } = await call(address, 'POST', '/auth/login', { body: login, headers })
  return {
    ...credentials,
    id: registered.body.id as string,
    token: body.access_token as string,
    refresh: body.refresh_token as string,
  }
}

/** A forwarded address nobody used before: with TRUSTED_PROXIES=127.0.0.1, a client of its own. */
export const newClient = (): Record<string, string> => {
  number += 1
  return { 'x-forwarded-for': `203.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}` }
}
