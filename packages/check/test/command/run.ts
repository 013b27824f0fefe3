/** The command as its users run it: a process of its own, with a limit of time, and what it took. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const MEASURED = new URL('./measured.js', import.meta.url).href

export interface Ran {
  /** 'timeout' where it had to be ended. */
  readonly exit: number | 'timeout'
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
  /** What it computed, on all cores: other work on the machine hardly changes it. */
  readonly busySeconds: number
  /** The most memory that the process had at once; what git and npm had is theirs. */
  readonly mebibytes: number
}

export interface Running {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly seconds?: number
}

export const run = (args: readonly string[], { cwd, env = {}, seconds = 60 }: Running = {}): Promise<Ran> => {
  const own = mkdtempSync(join(tmpdir(), 'portcullis-check-run-'))
  const measured = join(own, 'memory')
  const started = performance.now()
  const child = spawn(process.execPath, ['--conditions=source', `--import=${MEASURED}`, MAIN, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...withoutCoverage(), ...env, MEASURED: measured },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      const [memory, busy] = late ? [] : readFileSync(measured, { encoding: 'utf8', flag: 'a+' }).split(' ')
      rmSync(own, { recursive: true, force: true })
      resolve({
        exit: late ? 'timeout' : (code ?? -1),
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
        seconds: (performance.now() - started) / 1000,
        busySeconds: Number(busy ?? 0) / 1e6,
        mebibytes: Number(memory ?? 0) / 1024,
      })
    })
  })
}

/** Coverage of the command itself would be measured as its memory and time. */
const withoutCoverage = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:NODE_V8_COVERAGE|NO_COLOR|FORCE_COLOR)$/.test(name)),
  )
