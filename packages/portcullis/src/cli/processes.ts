/** The processes that a rotation is checked on. */
import type { KeyName } from '../layers/sessions/index.ts'
import type { RingInUse } from './ring-in-use.ts'

/** Which processes, and how they are asked. */
export interface Processes {
  readonly urls: readonly string[]
  readonly token: string
  /** Seconds that a process may take. */
  readonly seconds: number
  readonly surroundings: {
    now(): number
    sleep(ms: number): Promise<void>
    ask(url: string, token: string): Promise<RingInUse>
    say(line: string): void
  }
}

/** ms between two questions: 60 a minute, of the 200 that a client has. */
const EVERY_MS = 1_000
/** ms after which it is said who is waited for. */
const PATIENCE_MS = 5_000

/**
 * Waits until every process has exactly these keys, in this order.
 *
 * @returns how long that took, in ms
 * @throws Error that says who has what, when one of them does not follow in time
 */
export const allHave = async ({ urls, token, seconds, surroundings }: Processes, names: readonly KeyName[]) => {
  const { now, sleep, ask, say } = surroundings
  const wanted = names.map(({ kid }) => kid)
  const start = now()
  for (let said = ''; ; ) {
    const rings = await Promise.all(urls.map(async (url) => ({ url, ring: await ask(url, token) })))
    const behind = rings
      .filter(({ ring }) => !('kids' in ring && ring.kids.join() === wanted.join()))
      .map(({ url, ring }) => `  ${url} ${told(ring)}`)
      .join('\n')
    const took = now() - start
    if (behind === '') return took
    const need = `needed are the file's: ${listed(wanted)}`
    if (took >= seconds * 1_000)
      throw new Error(
        `Not followed in ${seconds} s; ${need}\n${behind}\nMend that and run it again: it goes on from here.`,
      )
    if (took >= PATIENCE_MS && behind !== said) {
      say(`  waiting; ${need}\n${behind}`)
      said = behind
    }
    await sleep(EVERY_MS)
  }
}

const told = (ring: RingInUse): string => {
  if ('unknown' in ring) return ring.unknown
  const faulty = ring.fileFaulty ? ", and can't use its JWT_SECRET_FILE (its log says why)" : ''
  return `has ${listed(ring.kids)}${faulty}`
}

const listed = (kids: readonly string[]): string =>
  kids.map((kid, index) => (index === 0 ? `${kid} (signs)` : kid)).join(', ')

/** What somebody looks for who checks without this command. */
export const byHand = (names: readonly KeyName[]): string =>
  [
    'Check that /metrics of every process shows these keys and no others:',
    ...names.map(
      ({ kid, alg }, index) => `  portcullis_key_info{kid="${kid}",alg="${alg}",signs="${index === 0 ? 1 : 0}"} 1`,
    ),
  ].join('\n')
