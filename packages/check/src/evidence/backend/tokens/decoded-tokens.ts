/** Tokens that are only decoded, and what is read of them. */
import { type Call, functionAround, lastName, type Node, possibilities, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** The token was signed by the program a moment ago: `const { exp } = jwt.decode(jwt.sign(…))`. */
export const isOwnToken = (token: Value | undefined): boolean =>
  token !== undefined &&
  possibilities(token).every(
    (one) =>
      one.kind === 'external' && one.path.at(-1) === '()' && /^(?:sign|signAsync|jwtSign)$/.test(one.path.at(-2) ?? ''),
  )

/** Nothing is read but its times and its own id: `decode(token).exp`, to keep a revocation as long as the token lives. */
export const readsTimesOnly = (reading: Reading, call: Call): boolean => isOfTimes(reading, call, 0)

const TIMES = /^(?:exp|iat|nbf|jti)$/

const isOfTimes = (reading: Reading, node: Node, depth: number): boolean => {
  const parent = reading.program.parentOf(node)
  if (parent === undefined || depth > 3) return false
  if (parent.kind === 'other' && parent.children.length === 1) return isOfTimes(reading, parent, depth)
  if (parent.kind === 'member' && parent.object === node) return TIMES.test(lastName(parent) ?? '')
  if (parent.kind === 'logical' && parent.left === node) return isOfTimes(reading, parent, depth + 1)
  // `if (!decoded) …`: whether it could be read at all.
  if (parent.kind === 'unary' || (parent.kind === 'if' && parent.test === node)) return depth > 0
  if (parent.kind !== 'assign' || parent.value !== node) return false
  const { target } = parent
  if (target.kind === 'object')
    return (
      target.spreads.length === 0 &&
      target.entries.every(({ key }) => key.kind === 'literal' && TIMES.test(String(key.value)))
    )
  const scope = reading.program.scopeOf(parent)
  const body = functionAround(scope)?.body ?? scope?.module.body
  if (target.kind !== 'name' || body === undefined) return false
  let only = true
  let read = false
  walk(body, (one) => {
    if (one.kind !== 'name' || one.name !== target.name || one.at.start === target.at.start) return
    read = true
    only &&= isOfTimes(reading, one, depth + 1)
  })
  return read && only
}
