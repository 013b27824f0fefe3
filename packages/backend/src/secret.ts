import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateSecret, keyRing } from 'portcullis/sessions'

/** The development secret: where it is kept, and whether it was made just now. */
export interface DevelopmentSecret {
  readonly secret: string
  readonly path: string
  readonly generated: boolean
}

/**
 * Reads the development secret from the data folder, or makes one there (mode 0600), so that sessions outlive a restart.
 * Never called outside development: a production secret is given, not found.
 *
 * @throws Error with a sentence that names the file and not what it holds
 */
export const developmentSecret = (folder: string): DevelopmentSecret => {
  const path = join(folder, 'development-secret')
  try {
    const made = make(path)
    const secret = made ?? readFileSync(path, 'utf8').trim()
    keyRing([secret])
    return { secret, path, generated: made !== undefined }
  } catch (error) {
    const { code = 'it holds none' } = error as NodeJS.ErrnoException
    throw new Error(
      `The development secret in ${path} can't be used (${code}): remove it, and another one is made; or set JWT_SECRET.`,
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
