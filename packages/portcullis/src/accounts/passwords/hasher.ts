import crypto, { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { fits, normalise } from './bounds.ts'
import type { StoredHash } from './phc.ts'
import { formatPhc, parsePhc, TODAY } from './phc.ts'
import { turnstile } from './turnstile.ts'

/** Hashes and verifies passwords: argon2id, m = 19456 KiB, t = 2, p = 1, a salt of 16 bytes, a tag of 32. */
export interface PasswordHasher {
  /**
   * Hashes a password, NFC-normalised, into a PHC string.
   *
   * @throws RangeError when it is longer than 256 characters or 1024 bytes: ask `passwordFault` first
   * @throws HashingBusy when too many wait
   */
  hash(password: string): Promise<string>
  /**
   * Compares a password with a stored PHC string, in constant time.
   *
   * @param phc null when there is no such account: the same work is done, and the answer is false. So it is for a string that
   *   can't be read, for one made with another pepper, and for a password beyond the bounds
   * @throws HashingBusy when too many wait
   */
  verify(password: string, phc: string | null): Promise<boolean>
  /** True when the hash is weaker than one made today, or was made without the pepper: hash again at the next login. */
  needsRehash(phc: string): boolean
  /** Hashes that run now. */
  readonly inFlight: number
  /** Hashes that wait for their turn. */
  readonly waiting: number
}

/** How passwords are hashed. */
export interface PasswordHasherOptions {
  /**
   * A secret that goes into each hash and is kept apart from them (argon2's `secret`), at least 16 characters; none by default.
   * Hashes made without one still verify, and are made anew at the next login. Those made with another do not verify.
   */
  readonly pepper?: string
  /**
   * Hashes in flight, 1…64. By default one less than there are cores, and one less than libuv has threads, at least 1:
   * neither the cores nor the threads that files and DNS need are ever all taken.
   */
  readonly parallel?: number
  /** Hashes that may wait, 0…4096. By default 40 for each in flight: a hash takes 30 to 50 ms, so the last one waits about 2 s. */
  readonly queue?: number
}

const WAIT_SECONDS = 2
const QUEUE_PER_HASH = 40

/**
 * Makes the hasher of a process. One is enough: two would double the hashes in flight.
 *
 * @throws TypeError when an option is out of its bounds, or is none
 */
export const passwordHasher = (options: PasswordHasherOptions = {}): PasswordHasher => {
  // A pepper that is misspelt would be none.
  const unknown = Object.keys(options).filter((name) => !['pepper', 'parallel', 'queue'].includes(name))
  if (unknown.length > 0)
    throw new TypeError(`passwordHasher: ${unknown.join(', ')}: the options are pepper, parallel and queue.`)
  const parallel = whole('parallel', options.parallel ?? defaultParallel(), 1, 64)
  const queue = whole('queue', options.queue ?? QUEUE_PER_HASH * parallel, 0, 4096)
  const pepper = readPepper(options.pepper)
  // Asked for here and not imported: to an older Node, which has none, a start says what it needs (nodeFaults), and an import says nothing.
  const runArgon2 = promisify(crypto.argon2)
  const gate = turnstile(parallel, queue, WAIT_SECONDS)
  // What an unknown account's password is compared with. Nobody's: its tag was not computed from anything.
  const nobody: StoredHash = { ...TODAY, pepperId: pepper?.id ?? null, salt: randomBytes(16), tag: randomBytes(32) }

  const tagOf = (password: string, stored: StoredHash): Promise<Buffer> =>
    gate.run(() =>
      runArgon2('argon2id', {
        message: password,
        nonce: stored.salt,
        memory: stored.memory,
        passes: stored.passes,
        parallelism: stored.parallelism,
        tagLength: stored.tag.length,
        ...(stored.pepperId === null || pepper === undefined ? {} : { secret: pepper.secret }),
      }),
    )

  const readable = (phc: string | null): StoredHash | null => {
    const stored = phc === null ? null : parsePhc(phc)
    return stored === null || stored.pepperId === null || stored.pepperId === pepper?.id ? stored : null
  }

  return {
    hash: async (password) => {
      const normal = normalise(password)
      if (!fits(normal)) throw new RangeError('The password is longer than 256 characters or 1024 bytes.')
      const fresh = { ...nobody, salt: randomBytes(16) }
      return formatPhc({ ...fresh, tag: await tagOf(normal, fresh) })
    },
    verify: async (password, phc) => {
      const normal = normalise(password)
      const short = fits(normal)
      const stored = short ? readable(phc) : null
      // Every path runs argon2 once: what is cheaper than a wrong password would tell that there is no account (CVE-2025-22234).
      const against = stored ?? nobody
      const tag = await tagOf(short ? normal : '', against)
      return timingSafeEqual(tag, against.tag) && stored !== null
    },
    needsRehash: (phc) => {
      const stored = parsePhc(phc)
      if (stored === null) return true
      return stored.memory < TODAY.memory || stored.passes < TODAY.passes || stored.pepperId !== nobody.pepperId
    },
    get inFlight() {
      return gate.inFlight
    },
    get waiting() {
      return gate.waiting
    },
  }
}

const defaultParallel = (): number => {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  return Math.min(64, Math.max(1, Math.min(availableParallelism(), threads > 0 ? threads : 4) - 1))
}

const whole = (name: string, value: number, min: number, max: number): number => {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new TypeError(`passwordHasher: ${name} is a whole number from ${min} to ${max}.`)
}

const readPepper = (text: string | undefined): { readonly secret: Buffer; readonly id: string } | undefined => {
  if (text === undefined) return undefined
  if (typeof text !== 'string' || text.length < 16)
    throw new TypeError('passwordHasher: pepper is a secret of at least 16 characters; leave it out to have none.')
  // The id tells which pepper, not what it is; it is stored beside hashes that tell as much.
  const id = createHash('sha256').update('portcullis pepper id\0').update(text).digest().subarray(0, 6)
  return { secret: Buffer.from(text), id: id.toString('base64') }
}
