import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Latencies, Load } from './load.ts'

/** Runs a load in a process of its own, which ends with the test. */
export const underLoad = (t: TestContext, load: Load): Promise<Latencies> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(load))
  t.after(() => child.kill('SIGKILL'))
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(printed) as Latencies) : reject(new Error(`the load ended with ${code}`)),
    )
  })
}

/** How many were answered so. */
export const counted = (latencies: Latencies): Record<string, number> =>
  Object.fromEntries(Object.entries(latencies).map(([outcome, all]) => [outcome, all.length]))

/** The value that `share` (0 to 1) of them do not exceed; NaN of none. */
export const quantile = (all: readonly number[], share: number): number =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN
