/** A program that prints what process.nextTick costs before full collections and after them, in µs of the process's own time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { guarded } from './app.ts'

const ROUNDS = 20
const TICKS = 20_000

/** The least of many rounds: that of a busy machine says nothing. */
const tickCost = async (): Promise<number> => {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    await new Promise<void>((done) => {
      let left = TICKS
      const next = (): void => {
        left -= 1
        if (left === 0) done()
        else process.nextTick(next)
      }
      next()
    })
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / TICKS)
  }
  return least
}

const app = await guarded()
await app.ready()
const before = await tickCost()
for (let collection = 0; collection < 4; collection += 1) {
  globalThis.gc?.()
  await sleep(5)
}
await app.close()
process.stdout.write(JSON.stringify([before, await tickCost()]))
