import type { AccessEntry } from './table.ts'
import { formatTable } from './table.ts'

const HEADER = '# Who may call what. Written by `portcullis routes --write`, held by `portcullis routes --check`.'

/** The text of `access.lock`. */
export const formatLock = (table: readonly AccessEntry[]): string => `${HEADER}\n${formatTable(table)}\n`

/**
 * Reads `access.lock`.
 *
 * @throws SyntaxError that names the line that is no route, or stands twice: a lock that was merged by half proves nothing
 */
export const parseLock = (text: string): readonly AccessEntry[] => {
  const seen = new Set<string>()
  const entries: AccessEntry[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, method, path, access] = /^([A-Z][A-Z-]*) +(\S+) +(\S.*?) *$/.exec(line) ?? []
    if (method === undefined || path === undefined || access === undefined) {
      throw new SyntaxError(
        `access.lock, line ${index + 1}: not a method, a path and a rule. Write it anew with npx portcullis routes --write.`,
      )
    }
    if (seen.has(`${method} ${path}`))
      throw new SyntaxError(`access.lock, line ${index + 1}: ${method} ${path} stands twice.`)
    seen.add(`${method} ${path}`)
    entries.push({ method, path, access })
  }
  return entries
}

/** What became of a route since the lock was written. */
export interface AccessChange {
  readonly change: 'opened' | 'closed' | 'changed' | 'appeared' | 'gone'
  readonly method: string
  readonly path: string
  readonly before?: string
  readonly now?: string
}

/** How open a rule is, by its label: everybody, every session, some. */
const openness = (access: string): number => (access === 'public' ? 2 : access === 'authenticated' ? 1 : 0)

/** The difference between the committed table and today's, in the order of the paths. */
export const accessChanges = (locked: readonly AccessEntry[], now: readonly AccessEntry[]): readonly AccessChange[] => {
  const key = ({ method, path }: AccessEntry): string => `${path} ${method}`
  const before = new Map(locked.map((entry) => [key(entry), entry.access]))
  const after = new Map(now.map((entry) => [key(entry), entry.access]))
  const changes: AccessChange[] = []
  for (const entry of [...now, ...locked.filter((one) => !after.has(key(one)))]) {
    const { method, path } = entry
    const [was, is] = [before.get(key(entry)), after.get(key(entry))]
    if (was === is) continue
    if (was === undefined) changes.push({ change: 'appeared', method, path, now: entry.access })
    else if (is === undefined) changes.push({ change: 'gone', method, path, before: was })
    else {
      const by = openness(is) - openness(was)
      changes.push({ change: by > 0 ? 'opened' : by < 0 ? 'closed' : 'changed', method, path, before: was, now: is })
    }
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** The changes as lines that a reviewer reads. */
export const formatChanges = (changes: readonly AccessChange[]): string =>
  changes
    .map(({ change, method, path, before, now }) => {
      const rules = before === undefined ? now : now === undefined ? `was ${before}` : `${before} → ${now}`
      return `${change.padEnd(8)}  ${method} ${path}  ${rules}`
    })
    .join('\n')
