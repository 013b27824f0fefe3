import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  openSync,
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
  const beside = join(dirname(path), `.${basename(path)}.new`)
  // What a run left that was killed. O_EXCL afterwards: nobody else's link is written through.
  rmSync(beside, { force: true })
  try {
    write(beside, 'wx', (file) => {
      const { mode, uid, gid } = statSync(path)
      writeFileSync(file, after)
      fchownSync(file, uid, gid)
      fchmodSync(file, mode & 0o777)
    })
    demandUnchanged(path, before)
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
  // The name is in the folder: without this a power cut could bring the old file back.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
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
  if (readFileSync(path, 'utf8') !== before)
    throw new Error(`${path} was changed by somebody else meanwhile; nothing was written. Run it again.`)
}
