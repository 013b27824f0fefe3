import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret } from 'portcullis/sessions'

/** The development secret: where it is kept, and whether it was made just now. */
export interface DevelopmentSecret {
  readonly secret: string
  readonly path: string
  readonly generated: boolean
}

/**
 * Reads the development secret from the data folder, or makes one there (mode 0600), so that sessions outlive a restart.
 * Never called outside development: a production secret is given, not found.
 */
export const developmentSecret = (folder: string): DevelopmentSecret => {
  const path = join(folder, 'development-secret')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    // 'wx' decides in one step: of two starts at once, one makes the secret and the other reads it.
    const secret = generateSecret()
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return { secret, path, generated: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { secret: readFileSync(path, 'utf8').trim(), path, generated: false }
  }
}
