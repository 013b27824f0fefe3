import { type Call, type Located, lastName } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { each, ownerOf } from './routes.ts'

/** `limiter.limit('10 per minute')(blueprint)`: by the call that makes the blueprint, what wraps each of its routes. */
export const blueprintLimits = (reading: Reading): ReadonlyMap<Call, readonly Located[]> => {
  const found = new Map<Call, Located[]>()
  each(reading, (node, scope) => {
    const [given] = node.kind === 'call' ? node.args : []
    if (node.kind !== 'call' || given === undefined || !isLimit(node)) return
    const owner = ownerOf(reading, given, scope)
    if (owner !== undefined && !owner.isApp)
      found.set(owner.call, [...(found.get(owner.call) ?? []), { node: node.callee, scope }])
  })
  return found
}

const isLimit = ({ callee }: Call): boolean =>
  callee.kind === 'call' && /^(?:limit|shared_limit)$/.test(lastName(callee.callee) ?? '')
