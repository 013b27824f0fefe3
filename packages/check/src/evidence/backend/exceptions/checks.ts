/** Whom a guard lets through by its own list: routes whose config says so, and paths that it names. */
import { type Call, lastName, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import { isCheck, refusalIn } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import type { Asked, Reader } from './asked.ts'
import { itemsOf, truthOf } from './truth.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Whether a guard's function goes on to check a request for this route. */
export const checks = (reading: Reading, guard: FunctionValue, asked: Asked): boolean =>
  checksAt(reading, guard, asked, 0)

const checksAt = (reading: Reading, { node, scope, frame }: FunctionValue, asked: Asked, depth: number): boolean => {
  const { checked, decided } = way({ reading, asked, frame, depth }, node.body, scope)
  return checked || !decided
}

/** What a request for the route meets on its way through a body. */
interface Way {
  readonly checked: boolean
  /** A test that this route decides chose the way. */
  readonly decided: boolean
  /** It ends there: a return, `next()`. */
  readonly left: boolean
}

const ON: Way = { checked: false, decided: false, left: false }

const way = (reader: Reader, body: readonly Node[], around: Scope): Way => {
  let so: Way = ON
  for (const node of body) {
    const one = step(reader, node, reader.reading.program.scopeOf(node) ?? around)
    so = { checked: so.checked || one.checked, decided: so.decided || one.decided, left: one.left }
    if (so.left) return so
  }
  return so
}

const step = (reader: Reader, node: Node, scope: Scope): Way => {
  if (node.kind === 'if') return branch(reader, node.test, [node.consequent, node.alternate], scope)
  if (node.kind === 'conditional')
    return branch(reader, node.test, [[node.consequent], [node.alternate]], scope, endsAlready)
  if (node.kind === 'try') {
    const inner = way(reader, node.body, scope)
    return { ...inner, checked: inner.checked || (!inner.left && refuses(reader, node.handlers, scope)) }
  }
  if (node.kind === 'return') return { ...returned(reader, node.value, scope), left: true }
  if (isDone(node)) return { ...ON, left: true }
  if (node.kind === 'call') return { ...called(reader, node, scope), left: handsOver(node) }
  return itemsOf(reader, node, scope) === undefined
    ? { ...ON, checked: refuses(reader, [node], scope) }
    : loop(reader, node, scope)
}

const endsAlready = (way: Way): Way => ({ ...way, left: true })
const asItIs = (way: Way): Way => way

const branch = (
  reader: Reader,
  test: Node,
  [consequent, alternate]: readonly [readonly Node[], readonly Node[]],
  scope: Scope,
  end: (way: Way) => Way = asItIs,
): Way => {
  const truth = truthOf(reader, test, scope)
  if (truth === undefined)
    return { ...ON, checked: refuses(reader, [...consequent, ...alternate], scope) || refuses(reader, [test], scope) }
  const inner = way(reader, truth ? consequent : alternate, scope)
  // What is done for it and goes on decides nothing: `if (isPublic) request.isPublic = true`.
  return end({ ...inner, decided: inner.decided || inner.left || !truth || alternate.length > 0 })
}

/** `for (const one of PUBLIC) if (path.startsWith(one)) return next()`. */
const loop = (reader: Reader, node: Node, scope: Scope): Way => {
  let so: Way = ON
  for (const turn of itemsOf(reader, node, scope) ?? []) {
    const one = way(turn.reader, turn.body, scope)
    so = { checked: so.checked || one.checked, decided: so.decided || one.decided, left: one.left }
    if (so.left) return so
  }
  return so
}

const returned = (reader: Reader, value: Node | undefined, scope: Scope): Pick<Way, 'checked' | 'decided'> => {
  if (value === undefined) return ON
  if (value.kind === 'conditional')
    return branch(reader, value.test, [[value.consequent], [value.alternate]], scope, endsAlready)
  if (value.kind === 'logical') {
    const truth = truthOf(reader, value.left, scope)
    if (truth !== undefined && truth === (value.operator !== '&&')) return { checked: false, decided: true }
  }
  if (isDone(value)) return ON
  return called(reader, value, scope)
}

const isDone = (node: Node): boolean =>
  node.kind === 'call' && /^(?:done|next)$/.test(lastName(node.callee) ?? '') && node.args.length === 0

/** `guard(req, res, next)`: what is handed `next` decides, by a list of its own where that can be read. */
const handsOver = (node: Node): node is Call =>
  node.kind === 'call' && node.args.some((one) => one.kind === 'name' && /^(?:done|next)$/.test(one.name))

const called = (reader: Reader, node: Node, scope: Scope): Pick<Way, 'checked' | 'decided'> => {
  if (!handsOver(node)) return { ...ON, checked: refuses(reader, [node], scope) }
  const { reading, asked, depth } = reader
  const known = possibilities(reading.evaluator.value(node.callee, scope, reader.frame)).filter(
    (one) => one.kind === 'function',
  )
  const checked = depth > 3 || known.length === 0 || known.some((one) => checksAt(reading, one, asked, depth + 1))
  return { checked, decided: !checked }
}

const CHECK = /verify|authenticate|authorize|unauthorized|forbidden|getSession|findSession|check|guard|auth\b|decode/i

const refuses = ({ reading }: Reader, nodes: readonly Node[], scope: Scope): boolean => {
  if (refusalIn(reading, nodes, scope) || standsIn(reading, nodes, scope, isCheck, 3)) return true
  let found = false
  walk(nodes, (node) => {
    if (node.kind === 'throw') found = true
    if (node.kind === 'call' && (CHECK.test(lastName(node.callee) ?? '') || answers(node))) found = true
    // A hook that adds the guard to the route: `route.onRequest = [guard]`.
    if (
      node.kind === 'assign' &&
      node.target.kind === 'member' &&
      /^(?:onRequest|preHandler|preValidation|preParsing)$/.test(lastName(node.target) ?? '')
    )
      found = true
    return !found
  })
  return found
}

/** `next(error)`, `res.json(…)`: the route's handler is not come to. */
const answers = ({ callee, args }: Call): boolean => {
  const name = lastName(callee) ?? ''
  if (/^(?:done|next)$/.test(name)) return args.length > 0
  return callee.kind === 'member' && /^(?:send|sendStatus|json|end|redirect)$/.test(name) && isAnswer(callee.object)
}

const isAnswer = (node: Node): boolean => {
  if (node.kind === 'call') return isAnswer(node.callee)
  // `c.req.json()` reads.
  if (node.kind === 'member') return lastName(node) !== 'req' && isAnswer(node.object)
  return node.kind === 'name' && /^(?:res|response|reply|c|ctx)$/.test(node.name)
}
