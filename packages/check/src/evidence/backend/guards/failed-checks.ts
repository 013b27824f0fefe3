/** What a guard does with a token whose check failed: whether it goes on as if nothing had been. */
import { lastName, type Node, type Value, walk, walkBody } from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { branchesOf, holds, restAfter, targetsOf } from '../statements.ts'
import { goesThrough, isHarmless, isMadeError, isNothing, type Lost, letsThrough, NONE, type Way } from './going-on.ts'
import { isCheck, refusalIn } from './refusals.ts'
import { asksForm } from './token-form.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>
type Try = Extract<Node, { kind: 'try' }>

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
    // `finally { next() }` goes on whatever the check said.
    if (
      node.kind === 'try' &&
      node.handlers.some(
        (one) =>
          writtenAt(reading, one).startsWith('{') &&
          inside(one).some((each) => letsThrough(reading, each, 'next', NONE)),
      )
    )
      found = true
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
    const head = writtenAt(reading, one).split('\n')[0] ?? ''
    if (!/^(?:catch|except)\b/.test(head)) continue
    if (isQuiet(reading, inside(one), way)) {
      if (catchesFailure(head)) return one
    } else if (!/^except\s+[\w.]*Expired\w*\s*(?:as\b|:)/.test(head)) return
  }
  return
}

const FAILURES = /\b(?:Base|\w*HTTP)?Exception\b|jwt|jose|jws|token|signature|decode|claims|invalid|expired|auth/i

const catchesFailure = (head: string): boolean => /^(?:catch\b|except\s*:)/.test(head) || FAILURES.test(head)

const inside = (clause: Node): readonly Node[] => (clause.kind === 'other' ? clause.children : [clause])

/** Whether a clause neither throws nor answers; it may hand the request on, and a Python function may return nothing from it. */
const isQuiet = (reading: Reading, body: readonly Node[], way: Way): boolean =>
  body.every((one) => (way !== 'true' && letsThrough(reading, one, way, NONE)) || isHarmless(reading, one, NONE))

const goesOn = (reading: Reading, body: readonly Node[], { node, clause }: Swallowing, way: Way): boolean => {
  if (inside(clause).some((each) => each.kind === 'return')) return true
  return goesThrough(reading, restAfter(body, node) ?? [], way, lostIn(reading, body, node, clause))
}

/** What is without a value after a clause of a `try`. */
export const lostIn = (reading: Reading, body: readonly Node[], one: Try, clause: Node): Lost => {
  const before = targetsOf(body, (each) => each.at.end <= one.at.start)
  const given = targetsOf([clause], () => true)
  const anew = targetsOf([clause], ({ value }) => value !== undefined && !isNothing(value))
  const empty = new Set([...targetsOf(one.body, () => true)].filter((path) => !anew.has(path)))
  const python = reading.program.modules.get(one.at.file)?.language === 'python'
  const unbound = [...empty].filter((path) => python && !before.has(path) && !given.has(path))
  const records = python ? targetsOf([clause], ({ value }) => value?.kind === 'object') : NONE.records
  return { empty, unbound: new Set(unbound), records }
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

/** A refusal before the check, of more than what bears no token in its form: `if (!req.session.user) return res.sendStatus(401)`. */
export const refusesOthers = (
  reading: Reading,
  body: readonly Node[],
  scope: FunctionValue['scope'],
  target: Node,
  isForm = asksForm,
): boolean => {
  const refuses = (nodes: readonly Node[]) => refusalIn(reading, nodes, scope) || throwsIn(nodes)
  for (const one of body) {
    if (one === target) return false
    const around = holds(one, target)
    const [tested, others] = one.kind === 'if' ? [one.test, [...one.consequent, ...one.alternate]] : [undefined, [one]]
    const stops = refuses(others.filter((each) => !holds(each, target) && !keepsError(each)))
    if (stops && (tested === undefined || !isForm(tested))) return true
    if (around)
      return branchesOf(one).some(
        (branch) => branch.some((each) => holds(each, target)) && refusesOthers(reading, branch, scope, target, isForm),
      )
  }
  return false
}

/** `credentials_exception = HTTPException(401)`: it is made here, and raised where somebody says so. */
const keepsError = (one: Node): boolean => one.kind === 'assign' && one.value !== undefined && isMadeError(one.value)

export const throwsIn = (nodes: readonly Node[]): boolean => {
  let found = false
  walkBody(nodes, (node) => {
    found ||= node.kind === 'throw'
    return !found
  })
  return found
}
