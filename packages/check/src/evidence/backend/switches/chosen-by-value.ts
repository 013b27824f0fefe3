import type { Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** `if (setting === '*') return '*'`: only somebody who writes so gets it. */
export const chosenByValue = (reading: Reading, value: Value): boolean => {
  if (value.kind !== 'literal' || (value.value !== true && value.value !== '*')) return false
  const module = reading.program.modules.get(value.at.file)
  if (module === undefined) return false
  for (const [node] of reading.program.scopes(module).around) {
    if (
      (node.kind !== 'if' && node.kind !== 'conditional') ||
      node.at.start > value.at.start ||
      node.at.end < value.at.end
    )
      continue
    const test = node.test.kind === 'binary' && node.test.operator === '===' ? [node.test.left, node.test.right] : []
    if (test.some((one) => one.kind === 'literal' && String(one.value) === String(value.value))) return true
  }
  return false
}
