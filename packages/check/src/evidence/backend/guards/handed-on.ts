/** Whether something else takes what a call makes, where that is not followed: only what certainly goes nowhere is said to. */
import { childrenOf, lastName, type Node, pathOf } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** `limits.push({ handler: rateLimit(…) })`, or a name that stands elsewhere too: in a list that a loop puts on, in a file that nobody read. */
export const isHandedOn = (reading: Reading, made: Node): boolean => {
  const { program } = reading
  let one = made
  for (let around = program.parentOf(one); around !== undefined; around = program.parentOf(one)) {
    if (around.kind === 'call') return !isLogging(around)
    if (around.kind === 'assign') return isNamed(reading, lastName(around.target), around)
    if (around.kind === 'function') return isNamed(reading, program.nameOf(around), around)
    if (around.kind === 'class' || around.kind === 'if') return false
    one = around
  }
  return false
}

const isLogging = ({ callee }: Extract<Node, { kind: 'call' }>): boolean =>
  /^(?:console|logger|log|debug)$/.test(pathOf(callee)?.[0] ?? '')

/** Whether a name stands anywhere but where it is bound, imported, exported or logged. */
const isNamed = (reading: Reading, name: string | undefined, bound: Node): boolean => {
  if (name === undefined) return false
  const visit = (node: Node): boolean => {
    if (node === bound || node.kind === 'import' || node.kind === 'export') return false
    if (node.kind === 'call' && isLogging(node)) return false
    if (node.kind === 'assign' && lastName(node.target) === name) return node.value !== undefined && visit(node.value)
    const isIt =
      (node.kind === 'name' && node.name === name) ||
      (node.kind === 'member' && node.property.kind === 'literal' && node.property.value === name)
    return isIt || childrenOf(node).some(visit)
  }
  return [...reading.program.modules.values()].some(({ text, body }) => text.includes(name) && body.some(visit))
}
