import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Where a file can't be replaced by another one: it is a mount of its own, its folder is closed, or its owner can't be kept. */
const IN_PLACE_ONLY = ['EBUSY', 'EXDEV', 'EACCES', 'EPERM']

/**
 * Replaces a file's text in one step: whoever reads it, and whoever is killed meanwhile, has the old text or the new one, whole.
 * A symbolic link is followed, mode and owner stay. Where it can't be replaced it is written in place.
 *
 * @param before the text that the new one was made from
 * @returns how it was done
 * @throws Error when the file holds another text by now, or can't be written
 */
export const replaceFile = (path: string, before: string, after: string): 'replaced' | 'in place' => {
  const real = realpathSync(path)
  try {
    renameOver(real, before, after)
    return 'replaced'
  } catch (error) {
    if (!IN_PLACE_ONLY.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  demandUnchanged(real, before)
  writeInPlace(real, after)
  return 'in place'
}

const renameOver = (path: string, before: string, after: string): void => {
  const beside = `${besides(path)}.${randomBytes(6).toString('hex')}`
  try {
    // O_EXCL: nobody else's link is written through.
    write(beside, 'wx', (file) => {
      removeOthers(path, beside)
      const { mode, uid, gid } = statSync(path)
      writeFileSync(file, after)
      fchownSync(file, uid, gid)
      fchmodSync(file, mode & 0o777)
    })
    demandUnchanged(path, before)
    rename(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
  // The name is in the folder: without this a power cut could bring the old file back.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

const besides = (path: string): string => join(dirname(path), `.${basename(path)}.new`)

/**
 * Removes what a run left that was killed, and what another run is writing now: without it that one can't take its place, and says so. Each
 * has its own there before it looks, so of two at once one is seen by the other, or has taken its place, which is seen before the other does.
 */
const removeOthers = (path: string, own: string): void => {
  const others = readdirSync(dirname(path)).map((name) => join(dirname(path), name))
  for (const other of others) if (other.startsWith(besides(path)) && other !== own) rmSync(other, { force: true })
}

const rename = (beside: string, path: string): void => {
  try {
    renameSync(beside, path)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? changed(path) : error
  }
}

/** Over the old text, and only then cut: at no moment is the file empty. */
export const writeInPlace = (path: string, text: string): void =>
  write(path, 'r+', (file) => {
    writeFileSync(file, text)
    ftruncateSync(file, Buffer.byteLength(text))
  })

const write = (path: string, flag: 'wx' | 'r+', fill: (file: number) => void): void => {
  const file = openSync(path, flag, 0o600)
  try {
    fill(file)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const demandUnchanged = (path: string, before: string): void => {
  if (readFileSync(path, 'utf8') !== before) throw changed(path)
}

const changed = (path: string): Error =>
  new Error(`${path} was changed by somebody else meanwhile; nothing was written. Run it again.`)
