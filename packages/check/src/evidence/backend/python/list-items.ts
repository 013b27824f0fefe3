/** What the items of a list come to, however Python puts it together: comprehensions, `split`, properties of settings, `append`. */
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  lookup,
  type Name,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { definitionOf, givenFor, isNothing, valuesOf } from './definitions.ts'

const DEEPEST = 10

/** Literals and settings; what could not be followed is left as it is. */
export const itemValues = (reading: Reading, node: Node, scope: Scope): readonly Value[] =>
  items(reading, { node, scope }, { depth: 0 })

/** How a place was come to. */
interface Way {
  readonly depth: number
  /** The call of the program's own function that the place stands in: another call of it gives other lists. */
  readonly through?: { readonly called: FunctionNode; readonly call: Located<Call>; readonly way: Way }
}

const flat = (value: Value): readonly Value[] =>
  possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(flat) : [one]))

const isKnown = (value: Value): boolean => value.kind === 'literal' || value.kind === 'env'

const items = (reading: Reading, { node, scope }: Located, way: Way): readonly Value[] => {
  if (way.depth > DEEPEST) return valuesOf(reading, node, scope).flatMap(flat)
  const deeper = { ...way, depth: way.depth + 1 }
  const inner = (one: Node, at: Scope = scope) => items(reading, { node: one, scope: at }, deeper)
  const given = node.kind === 'name' ? argumentBehind(node, scope, way) : undefined
  if (given !== undefined) return items(reading, given, { ...given.way, depth: deeper.depth })
  const named = node.kind === 'name' ? ofName(reading, node, scope, inner) : undefined
  if (named !== undefined) return named
  // Where the settings have a list of their own, what stands behind the `or` is for those who empty it.
  if (node.kind === 'logical' && node.operator !== '&&') {
    const left = inner(node.left)
    return left.some((one) => one.kind === 'literal' && Boolean(one.value))
      ? left
      : [...left.filter((one) => !isNothing(one)), ...inner(node.right)]
  }
  if (node.kind === 'conditional') return [...inner(node.consequent), ...inner(node.alternate)]
  if (node.kind === 'list') return node.items.flatMap((one) => inner(one))
  if (node.kind === 'spread') return inner(node.operand)
  if (node.kind === 'binary' && /^[+|]$/.test(node.operator)) {
    const [left, right] = [inner(node.left), inner(node.right)]
    // `'http://' + host` is one text, and no list.
    if (![...left, ...right].some((one) => one.kind === 'literal' && /:\/\/$/.test(String(one.value))))
      return [...left, ...right]
  }
  const source = comprehended(node)
  if (source !== undefined) return inner(source)
  const known = valuesOf(reading, node, scope).flatMap(flat)
  // Behind a call, what is known of a parameter is what every call of it gives.
  if (way.through === undefined && known.some(isKnown)) return known
  const within = behind(reading, { node, scope }, inner, deeper)
  return within.some(isKnown) ? within : known
}

/** What a parameter is given by the call that led to it. */
const argumentBehind = (
  { name }: Name,
  scope: Scope,
  { through }: Way,
): (Located & { readonly way: Way }) | undefined => {
  const [binding] = lookup(scope, name)
  if (through === undefined || binding?.kind !== 'parameter' || binding.node !== through.called) return
  const given = givenFor(through.called, through.call, name)
  return given && { ...given, way: through.way }
}

type Inner = (node: Node, scope?: Scope) => readonly Value[]

/** Each thing that the name is bound to, what is put into it afterwards, and what a loop gives it. */
const ofName = (reading: Reading, node: Name, scope: Scope, inner: Inner): readonly Value[] | undefined => {
  const { name } = node
  const bindings = lookup(scope, name)
  const assigned = bindings.flatMap((one) =>
    one.kind === 'value' && one.path.length === 0 && one.assign.value !== undefined && !refersTo(one.assign.value, name)
      ? [{ node: one.assign.value, scope: one.scope }]
      : [],
  )
  if (assigned.length > 0)
    return [...assigned, ...added(reading, name, scope)].flatMap((one) => inner(one.node, one.scope))
  const [first] = bindings
  if (first?.kind === 'import') {
    const found = definitionOf(reading, { kind: 'name', name, at: first.node.at }, scope)
    return found.node.kind === 'name' ? undefined : inner(found.node, found.scope)
  }
  const source = first?.kind === 'parameter' ? undefined : loopedOver(node, scope)
  return source === undefined ? undefined : inner(source)
}

/** What the nearest loop around a name takes it from. */
const loopedOver = ({ name, at }: Name, scope: Scope): Node | undefined => {
  let found: Node | undefined
  walk(scope.owner?.kind === 'function' ? scope.owner.body : scope.module.body, (node) => {
    if (node.at.start > at.start || node.at.end < at.end) return false
    const [target, source] = node.kind === 'other' ? node.children : []
    if (target?.kind === 'assign' && target.value === undefined && lastName(target.target) === name) found = source
    return true
  })
  return found
}

/** `x += […]` is `x = x + […]`: of that only what is added counts. */
const refersTo = (node: Node, name: string): boolean =>
  node.kind === 'binary' && node.left.kind === 'name' && node.left.name === name

const added = (reading: Reading, name: string, scope: Scope): readonly Located[] => {
  const found: Located[] = []
  walk(scope.owner?.kind === 'function' ? scope.owner.body : scope.module.body, (node) => {
    const at = reading.program.scopeOf(node) ?? scope
    if (node.kind === 'call' && node.callee.kind === 'member' && lastName(node.callee.object) === name) {
      const given = /^(?:append|extend|insert|add|update)$/.test(lastName(node.callee) ?? '')
        ? node.args.at(-1)
        : undefined
      if (given !== undefined) found.push({ node: given, scope: at })
    }
    if (
      node.kind === 'assign' &&
      node.value?.kind === 'binary' &&
      refersTo(node.value, name) &&
      lastName(node.target) === name
    )
      found.push({ node: node.value.right, scope: at })
  })
  return found
}

/** What a comprehension goes over, where it only passes on what it is given: `[str(one).strip() for one in hosts]`. */
const comprehended = (node: Node): Node | undefined => {
  if (node.kind !== 'other') return
  const [item, loop] = node.children
  if (item === undefined || loop?.kind !== 'other' || loop.children.length !== 2) return
  let writes = false
  walk([item], (one) => {
    if (one.kind === 'template' || one.kind === 'binary') writes = true
  })
  return writes ? undefined : loop.children[1]
}

/** Behind calls: `list(x)`, `map(str, x)`, `x.split(',')`, a function or property of the project's own. */
const behind = (reading: Reading, { node, scope }: Located, inner: Inner, way: Way): readonly Value[] => {
  const own = ownFunctions(reading, { node, scope })
  const within = (called: FunctionNode): Way =>
    node.kind === 'call' ? { ...way, through: { called, call: { node, scope }, way } } : way
  if (own.length > 0)
    return own.flatMap((called) =>
      returnsOf(called).flatMap((each) =>
        items(reading, { node: each, scope: reading.program.scopeOf(each) ?? scope }, within(called)),
      ),
    )
  if (node.kind !== 'call') return []
  const name = lastName(node.callee) ?? ''
  if (/^(?:list|set|tuple|sorted|filter|map|cast)$/.test(name)) {
    const last = node.args.at(-1)
    return last === undefined ? [] : inner(last)
  }
  return node.callee.kind === 'member' && /^(?:split|strip|copy|replace)$/.test(name) ? inner(node.callee.object) : []
}

const ownFunctions = (reading: Reading, { node, scope }: Located): readonly FunctionNode[] => {
  if (node.kind === 'call')
    return valuesOf(reading, node.callee, scope).flatMap((one) => (one.kind === 'function' ? [one.node] : []))
  if (node.kind !== 'member') return []
  const name = lastName(node) ?? ''
  return valuesOf(reading, node.object, scope).flatMap((one) => {
    const type = one.kind === 'instance' ? one.class : undefined
    const members = type && reading.evaluator.classes.members(type.node, type.scope).get(name)
    return (members ?? []).flatMap((member) => (member.node.kind === 'function' ? [member.node] : []))
  })
}

const returnsOf = (owner: FunctionNode): readonly Node[] => {
  const found: Node[] = []
  walkBody(owner.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined) found.push(one.value)
  })
  return found
}
