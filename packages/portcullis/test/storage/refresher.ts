/** A process that refreshes one token many times at once when it is told to: one of two in a race. */
import { openStorage } from '../../src/storage/index.ts'
import { noon } from './samples.ts'

/** What it is told. */
export interface Refreshes {
  readonly hash: string
  /** How the successors' hashes begin. */
  readonly successor: string
  readonly times: number
}

const { sessions } = await openStorage(process.argv[2] ?? '')

const rotate = async (hash: string, next: Parameters<typeof sessions.rotate>[1]): Promise<string> => {
  try {
    return (await sessions.rotate(hash, next, null, noon)).kind
  } catch (error) {
    // On a machine that is busy some are told to come back.
    if ((error as { statusCode?: number }).statusCode !== 503) throw error
    return 'unavailable'
  }
}

process.on('message', async ({ hash, successor, times }: Refreshes) => {
  const rotations = Array.from({ length: times }, (_, n) => {
    const next = { hash: `${successor} ${n}`, issuedAt: noon, expiresAt: noon + 1000_000 }
    return rotate(hash, next)
  })
  process.send?.(await Promise.all(rotations))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
