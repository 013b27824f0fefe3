/** Keys that are new for each request: `keyGenerator: () => randomUUID()`. A limiter that counts by one never counts to two. */
import { lastName, type Node, pathOf, type Scope, type Value, walkBody } from '../../source/index.ts'
import { assignedTo, type Reading } from '../reading.ts'

const RANDOM =
  /^(?:randomUUID|uuid|uuidv?[147]|v[147]|nanoid|cuid2?|createId|ulid|randomBytes|random|hrtime|getRandomValues|token_(?:hex|urlsafe|bytes)|urandom|time_ns|perf_counter(?:_ns)?|monotonic(?:_ns)?)$/
/** What goes in comes out in another shape. */
const SAME = /^(?:String|str|hex|format|toString|toLowerCase|slice|substring|join|concat|trim|ipKeyGenerator)$/

export const isFreshKey = (reading: Reading, generator: Value | undefined): boolean => {
  if (generator?.kind !== 'function') return false
  const given: boolean[] = []
  walkBody(generator.node.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined)
      given.push(isFresh(one.value, reading.program.scopeOf(one) ?? generator.scope))
  })
  return given.length > 0 && given.every(Boolean)
}

/** A moment that is cut to a window (`Math.floor(Date.now() / 60_000)`) is the same for all in it. */
const isFresh = (node: Node, scope: Scope, depth = 0): boolean => {
  if (depth > 5) return false
  const any = (nodes: readonly Node[]) => nodes.some((one) => isFresh(one, scope, depth + 1))
  switch (node.kind) {
    case 'template':
      return any(node.parts)
    case 'list':
      return any(node.items)
    case 'binary':
      return node.operator === '+' && any([node.left, node.right])
    // Python's `uuid4().hex`.
    case 'member':
      return /^(?:hex|int|bytes|urn)$/.test(lastName(node) ?? '') && isFresh(node.object, scope, depth + 1)
    case 'name': {
      const held = assignedTo(node.name, scope)
      // Made once, outside: it is the same for everybody.
      return held !== undefined && held.scope === scope && held.node !== node && isFresh(held.node, scope, depth + 1)
    }
    case 'call': {
      const name = lastName(node.callee) ?? ''
      if (RANDOM.test(name) || /^(?:Date\.now|time\.time)$/.test((pathOf(node.callee) ?? []).join('.'))) return true
      return SAME.test(name) && any(node.callee.kind === 'member' ? [node.callee.object, ...node.args] : node.args)
    }
    default:
      return false
  }
}
