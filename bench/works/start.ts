import { contenders } from '../contenders.ts'
import { folder, startBackend } from '../ready-backend.ts'
import { spreadText } from '../statistics.ts'
import { Servers, type Work } from './work.ts'

const TIMES = 9
const SHORT_TIMES = 2

/** ms from the start of the process until it says that it listens. */
export const starting: Work = {
  name: 'start',
  run: async ({ short }) => {
    await using servers = new Servers()
    const path = folder(servers)
    const starts = {
      bare: () => servers.start(contenders.bare),
      ours: () => servers.start(contenders.ours, { SESSIONS: '1' }),
      backend: () => startBackend(path),
    }
    const measured = { bare: [] as number[], ours: [] as number[], backend: [] as number[] }
    // The first start of each reads its files from the disk, and makes the database: it does not count.
    for (let turn = -1; turn < (short ? SHORT_TIMES : TIMES); turn += 1)
      for (const name of ['bare', 'ours', 'backend'] as const) {
        const running = await starts[name]()
        if (turn >= 0) measured[name].push(running.startMs)
        await running.stop()
      }
    const own = measured.ours.map((ms, turn) => ms - (measured.bare[turn] ?? Number.NaN))
    return {
      title: 'Start',
      about: `From the start of node until the server says that it listens, ${measured.bare.length} times in turn, on one core. Ours is what bare Fastify does not take.`,
      table: {
        head: ['', 'ms'],
        rows: [
          ['bare Fastify', spreadText(measured.bare)],
          ['Portcullis embedded', spreadText(measured.ours)],
          ['of which ours', spreadText(own)],
          ['the ready backend, on a database that is there', spreadText(measured.backend)],
        ],
      },
      figures: { 'start-embedded': measured.ours, 'start-ours': own, 'start-backend': measured.backend },
    }
  },
}
