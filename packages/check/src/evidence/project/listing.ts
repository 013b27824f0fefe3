/** Which paths a folder has: by git where it can say, by a bounded walk elsewhere. */
import { existsSync, opendirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gitOutput, NOT_INSTALLED } from './git.ts'

interface Listing {
  /** Paths from the folder with `/`; true for those that git tracks. */
  readonly paths: ReadonlyMap<string, boolean>
  readonly git: boolean
  readonly why?: string
  /** Why the history of the repository can't be read. */
  readonly unreadHistory?: string
}

const MOST = 50_000
const DEEPEST = 40
const SKIPPED =
  /^(?:node_modules|bower_components|\.git|\.hg|\.svn|dist|\.venv|venv|__pycache__|site-packages|\.next|\.nuxt|\.tox|\.mypy_cache|\.pytest_cache|\.ruff_cache)$/

/** Tracked files, and those that are new and not ignored: they run too. */
export const listed = async (folder: string): Promise<Listing> => {
  const output = await gitOutput(folder, ['ls-files', '-z', '-t', '--cached', '--others', '--exclude-standard', '--'])
  if (!output.ok && output.why === NOT_INSTALLED)
    return { ...walked(folder), ...(isInRepository(folder) ? { unreadHistory: output.why } : {}) }
  if (!output.ok) return walked(folder, output.why.includes('not a git repository') ? undefined : output.why)
  const paths = new Map<string, boolean>()
  let absent = 0
  let more = false
  for (const entry of output.text.split('\0')) {
    const path = entry.slice(2)
    if (path === '' || path.endsWith('/')) continue
    const tracked = !entry.startsWith('?')
    if (!tracked && path.split('/').some((part) => SKIPPED.test(part))) continue
    if (entry.startsWith('S')) absent += 1
    else if (paths.size < MOST) paths.set(path, tracked || paths.get(path) === true)
    else more = true
  }
  // A folder that its repository ignores, or has nothing of yet.
  if (paths.size === 0 && absent === 0) return walked(folder)
  const why = more ? `over ${MOST} files` : absent > 0 ? `${absent} tracked files are not checked out` : undefined
  return { paths, git: true, ...(why === undefined ? {} : { why }) }
}

/** As git looks for it, upwards; a worktree has a file of that name. */
const isInRepository = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)))

const walked = (folder: string, complaint?: string): Listing => {
  const paths = new Map<string, boolean>()
  let why = complaint
  const open: { path: string; depth: number }[] = [{ path: '', depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next
    try {
      const entries = opendirSync(join(folder, path))
      try {
        for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
          const name = path === '' ? entry.name : `${path}/${entry.name}`
          if (entry.isDirectory() && !SKIPPED.test(entry.name)) {
            if (depth < DEEPEST) open.push({ path: name, depth: depth + 1 })
            else why ??= `folders deeper than ${DEEPEST}`
          } else if (entry.isFile()) paths.set(name, false)
          if (paths.size + open.length >= MOST) return { paths, git: false, why: `over ${MOST} files` }
        }
      } finally {
        entries.closeSync()
      }
    } catch {
      if (path === '') throw new Error(`cannot read the folder ${folder}`)
      why ??= `cannot read ${path}`
    }
  }
  return { paths, git: false, ...(why === undefined ? {} : { why }) }
}
