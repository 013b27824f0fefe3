import { accessSync, constants, lstatSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type FileKind, type FileRole, kindOf, roleOf } from './kinds.ts'
import { listed } from './listing.ts'
import { type Package, packagesOf } from './manifests.ts'
import { inside, readText } from './reading.ts'

export interface ProjectFile {
  /** From the project's folder, with `/`. */
  readonly path: string
  readonly size: number
  readonly kind: FileKind
  readonly role: FileRole
  /** Whether git has it; always false without git. */
  readonly tracked: boolean
}

export interface Project {
  /** Its real, absolute path. */
  readonly folder: string
  readonly files: readonly ProjectFile[]
  /** Whether git said which files there are. */
  readonly git: boolean
  /** False when some files could not be listed or read; `why` says it. */
  readonly complete: boolean
  readonly why?: string
  /** Why the history can't be read, where it is a repository and git could not be asked. */
  readonly unreadHistory?: string
  /** The text, or undefined: binary, over 1 MiB, outside of the folder, unreadable. Nothing is kept in memory. */
  read(path: string): string | undefined
  /** Every manifest of the program, its own and those of its workspaces, the outermost first. */
  packages(): readonly Package[]
}

/** Of source and settings together: more is a machine's writing, and reading it would take all of the memory. */
const MOST_MEBIBYTES = 32

/** @throws Error when the folder is none, or cannot be read */
export const openProject = async (folder: string): Promise<Project> => {
  const real = realFolder(folder)
  const { paths, git, why: unlisted, unreadHistory } = await listed(real)
  const files: ProjectFile[] = []
  const homes = new Map<string, boolean>()
  let left = MOST_MEBIBYTES * 1024 * 1024
  let locked: string | undefined
  for (const [path, tracked] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const size = sizeOf(real, path, homes)
    if (size === undefined) continue
    const file: ProjectFile = { path, size, kind: kindOf(path), role: roleOf(path, size), tracked }
    if (file.kind !== 'other' && file.role === 'program') left -= size
    if (left < 0) break
    // What it says would be missing without a word: a file that belongs to another user, in a container say.
    if (file.kind !== 'other' && file.role !== 'generated' && !isReadable(join(real, path))) locked ??= path
    files.push(file)
  }
  const why =
    unlisted ??
    (left < 0
      ? `over ${MOST_MEBIBYTES} MiB of source and settings`
      : locked === undefined
        ? undefined
        : `cannot read ${locked}`)
  let packages: readonly Package[] | undefined
  const read = (path: string) => readText(real, path)
  return {
    folder: real,
    files,
    git,
    complete: why === undefined,
    ...(why === undefined ? {} : { why }),
    ...(unreadHistory === undefined ? {} : { unreadHistory }),
    read,
    packages: () => {
      packages ??= packagesOf(files, read)
      return packages
    },
  }
}

const isReadable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

const realFolder = (folder: string): string => {
  try {
    const real = realpathSync.native(resolve(folder))
    if (lstatSync(real).isDirectory()) return real
  } catch {}
  throw new Error(`${folder} is no folder`)
}

/** Undefined for what is no plain file in the folder: a link's target is listed itself where it belongs to the project. */
const sizeOf = (folder: string, path: string, homes: Map<string, boolean>): number | undefined => {
  try {
    const home = dirname(path)
    const known = homes.get(home) ?? inside(folder, realpathSync.native(join(folder, home)))
    homes.set(home, known)
    const stat = known ? lstatSync(join(folder, path)) : undefined
    return stat?.isFile() ? stat.size : undefined
  } catch {
    return undefined
  }
}
