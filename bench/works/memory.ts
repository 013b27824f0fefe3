import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { built } from '../built.ts'
import { contenders } from '../contenders.ts'
import { type Running, residentOf } from '../process.ts'
import { folder, startBackend } from '../ready-backend.ts'
import { spreadText } from '../statistics.ts'
import { Servers, type Work } from './work.ts'

const REMEMBERED = built('alone', 'remembered.ts')
const MIB = 1_048_576
const SETTLED_MS = 1_000
const STARTS = 3
const SHORT_STARTS = 1

const bytesOf = (...what: readonly string[]): number =>
  Number(execFileSync(process.execPath, ['--expose-gc', REMEMBERED, ...what], { encoding: 'utf8' }))

/** MiB of a server a second after it has answered that it is there. */
const settled = async ({ pid, port }: Running): Promise<number> => {
  await (await fetch(`http://127.0.0.1:${port}/health`)).arrayBuffer()
  await sleep(SETTLED_MS)
  return residentOf(pid) / MIB
}

/** What is in memory after a start, and what each client and token adds. */
export const memory: Work = {
  name: 'memory',
  run: async ({ short }) => {
    await using servers = new Servers()
    const path = folder(servers)
    const starts = {
      bare: () => servers.start(contenders.bare),
      ours: () => servers.start(contenders.ours, { SESSIONS: '1' }),
      backend: () => startBackend(path),
    }
    const measured = { bare: [] as number[], ours: [] as number[], backend: [] as number[] }
    for (let turn = 0; turn < (short ? SHORT_STARTS : STARTS); turn += 1)
      for (const name of ['bare', 'ours', 'backend'] as const) {
        const running = await starts[name]()
        measured[name].push(await settled(running))
        await running.stop()
      }
    const clients = bytesOf('clients', 'ipv4')
    const rows = [
      ['bare Fastify', `${spreadText(measured.bare)} MiB`],
      ['Portcullis embedded', `${spreadText(measured.ours)} MiB`],
      ['the ready backend', `${spreadText(measured.backend)} MiB`],
      ['each remembered client, IPv4', `${clients.toFixed(0)} bytes`],
    ]
    if (!short)
      rows.push(
        ['each remembered client, IPv6', `${bytesOf('clients', 'ipv6').toFixed(0)} bytes`],
        ['each remembered token', `${bytesOf('tokens').toFixed(0)} bytes`],
      )
    return {
      title: 'Memory',
      about:
        'Resident memory a second after the first answer. What is remembered: the counter in memory, full, with 1,000,000 clients of one policy; 100,000 verified tokens; objects and arrays after a collection.',
      table: { head: ['', 'memory'], rows },
      figures: { 'memory-embedded': measured.ours, 'memory-backend': measured.backend, 'memory-client': [clients] },
    }
  },
}
