/** The mends that are one literal: written only where the file still says what was read, and what was shown. */
import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Fix } from '../items/index.ts'
import { inOrder } from './fingerprints.ts'

/** The text of a file of the project, by its path from the folder. */
export type FileReader = (file: string) => string | undefined

export interface FixOutcome {
  readonly applied: readonly Fix[]
  readonly refused: readonly { readonly fix: Fix; readonly because: string }[]
}

interface Sorted {
  readonly good: readonly Fix[]
  readonly bad: readonly { readonly fix: Fix; readonly because: string }[]
}

/** From the top of the file; each once; what no longer matches the text, or reaches into the one before, is bad. */
export const sortFixes = (fixes: readonly Fix[], text: string): Sorted => {
  const good: Fix[] = []
  const bad: { fix: Fix; because: string }[] = []
  const once = [...new Map(fixes.map((fix) => [JSON.stringify([fix.start, fix.end, fix.to]), fix])).values()]
  for (const fix of once.sort((a, b) => a.start - b.start || a.end - b.end || inOrder(a.to, b.to))) {
    const last = good.at(-1)
    if (fix.start < 0 || fix.end < fix.start || text.slice(fix.start, fix.end) !== fix.from)
      bad.push({ fix, because: 'the file no longer says what was read there' })
    else if (last !== undefined && fix.start < Math.max(last.end, last.start + 1))
      bad.push({ fix, because: 'another mend changes the same place' })
    else good.push(fix)
  }
  return { good, bad }
}

export const mended = (text: string, fixes: readonly Fix[]): string => {
  let done = 0
  const parts = fixes.flatMap((fix) => {
    const before = text.slice(done, fix.start)
    done = fix.end
    return [before, fix.to]
  })
  return [...parts, text.slice(done)].join('')
}

export const byFile = (fixes: readonly Fix[]): readonly (readonly [string, readonly Fix[]])[] =>
  [...Map.groupBy(fixes, ({ file }) => file)].sort(([a], [b]) => inOrder(a, b))

/** Why that path is not written to; nothing when it may be. A link would lead a mend out of the folder. */
const refusalOf = async (folder: string, file: string): Promise<string> => {
  const parts = file.split(/[\\/]/)
  if (file === '' || isAbsolute(file) || file.includes('\0') || parts.includes('..')) return 'it is outside the folder'
  const path = join(folder, file)
  try {
    const steps = relative(folder, path).split(sep)
    for (let deep = 1; deep <= steps.length; deep++) {
      const status = await lstat(join(folder, ...steps.slice(0, deep)))
      if (status.isSymbolicLink()) return 'it is, or is behind, a symbolic link'
      if (deep === steps.length && !status.isFile()) return 'it is not a file'
    }
    const [parent, whole] = await Promise.all([realpath(dirname(path)), realpath(folder)])
    return parent === whole || parent.startsWith(whole + sep) ? '' : 'it is outside the folder'
  } catch {
    return 'it cannot be read'
  }
}

const allRefused = (fixes: readonly Fix[], because: string): FixOutcome => ({
  applied: [],
  refused: fixes.map((fix) => ({ fix, because })),
})

/** The same file is read and written through one handle that follows no link; it is written in place, so that its mode and links stay. */
const applyTo = async (
  folder: string,
  file: string,
  fixes: readonly Fix[],
  shown: FileReader | undefined,
): Promise<FixOutcome> => {
  const because = await refusalOf(folder, file)
  if (because !== '') return allRefused(fixes, because)
  const handle = await open(join(folder, file), constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    const bytes = await handle.readFile()
    const whole = bytes.toString('utf8')
    // Offsets into a text that lost bytes would cut elsewhere, and writing it back would spoil the rest.
    if (!Buffer.from(whole, 'utf8').equals(bytes)) return allRefused(fixes, 'it is not in UTF-8')
    // Offsets are those of the text without the mark that editors on Windows begin a file with.
    const mark = whole.startsWith('\ufeff') ? '\ufeff' : ''
    const text = whole.slice(mark.length)
    if (shown !== undefined && shown(file) !== text) return allRefused(fixes, 'the file changed since it was shown')
    const { good, bad } = sortFixes(fixes, text)
    if (good.length > 0) {
      const written = Buffer.from(mark + mended(text, good), 'utf8')
      for (let done = 0; done < written.length; )
        done += (await handle.write(written, done, written.length - done, done)).bytesWritten
      await handle.truncate(written.length)
    }
    return { applied: good, refused: bad }
  } finally {
    await handle.close()
  }
}

/** Writes the mends. Each is written only if the text at its place is still what was read, and the file what was shown; none leaves the folder. */
export const applyFixes = async (folder: string, fixes: readonly Fix[], shown?: FileReader): Promise<FixOutcome> => {
  const outcomes: FixOutcome[] = []
  for (const [file, ones] of byFile(fixes))
    outcomes.push(await applyTo(folder, file, ones, shown).catch(() => allRefused(ones, 'it cannot be written')))
  return {
    applied: outcomes.flatMap(({ applied }) => applied),
    refused: outcomes.flatMap(({ refused }) => refused),
  }
}
