import { kindOf } from '../project/index.ts'
import { assignedSecrets } from './assignments.ts'
import { privateKeys, redisPasswords, sqlPasswords, urlCredentials } from './blocks.ts'
import type { SecretFinding, SecretSource } from './finding.ts'
import { isMadeUp, shapes } from './shapes.ts'

const MOST = 500

/**
 * What looks like a secret in the text: known shapes everywhere, and in settings files the values of names that say secret. The
 * literals of a program are another part's, which has its syntax tree.
 */
export const secretsIn = (text: string, source: SecretSource): readonly SecretFinding[] => {
  const found: SecretFinding[] = []
  const line = lineCounter(text)
  const program = source.role === 'program' ? source.file : undefined
  const settings = source.role === 'program' && kindOf(source.file) === 'settings' ? source.file : undefined
  for (const { rule, severity, marks, pattern, real } of shapes) {
    if (!marks.some((mark) => text.includes(mark))) continue
    for (const match of text.matchAll(pattern)) {
      const value = match[0]
      if (found.length >= MOST) break
      if (isMadeUp(value) || real?.(value, text) === false) continue
      found.push({ rule, origin: 'shape', severity, value, line: line(match.index), start: match.index })
    }
  }
  const blocks = [
    ...privateKeys(text),
    ...urlCredentials(text, settings),
    ...sqlPasswords(text, program),
    ...redisPasswords(text, settings),
  ]
  for (const block of blocks.slice(0, MOST)) found.push({ ...block, origin: 'shape', line: line(block.start) })
  for (const one of assignedSecrets(text, source).slice(0, MOST))
    if (!found.some(({ value, line }) => line === one.line && (value.includes(one.value) || one.value.includes(value))))
      found.push(one)
  return found.sort((a, b) => a.start - b.start)
}

/** The line of an offset. Line starts are found once, when the first is asked for. */
const lineCounter = (text: string): ((offset: number) => number) => {
  let starts: number[] | undefined
  return (offset) => {
    if (starts === undefined) {
      starts = [0]
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    }
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
