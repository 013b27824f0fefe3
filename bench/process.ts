/** Starts the programs that are measured, each pinned to the first core, and reads from the system what they used. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const PATIENCE_MS = 60_000

/** Cores are set apart where there are two and a program to do it. */
export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** A command that runs on one core alone, where that can be had. */
export const onCore = (core: number, command: readonly string[]): readonly [string, ...string[]] => {
  const [program = '', ...args] = pinned ? ['taskset', '-c', String(core), ...command] : command
  return [program, ...args]
}

/** A program that runs and listens. */
export interface Running {
  readonly port: number
  readonly pid: number
  /** From its start until it said that it listens. */
  readonly startMs: number
  /** SIGTERM; fulfilled when it is gone. */
  stop(): Promise<void>
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** What programs get of this one's environment: nothing that would change how they run. */
const INHERITED: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  NODE_ENV: 'production',
}

/**
 * Starts a program and waits for the line in which it says where it listens.
 *
 * @throws Error with what it printed, when it ends or says nothing for a minute
 */
export const start = async (
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  { pin = true, cwd = process.cwd() } = {},
): Promise<Running> => {
  const [program, ...args] = pin ? onCore(0, command) : (command as readonly [string, ...string[]])
  const begun = performance.now()
  const child = spawn(program, args, { env: { ...INHERITED, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const port = await listeningPort(child, command.join(' ')).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const startMs = performance.now() - begun
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(late)
    children.delete(child)
  }
  return { port, pid: child.pid ?? 0, startMs, stop }
}

const listeningPort = (child: ChildProcess, name: string): Promise<number> =>
  new Promise((resolve, reject) => {
    let printed = ''
    const late = setTimeout(() => reject(new Error(`${name} does not listen:\n${printed}`)), PATIENCE_MS)
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-10_000)
      const found = /listening (?:on|at) (?:http:\/\/[\d.]+:)?(\d+)/i.exec(printed)?.[1]
      if (found === undefined) return
      clearTimeout(late)
      resolve(Number(found))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(late)
      reject(new Error(`${name} ended with ${code}:\n${printed}`))
    })
  })

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** µs of CPU that a process has used, its threads together: fields 14 and 15 of proc_pid_stat(5). */
export const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS
}

/** Bytes that a process has in memory. */
export const residentOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** Why nothing can be measured here; undefined when it can. */
export const unmeasurable = (): string | undefined =>
  existsSync('/proc/self/stat')
    ? undefined
    : 'CPU times are read from /proc, which this system has not: run it on Linux.'
