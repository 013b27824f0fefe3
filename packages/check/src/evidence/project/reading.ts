/** Reads one file of a folder as text, and never one outside of it. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { LARGEST } from './kinds.ts'

export const inside = (folder: string, real: string): boolean =>
  real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/** Undefined for what is no text of at most 1 MiB inside the (real) folder. */
export const readText = (folder: string, path: string, largest = LARGEST): string | undefined => {
  try {
    const real = realpathSync.native(join(folder, path))
    if (!inside(folder, real)) return undefined
    return textOf(bytesOf(real, largest))
  } catch {
    return undefined
  }
}

const bytesOf = (real: string, largest: number): Buffer | undefined => {
  // Not following a link that was swapped in after the check; not waiting for the writer of a named pipe.
  const file = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > largest) return undefined
    const bytes = Buffer.alloc(stat.size)
    let read = 0
    while (read < bytes.length) {
      const more = readSync(file, bytes, read, bytes.length - read, read)
      if (more === 0) break
      read += more
    }
    return bytes.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

const textOf = (bytes: Buffer | undefined): string | undefined => {
  if (bytes === undefined) return undefined
  // PowerShell writes .env files so.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes.subarray(0, 8_000).includes(0)) return undefined
  return new TextDecoder().decode(bytes)
}
