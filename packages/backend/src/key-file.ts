import { readFileSync, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { keyRing, secretsIn } from 'portcullis/sessions'

/** Bytes of a file of keys at the most: some hundred keys, and not the disk that somebody named by a slip. */
const MAX_BYTES = 65_536

/** A file of keys, read. */
export interface KeyFile {
  readonly path: string
  /** The first signs, all verify. */
  readonly secrets: readonly string[]
}

/**
 * Reads a file of keys.
 *
 * @throws an Error whose message holds none of the file's text
 */
export const readKeyFile = (path: string): KeyFile => {
  const text = readable(() => {
    demandFile(statSync(path))
    return readFileSync(path, 'utf8')
  }, path)
  return { path, secrets: demandKeys(text) }
}

/** As above, without holding up anybody else meanwhile. */
export const readKeyFileLater = async (path: string): Promise<KeyFile> => {
  let text: string
  try {
    demandFile(await stat(path))
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(error, path)
  }
  return { path, secrets: demandKeys(text) }
}

const readable = (read: () => string, path: string): string => {
  try {
    return read()
  } catch (error) {
    throw unreadable(error, path)
  }
}

/** A pipe or a device would be waited for, or never end. */
const demandFile = (found: { isFile(): boolean; readonly size: number }): void => {
  if (!found.isFile()) throw Object.assign(new Error(), { code: 'not a file' })
  if (found.size > MAX_BYTES) throw Object.assign(new Error(), { code: `more than ${MAX_BYTES} bytes` })
}

/** By the code of the error: what to do. */
const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'Make it with its first key: (umask 077; npx portcullis keys > FILE).',
  EACCES: 'Let the user that this runs as read it.',
}

const unreadable = (error: unknown, path: string): Error => {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException
  const remedy = remedies[code] ?? 'Name the file that holds the keys, one a line.'
  return new Error(`JWT_SECRET_FILE can't be read: ${code}: ${JSON.stringify(path)}. ${remedy}`)
}

const demandKeys = (text: string): readonly string[] => {
  const secrets = secretsIn(text)
  keyRing(secrets)
  return secrets
}
