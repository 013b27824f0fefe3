import { createContext, Script } from 'node:vm'

/** ms that a pattern may take for one value: an honest one takes microseconds. */
const PATTERN_MS = 50

/** A quantified group is what makes a pattern exponential; at most two open quantifiers keep the rest quadratic. */
const QUANTIFIED_GROUP = /\)[*+?{]/
const OPEN_QUANTIFIER = /[^\\][*+]|\{\d+,\}/g

/** Whether a pattern is of a form that can't run away: then V8 runs it directly. */
const isTame = (source: string): boolean =>
  !QUANTIFIED_GROUP.test(source) && !/\\[1-9k]/.test(source) && (source.match(OPEN_QUANTIFIER)?.length ?? 0) <= 2

const realm = createContext({ pattern: /^$/, text: '' }, { codeGeneration: { strings: false, wasm: false } })
const script = new Script('pattern.test(text)')

/**
 * A pattern of the document. Who wrote it did not think of attackers, and V8's engine goes back and forth (ReDoS, CWE-1333): one
 * that could run away is stopped after 50 ms, and has then not matched.
 */
export const boundedPattern = (source: string, flags: string): { test(text: string): boolean; toString(): string } => {
  const pattern = new RegExp(source, flags)
  if (isTame(source)) return pattern
  return {
    test: (text) => {
      Object.assign(realm, { pattern, text })
      try {
        return script.runInContext(realm, { timeout: PATTERN_MS }) === true
      } catch {
        return false
      } finally {
        Object.assign(realm, { text: '' })
      }
    },
    // By this ajv tells patterns apart: of two that were the same text, it would take the first for both.
    toString: () => pattern.toString(),
  }
}
