import { tooFew, tooMany } from './counts.ts'
import type { MultipartSchema } from './multipart.ts'
import type { PatternTime } from './patterns.ts'
import { OutOfTime, patternTime, TOOK_TOO_LONG, within } from './patterns.ts'
import type { Fault, Validator } from './validator.ts'
import { UNKNOWN_KEYS } from './validator.ts'
import type { FieldReader, Reading } from './values.ts'
import { neverEmpty, pointerTo, readValue } from './values.ts'

/** Judges the parts of one form, one after the other. */
export interface MultipartJudge {
  /** Whether a part is JSON: a text, whether it has a file's name or not. */
  isJson(name: string): boolean
  /** Whether a text is one of a list, which is judged when it is whole: all of them are held until then. */
  isOfList(name: string): boolean
  /** Whether an empty text of this name is as good as none: see `neverEmpty`. */
  isUnfilled(name: string): boolean
  /** Of a part that begins: what is wrong with its being there, and being a file or not. */
  begins(name: string, isFile: boolean): readonly Fault[]
  /** Of a text that is whole. */
  text(name: string, value: string): readonly Fault[]
  /** Of the form that is at its end. */
  ends(): readonly Fault[]
}

const JSONS: ReadonlySet<string> = new Set(['json', 'json-list'])
const LISTS: ReadonlySet<string> = new Set(['repeated', 'json-list'])

/** Prepares the judging of forms. */
export const multipartJudge = (
  { parts, required }: MultipartSchema,
  validator: Validator,
): ((time?: PatternTime) => MultipartJudge) => {
  const readers = new Map<string, FieldReader>(
    [...parts].flatMap(([name, part]) =>
      part.kind === 'file' ? [] : [[name, { reading: part.reading, check: validator.compile(part.schema) }] as const],
    ),
  )
  const never = neverEmpty(readers)
  const isJson = (name: string): boolean => JSONS.has(readers.get(name)?.reading.kind ?? '')
  const isList = ({ reading: { kind } }: { readonly reading: Reading }): boolean => LISTS.has(kind)
  const isOfList = (name: string): boolean => {
    const reader = readers.get(name)
    return reader !== undefined && isList(reader)
  }
  return (time = patternTime()) => {
    const seen = new Map<string, string[]>()
    const files = new Map<string, number>()
    const fault = (name: string, problem: string): readonly Fault[] => [{ field: pointerTo(name), problem }]
    return {
      isJson,
      isOfList,
      isUnfilled: (name) => never.has(name),
      begins: (name, isFile) => {
        const part = parts.get(name)
        if (part === undefined) return UNKNOWN_KEYS
        if ((part.kind === 'file') !== isFile)
          return fault(name, part.kind === 'file' ? 'must be a file' : 'must be text')
        const again = seen.has(name)
        const many = part.kind === 'file' ? part.many : isList(part)
        if (again && !many) return fault(name, 'stands twice')
        if (!again) seen.set(name, [])
        if (part.kind === 'text' || part.many === undefined) return []
        const count = (files.get(name) ?? 0) + 1
        files.set(name, count)
        return count > part.many.most ? fault(name, tooMany(part.many)) : []
      },
      text: (name, value) => {
        const reader = readers.get(name)
        const texts = seen.get(name)
        if (reader === undefined || texts === undefined) return []
        if (!isList(reader)) return inTime(time, () => read(name, [value], reader))
        texts.push(value)
        return []
      },
      ends: () => {
        const missing = required.filter((name) => !seen.has(name))
        if (missing.length > 0) return missing.map((name) => ({ field: pointerTo(name), problem: 'is missing' }))
        const few = [...files].flatMap(([name, count]) => {
          const part = parts.get(name)
          const many = part?.kind === 'file' ? part.many : undefined
          return many !== undefined && count < many.least ? fault(name, tooFew(many)) : []
        })
        if (few.length > 0) return few
        return [...readers].flatMap(([name, reader]) => {
          const texts = seen.get(name)
          if (!isList(reader) || texts === undefined) return []
          return inTime(time, () => read(name, texts, reader))
        })
      },
    }
  }
}

/** As a fault and not thrown: it is judged where the parser's events come, and nobody there would catch it. */
const inTime = (time: PatternTime, judge: () => readonly Fault[]): readonly Fault[] => {
  try {
    return within(time, judge)
  } catch (error) {
    if (error instanceof OutOfTime) return [{ field: '', problem: TOOK_TOO_LONG }]
    throw error
  }
}

const read = (name: string, texts: readonly string[], { reading, check }: FieldReader): readonly Fault[] => {
  const value = readValue(texts, reading, check)
  return value.ok ? [] : value.faults.map((one) => ({ ...one, field: pointerTo(name) + one.field }))
}
