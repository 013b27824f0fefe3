import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generateSecret, keyRing } from './key-ring.ts'

/** A secret that was kept in a file, and whether it was made just now. */
export interface KeptSecret {
  readonly secret: string
  readonly generated: boolean
}

/**
 * Reads the secret that a file keeps, or makes one there (mode 0600, in a folder of mode 0700), so that sessions outlive a restart. For
 * development alone: a production secret is given, not found.
 *
 * @param setting what may be set instead of it: JWT_SECRET
 * @throws Error with a sentence that names the file and not what it holds
 */
export const keptSecret = (path: string, setting: string): KeptSecret => {
  try {
    const made = make(path)
    const secret = made ?? readFileSync(path, 'utf8').trim()
    keyRing([secret])
    return { secret, generated: made !== undefined }
  } catch (error) {
    const { code = 'it holds none' } = error as NodeJS.ErrnoException
    throw new Error(
      `The development secret in ${path} can't be used (${code}): remove it, and another one is made; or set ${setting}.`,
      { cause: error },
    )
  }
}

/** 'wx' decides in one step: of two starts at once, one makes the secret and the other, answered undefined, reads it. */
const make = (path: string): string | undefined => {
  const secret = generateSecret()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return undefined
  }
}
