/** Whether the program waits for what a call gives. */
import { type Call, lastName, type Node, pathOf } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** The tree has no `await`; the text before the chain of calls does, or that before the `Promise.all` around it. */
export const isAwaited = (reading: Reading, node: Node): boolean => {
  const text = reading.program.modules.get(node.at.file)?.text ?? ''
  if (/\bawait\s*\(?\s*$/.test(text.slice(Math.max(0, node.at.start - 40), node.at.start))) return true
  const all = listedIn(reading, node)
  return all !== undefined && isAwaited(reading, all)
}

/** `Promise.all([register(a), register(b)])`, `Promise.all(plugins.map((one) => register(one)))`. */
const listedIn = (reading: Reading, node: Node): Call | undefined => {
  let one = reading.program.parentOf(node)
  if (one?.kind === 'return') one = reading.program.parentOf(one)
  if (one?.kind === 'function' || one?.kind === 'list') one = reading.program.parentOf(one)
  if (one?.kind === 'call' && lastName(one.callee) === 'map') one = reading.program.parentOf(one)
  return one?.kind === 'call' && /^Promise\.all(?:Settled)?$/.test(pathOf(one.callee)?.join('.') ?? '')
    ? one
    : undefined
}
