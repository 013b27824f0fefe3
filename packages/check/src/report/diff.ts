/** What the mends would change, as a unified diff. */
import type { Fix } from '../items/index.ts'
import { cleaner } from './clean.ts'
import { byFile, type FileReader, mended, sortFixes } from './fix.ts'

/** Lines of the old text from `from` to before `to` (from 0), and what stands there afterwards. */
interface Change {
  readonly from: number
  to: number
  lines: readonly string[]
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Whole lines: mends that share a line are one change. */
const changesOf = (text: string, fixes: readonly Fix[]): readonly Change[] => {
  const starts = [0]
  for (const line of linesOf(text)) starts.push((starts.at(-1) ?? 0) + line.length)
  const lineAt = (offset: number): number =>
    Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    )
  const last = Math.max(1, starts.length - 1)
  const groups: { from: number; to: number; fixes: Fix[] }[] = []
  for (const fix of fixes) {
    const from = Math.min(lineAt(fix.start), last - 1)
    const to = Math.min(lineAt(Math.max(fix.start, fix.end - 1)), last - 1) + 1
    const group = groups.at(-1)
    if (group !== undefined && from < group.to) {
      group.to = Math.max(group.to, to)
      group.fixes.push(fix)
    } else groups.push({ from, to, fixes: [fix] })
  }
  return groups.map((group) => {
    const base = starts[group.from] ?? 0
    const old = text.slice(base, starts[group.to] ?? text.length)
    const moved = group.fixes.map((fix) => ({ ...fix, start: fix.start - base, end: fix.end - base }))
    return { from: group.from, to: group.to, lines: linesOf(mended(old, moved)) }
  })
}

const CONTEXT = 3

const hunksOf = (text: string, changes: readonly Change[], clean: (line: string) => string): readonly string[] => {
  const old = linesOf(text)
  const near: Change[][] = []
  for (const change of changes) {
    const group = near.at(-1)
    if (group !== undefined && change.from - (group.at(-1)?.to ?? 0) <= CONTEXT * 2) group.push(change)
    else near.push([change])
  }
  const line = (sign: string, one: string): readonly string[] => [
    `${sign}${clean(one.replace(/\r?\n$/, ''))}`,
    ...(one.endsWith('\n') ? [] : ['\\ No newline at end of file']),
  ]
  let shift = 0
  return near.flatMap((group) => {
    const from = Math.max(0, (group[0]?.from ?? 0) - CONTEXT)
    const to = Math.min(old.length, (group.at(-1)?.to ?? 0) + CONTEXT)
    const added = group.reduce((sum, { from: a, to: b, lines }) => sum + lines.length - (b - a), 0)
    const body: string[] = []
    let at = from
    for (const change of group) {
      body.push(...old.slice(at, change.from).flatMap((one) => line(' ', one)))
      body.push(...old.slice(change.from, change.to).flatMap((one) => line('-', one)))
      body.push(...change.lines.flatMap((one) => line('+', one)))
      at = change.to
    }
    body.push(...old.slice(at, to).flatMap((one) => line(' ', one)))
    const head = `@@ -${from + 1},${to - from} +${from + 1 + shift},${to - from + added} @@`
    shift += added
    return [head, ...body]
  })
}

/**
 * A unified diff of the mends that still fit, for a reader: secrets are redacted, and what would not be seen is spelled out. What
 * whoever agrees should know stands above it, where git and patch read past it.
 */
export const diffOf = (fixes: readonly Fix[], read: FileReader, secrets: ReadonlySet<string> = new Set()): string => {
  const clean = cleaner(
    secrets,
    fixes.map(({ file }) => file),
  )
  const notes = new Set<string>()
  const lines = byFile(fixes).flatMap(([file, ones]) => {
    const text = read(file)
    if (text === undefined) return []
    const { good } = sortFixes(ones, text)
    if (good.length === 0) return []
    for (const { note } of good) if (note !== undefined) notes.add(note)
    const name = clean(file, 1_000)
    return [`--- a/${name}`, `+++ b/${name}`, ...hunksOf(text, changesOf(text, good), (one) => clean(one, 1_000))]
  })
  return [...notes, ...(notes.size > 0 ? [''] : []), ...lines].map((line) => `${line}\n`).join('')
}
