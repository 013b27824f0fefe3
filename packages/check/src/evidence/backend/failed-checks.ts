/** What a guard does with a token whose check failed: whether it goes on as if nothing had been. */
import { type Call, lastName, type Node, pathOf, type Value, walk, walkBody } from '../source/index.ts'
import type { Reading } from './reading.ts'
import { isCheck, refusalIn } from './refusals.ts'
import { standsIn } from './stands-in.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>
type Try = Extract<Node, { kind: 'try' }>

/** How a function lets a request through: it calls `next()`, answers true, or comes to its end without raising. */
export type Way = 'next' | 'true' | 'end'

/** `catch { next() }`, `(error, user) => { if (error) return next() … }`: a token that nobody signed comes through. */
export const handsOnFailure = (reading: Reading, value: FunctionValue): boolean => {
  let found = swallowsFailure(reading, value, 'next')
  walk(value.node.body, (node) => {
    if (node.kind === 'function') found ||= swallowsFailure(reading, { ...value, node }, 'next')
    const failed =
      node.kind === 'try'
        ? node.handlers
        : node.kind === 'if' && node.test.kind === 'name' && /^(?:e|err|error)$/.test(node.test.name)
          ? node.consequent
          : []
    if (onlyHandsOn(failed) && !refusalIn(reading, failed, value.scope)) found = true
    return !found
  })
  return found
}

/** `next()` without an error, and no throw beside it. */
const onlyHandsOn = (body: readonly Node[]): boolean => {
  let next = false
  let stops = false
  walk(body, (node) => {
    if (node.kind === 'throw') stops = true
    if (node.kind !== 'call' || !/^(?:next|done)$/.test(lastName(node.callee) ?? '')) return
    if (node.args.length === 0) next = true
    else stops = true
  })
  return next && !stops
}

/**
 * `try { verify(token) } catch {}` with `next()` after it: any token at all comes through. Only what certainly goes on is said to:
 * a throw, an answer or a call of what nobody knows, in the `catch` or after it, may be the refusal.
 */
export const swallowsFailure = (reading: Reading, { node, scope }: FunctionValue, way: Way): boolean => {
  const swallowing: Swallowing[] = []
  walkBody(node.body, (one) => {
    const clause =
      one.kind === 'try' && standsIn(reading, one.body, scope, isCheck, 2) ? swallower(reading, one, way) : undefined
    if (one.kind === 'try' && clause !== undefined) swallowing.push({ node: one, clause })
  })
  return (
    swallowing.some((one) => goesOn(reading, node.body, one, way)) &&
    !checksBeside(reading, node.body, scope, swallowing) &&
    !swallowing.some((one) => refusesOthers(reading, node.body, scope, one.node))
  )
}

/** A `try`, and the clause of it that catches a failed check and does nothing of it. */
interface Swallowing {
  readonly node: Try
  readonly clause: Node
}

/** The clause that catches a failed check and does nothing of it. */
const swallower = (reading: Reading, { handlers }: Try, way: Way): Node | undefined => {
  for (const one of handlers) {
    const head = textOf(reading, one).split('\n')[0] ?? ''
    if (!/^(?:catch|except)\b/.test(head)) continue
    if (isQuiet(reading, inside(one), way)) {
      if (catchesFailure(head)) return one
    } else if (!/^except\s+[\w.]*Expired\w*\s*(?:as\b|:)/.test(head)) return
  }
  return
}

const FAILURES = /\b(?:Base)?Exception\b|jwt|jose|jws|token|signature|decode|claims|invalid|expired|auth/i

const catchesFailure = (head: string): boolean => /^(?:catch\b|except\s*:)/.test(head) || FAILURES.test(head)

const inside = (clause: Node): readonly Node[] => (clause.kind === 'other' ? clause.children : [clause])

const textOf = (reading: Reading, { at }: Node): string =>
  reading.program.modules.get(at.file)?.text.slice(at.start, at.end) ?? ''

/** Whether a clause neither throws nor answers; a Python function may return nothing from it. */
const isQuiet = (reading: Reading, body: readonly Node[], way: Way): boolean =>
  body.every(
    (one) => (way === 'end' && one.kind === 'return' && isNothing(one.value)) || isHarmless(reading, one, NONE),
  )

const isNothing = (node: Node | undefined): boolean => node === undefined || node.kind === 'literal'

/** What is without a value after the failure: to read what is in it ends the request as a refusal would. */
interface Lost {
  /** By their paths: `claims`, `req.user`. */
  readonly empty: ReadonlySet<string>
  /** Python's names that nothing was assigned to. */
  readonly unbound: ReadonlySet<string>
}

const NONE: Lost = { empty: new Set(), unbound: new Set() }

const goesOn = (reading: Reading, body: readonly Node[], { node, clause }: Swallowing, way: Way): boolean => {
  if (inside(clause).some((each) => each.kind === 'return')) return true
  const lost = lostIn(reading, body, node, clause)
  for (const each of restAfter(body, node) ?? []) {
    if (letsThrough(reading, each, way, lost)) return true
    if (!isHarmless(reading, each, lost)) return false
  }
  return way === 'end'
}

const letsThrough = (reading: Reading, node: Node, way: Way, lost: Lost): boolean => {
  const value = node.kind === 'return' || node.kind === 'assign' ? node.value : node
  if (way === 'end')
    return node.kind === 'return' && (node.value === undefined || isHarmless(reading, node.value, lost))
  if (way === 'true') return node.kind === 'return' && value?.kind === 'literal' && value.value === true
  if (value?.kind !== 'call') return false
  const name = lastName(value.callee) ?? ''
  return name === 'call_next' || (/^(?:next|done)$/.test(name) && value.args.length === 0)
}

/** The statements that run after one, to the end of its function. */
const restAfter = (body: readonly Node[], target: Node): readonly Node[] | undefined => {
  const index = body.findIndex((one) => holds(one, target))
  const one = body[index]
  if (one === undefined) return
  const rest = body.slice(index + 1)
  if (one === target) return rest
  const inner = branchesOf(one).flatMap((branch) => {
    const after = restAfter(branch, target)
    return after === undefined ? [] : [after]
  })[0]
  return inner && [...inner, ...rest]
}

const holds = (outer: Node, { at }: Node): boolean => outer.at.start <= at.start && at.end <= outer.at.end

const branchesOf = (node: Node): readonly (readonly Node[])[] => {
  if (node.kind === 'if') return [node.consequent, node.alternate]
  if (node.kind === 'try') return [node.body, node.handlers]
  return node.kind === 'other' ? [node.children] : []
}

const lostIn = (reading: Reading, body: readonly Node[], one: Try, clause: Node): Lost => {
  const before = targetsOf(body, (each) => each.at.end <= one.at.start)
  const given = targetsOf([clause], () => true)
  const anew = targetsOf([clause], ({ value }) => value !== undefined && !isNothing(value))
  const empty = new Set([...targetsOf(one.body, () => true)].filter((path) => !anew.has(path)))
  const python = reading.program.modules.get(one.at.file)?.language === 'python'
  const unbound = [...empty].filter((path) => python && !before.has(path) && !given.has(path))
  return { empty, unbound: new Set(unbound) }
}

/** What is assigned to among these, by its path. */
const targetsOf = (
  body: readonly Node[],
  isSuch: (node: Extract<Node, { kind: 'assign' }>) => boolean,
): Set<string> => {
  const paths = new Set<string>()
  walkBody(body, (node) => {
    if (node.kind !== 'assign' || !isSuch(node)) return
    walk([node.target], (one) => {
      const path = pathOf(one)
      if (path !== undefined) paths.add(path.join('.'))
      return one.kind !== 'member'
    })
  })
  return paths
}

const isHarmless = (reading: Reading, node: Node, lost: Lost): boolean => {
  let harmless = true
  walkBody([node], (one) => {
    if (isSkipped(one, lost)) {
      // `if (claims) …`: what stands in it does not run.
      harmless &&= (one.kind === 'if' ? one.alternate : []).every((each) => isHarmless(reading, each, lost))
      return false
    }
    if (mayStop(reading, one, lost)) harmless = false
    return harmless
  })
  return harmless
}

/** `claims && claims.sub`, `if (claims) …`. */
const isSkipped = (node: Node, { empty }: Lost): boolean => {
  const test =
    node.kind === 'if' ? node.test : node.kind === 'logical' && node.operator === '&&' ? node.left : undefined
  return test !== undefined && empty.has(pathOf(test)?.join('.') ?? '')
}

const mayStop = (reading: Reading, node: Node, { empty, unbound }: Lost): boolean => {
  switch (node.kind) {
    case 'throw':
    case 'return':
      return true
    case 'call':
      return !isIdle(node)
    case 'other':
      return node.children.length > 0 || /^(?:await|assert|yield)\b/.test(textOf(reading, node))
    case 'name':
      return unbound.has(node.name)
    case 'member':
      return empty.has(pathOf(node.object)?.join('.') ?? '') && !isOptionalRead(reading, node)
    default:
      return false
  }
}

const isOptionalRead = (reading: Reading, node: Extract<Node, { kind: 'member' }>): boolean =>
  textOf(reading, node)
    .slice(node.object.at.end - node.at.start)
    .trimStart()
    .startsWith('?.')

/** It logs, or makes a text. */
const isIdle = ({ callee }: Call): boolean => {
  const path = pathOf(callee) ?? []
  return (
    /^(?:console|logging|print|str|String|repr)$/.test(path[0] ?? '') ||
    path.slice(0, -1).some((one) => /^_?log(?:ger)?$/i.test(one))
  )
}

/** A check that stands in no such `try` refuses by itself. */
const checksBeside = (
  reading: Reading,
  body: readonly Node[],
  scope: FunctionValue['scope'],
  swallowing: readonly Swallowing[],
): boolean => {
  let found = false
  walk(body, (node) => {
    if (swallowing.some((one) => one.node === node)) return false
    if (node.kind === 'call') found ||= standsIn(reading, [node], scope, isCheck, 2)
    return !found
  })
  return found
}

/** A refusal before the check, of more than what bears no token: `if (!req.session.user) return res.sendStatus(401)`. */
const refusesOthers = (
  reading: Reading,
  body: readonly Node[],
  scope: FunctionValue['scope'],
  target: Node,
): boolean => {
  const refuses = (nodes: readonly Node[]) => refusalIn(reading, nodes, scope) || throwsIn(nodes)
  for (const one of body) {
    if (one === target) return false
    const around = holds(one, target)
    const [tested, others] = one.kind === 'if' ? [one.test, [...one.consequent, ...one.alternate]] : [undefined, [one]]
    const stops = refuses(others.filter((each) => !holds(each, target)))
    if (stops && (tested === undefined || !asksForm(tested))) return true
    if (around)
      return branchesOf(one).some(
        (branch) => branch.some((each) => holds(each, target)) && refusesOthers(reading, branch, scope, target),
      )
  }
  return false
}

const throwsIn = (nodes: readonly Node[]): boolean => {
  let found = false
  walkBody(nodes, (node) => {
    found ||= node.kind === 'throw'
    return !found
  })
  return found
}

const OF_TOKEN =
  /^(?:(?:access|auth|bearer|raw|jwt|id)_?)?(?:token|jwt|bearer|scheme|type|kind|prefix|header|authorization|parts?|credentials?|cookie)$/i
const OF_TEXT = /^(?:startsWith|startswith|toLowerCase|lower|trim|strip|test|match|get|header|length)$/

/** Whether a test asks no more than that there is a token, in its form: `scheme !== 'Bearer' || !token`. */
const asksForm = (node: Node): boolean => {
  switch (node.kind) {
    case 'literal':
      return true
    case 'name':
      return OF_TOKEN.test(node.name)
    case 'member':
      return OF_TOKEN.test(lastName(node) ?? '') || (OF_TEXT.test(lastName(node) ?? '') && asksForm(node.object))
    case 'unary':
      return asksForm(node.operand)
    case 'logical':
      return asksForm(node.left) && asksForm(node.right)
    case 'binary':
      return (
        (node.left.kind === 'literal' || node.right.kind === 'literal') && asksForm(node.left) && asksForm(node.right)
      )
    case 'call':
      return OF_TEXT.test(lastName(node.callee) ?? '') && (asksForm(node.callee) || node.args.some(namesToken))
    default:
      return false
  }
}

const namesToken = (node: Node): boolean =>
  node.kind === 'literal' ? OF_TOKEN.test(String(node.value)) : asksForm(node)
