/** .env files as dotenv, python-dotenv and compose read them. */
import type { EnvironmentValue, Place } from './facts.ts'

const PAIR = /^\s*(?:export\s+)?([A-Za-z_][\w.-]{0,200})\s*[=:]\s*(.*)$/

interface EnvLine {
  readonly name: string
  readonly value: string
  readonly line: number
}

/** A quoted value may span lines; a `#` after a space ends an unquoted one. */
export const envLines = (text: string): readonly EnvLine[] => {
  const lines = text.split(/\r?\n/)
  const found: EnvLine[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const match = PAIR.exec(lines[index]?.slice(0, 10_000) ?? '')
    if (match === null) continue
    const [, name = '', raw = ''] = match
    const line = index + 1
    const quote = /^["'`]/.exec(raw)?.[0]
    if (quote === undefined) {
      found.push({ name, value: raw.replace(/(?:^|\s)#.*$/, '').trim(), line })
      continue
    }
    let value = raw.slice(1)
    let end = value.indexOf(quote)
    for (let more = index + 1; end === -1 && more < lines.length && more < index + 200; more += 1) {
      // Another assignment: the quote was never closed.
      if (PAIR.test(lines[more]?.slice(0, 10_000) ?? '')) break
      value += `\n${lines[more]}`
      end = value.indexOf(quote)
      if (end !== -1) index = more
    }
    found.push({ name, value: end === -1 ? raw.trim() : value.slice(0, end), line })
  }
  return found
}

export const environmentFile = (text: string, place: Place): readonly EnvironmentValue[] =>
  envLines(text).map((one) => ({ ...one, ...place, kind: 'file' }))
