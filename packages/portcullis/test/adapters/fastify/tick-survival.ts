/** A program that prints which share of what ticks carried outlives a scavenge, where V8 was marking while the first ticks were made. */
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { guarded } from './app.ts'

const FIRST_TICKS = 600
const TICKS = 5_000
const BYTES = 800

/** No literal and no array: V8 decides by the place in the program where those are made, and there shall be none but Node's. */
const burden = (): bigint => 1n << BigInt(BYTES * 8)

const carry = async (count: number): Promise<void> => {
  const next = (left: number, _carried?: bigint): void => {
    if (left > 0) process.nextTick(next, left - 1, burden())
  }
  next(count)
  await turn()
}

const used = (): number => {
  globalThis.gc?.({ type: 'minor' })
  return process.memoryUsage().heapUsed
}

const app = await guarded()
await app.ready()
setFlagsFromString('--stress-incremental-marking')
const held = Array.from({ length: 20_000 }, burden)
await carry(FIRST_TICKS)
setFlagsFromString('--no-stress-incremental-marking')
globalThis.gc?.()
const before = used()
await carry(TICKS)
const kept = (used() - before) / (TICKS * BYTES)
await app.close()
process.stdout.write(JSON.stringify({ kept, held: held.length }))
