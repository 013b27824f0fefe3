import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What a command came to. */
export interface Ran {
  /** Null when it did not end in 20 seconds. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program of ours in a folder, with nothing of this process's environment but the path; not by its launcher, whose child would outlive
 * it when it is killed.
 */
export const programIn =
  (program: string, cwd: string, env: Readonly<Record<string, string>> = {}) =>
  (...args: readonly string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', program, ...args], {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...env },
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    return { status, stdout, stderr }
  }

/** The program of `portcullis`. */
export const main = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs `portcullis` in a folder. */
export const portcullisIn = (cwd: string, env: Readonly<Record<string, string>> = {}) => programIn(main, cwd, env)
