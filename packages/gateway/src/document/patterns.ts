import { createContext, Script } from 'node:vm'

/** ms that all patterns of one call may take together, when they are such as can run away: honest ones take microseconds. */
const CALL_MS = 50

/** What is left to one call. */
export interface PatternTime {
  leftMs: number
}

export const patternTime = (): PatternTime => ({ leftMs: CALL_MS })

/** A value that could not be judged in time: neither matched nor not. The call is refused, or a `not` around it would let it pass. */
export class OutOfTime extends Error {}

/** What is said of it: the value itself is not. */
export const TOOK_TOO_LONG = 'took too long to check'

let current: PatternTime | undefined
let watched = false

/** Judges at the cost of a call. Judging is synchronous, so that no two calls can mean the same one. */
export const within = <Result>(time: PatternTime, judge: () => Result): Result => {
  const outer = current
  current = time
  try {
    return judge()
  } finally {
    current = outer
  }
}

const NEEDS_WATCH = new Error('a pattern that can run away was met')

const realm = createContext({ judge: undefined as unknown }, { codeGeneration: { strings: false, wasm: false } })
const script = new Script('judge()')

const watch = <Result>(judge: () => Result): Result => {
  const time = current ?? patternTime()
  if (time.leftMs <= 0) throw new OutOfTime()
  const began = performance.now()
  watched = true
  Object.assign(realm, { judge })
  try {
    return runFor(time.leftMs)
  } catch (error) {
    if (error instanceof OutOfTime) time.leftMs = 0
    throw error
  } finally {
    Object.assign(realm, { judge: undefined })
    watched = false
    time.leftMs -= performance.now() - began
  }
}

/**
 * Once more where the thread had less than half of the time itself: a machine that is busy, or a container over its share, stands still for longer
 * than a call has, and an honest value would be refused.
 */
const runFor = <Result>(ms: number, isLast = false): Result => {
  const before = process.threadCpuUsage()
  try {
    return script.runInContext(realm, { timeout: Math.ceil(ms) }) as Result
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    const { user, system } = process.threadCpuUsage(before)
    if (isLast || (user + system) / 1_000 >= ms / 2) throw new OutOfTime()
    return runFor(ms, true)
  }
}

type Judging = (value: unknown, written?: unknown) => boolean

/**
 * A check that can't stop the process. It runs directly until it meets a pattern that can run away; from then on as a whole under
 * the clock: a clock costs more than most checks, and one for each value of a list would add up to minutes.
 *
 * @param always whether its schema alone can make it slow: then it is never run without the clock
 * @returns throws OutOfTime when the call has no time left
 */
export const inTime = (check: Judging, always: boolean): Judging => {
  let needsWatch = always
  return (value, written) => {
    if (!needsWatch) {
      try {
        return check(value, written)
      } catch (error) {
        if (error !== NEEDS_WATCH) throw error
        needsWatch = true
      }
    }
    return watch(() => check(value, written))
  }
}

/**
 * A pattern of the document. Who wrote it did not think of attackers, and V8's engine goes back and forth (ReDoS, CWE-1333): one that
 * could run away runs under the clock of `inTime`, and nowhere else.
 */
export const boundedPattern = (source: string, flags: string): { test(text: string): boolean; toString(): string } => {
  const pattern = new RegExp(source, flags)
  if (isTame(source)) return pattern
  return {
    test: (text) => {
      if (!watched) throw NEEDS_WATCH
      return pattern.test(text)
    },
    // By this ajv tells patterns apart: of two that were the same text, it would take the first for both.
    toString: () => pattern.toString(),
  }
}

/** An escape, a class, what opens a group, a quantifier with its `?`, or one character. */
const TOKEN =
  /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?|(?:[*+?]|\{\d+(?:,\d*)?\})\??|./gsu

/** Ways that alternatives may multiply to: `(?:a|a)` thirty times over is as bad as a loop. */
const MOST_WAYS = 32
/** Times that `{n}`, and those around it, may repeat and be no loop. */
const MOST_REPEATS = 128

interface Group {
  alternatives: number
  /** Whether it leaves a choice inside: then it may not be repeated. */
  chooses: boolean
  /** How often the most repeated part of it is matched, by all the `{n}` around that. */
  repeats: number
}

const group = (): Group => ({ alternatives: 1, chooses: false, repeats: 1 })

/**
 * Whether a pattern can't run away: then V8 runs it directly. It has at most one quantifier that leaves a choice (`*`, `+`, `?`, `{1,9}`),
 * and with it begins at the start of the text, so that it is tried once; what is repeated, by `{3}` too, holds neither such a quantifier
 * nor alternatives; it looks neither ahead nor back. Its time is then a small multiple of the text's length.
 */
export const isTame = (source: string): boolean => {
  let loops = 0
  let ways = 1
  const open: Group[] = [group()]
  let closed: Group | undefined
  for (const [token] of source.matchAll(TOKEN)) {
    const repeated = closed
    closed = undefined
    const inside = open.at(-1)
    if (inside === undefined || REFERS.test(token)) return false
    if (token.startsWith('(')) open.push(group())
    else if (token === ')') {
      closed = open.pop()
      ways *= inside.alternatives
      const around = open.at(-1)
      if (around !== undefined) {
        around.chooses ||= inside.chooses
        around.repeats = Math.max(around.repeats, inside.repeats)
      }
    } else if (token === '|') {
      inside.alternatives += 1
      inside.chooses = true
    } else if (QUANTIFIES.test(token)) {
      if (repeated?.chooses === true) return false
      const [, times = Number.POSITIVE_INFINITY] = /^\{(\d+)\}/.exec(token) ?? []
      const repeats = Number(times) * (repeated?.repeats ?? 1)
      inside.repeats = Math.max(inside.repeats, repeats)
      if (repeats <= MOST_REPEATS) continue
      loops += 1
      inside.chooses = true
    }
  }
  const alternatives = open[0]?.alternatives ?? 1
  if (ways * alternatives > MOST_WAYS) return false
  return loops === 0 || (loops === 1 && alternatives === 1 && source.startsWith('^'))
}

/** A back-reference, or a look around. */
const REFERS = /^(?:\\(?:[1-9]|k<)|\(\?<?[=!]$)/
const QUANTIFIES = /^(?:[*+?]|\{\d)/
