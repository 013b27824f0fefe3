/**
 * Guards and limiters that answer a refusal and do not stop there: `if (!session) { res.status(401).end() } next()`. The caller reads
 * 401, and the handler runs all the same.
 */
import { type FunctionNode, lastName, type Node, pathOf, type Value, walk, walkBody } from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { restAfter } from '../statements.ts'
import { lostIn } from './failed-checks.ts'
import { comesToItsEnd, courseOf, isIdle, isMadeError, type Lost, NONE, type Way } from './going-on.ts'
import { isCheck, refusalIn } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>
type Refuses = (refusal: readonly Node[]) => boolean

/** Only what certainly goes on is said to: whatever is thrown, returned or called in the refusal or after it may be its end. */
export const answersOnly = (
  reading: Reading,
  { node: { body }, scope }: FunctionValue,
  way: Way = 'next',
  refuses: Refuses = (refusal) => refusalIn(reading, refusal, scope),
): boolean =>
  (way === 'true' && returnsRefusal(body)) ||
  goesOnIn(reading, body, way, refuses) ||
  // What a callback returns goes nowhere: `verify(token, key, (error, claims) => { if (error) res.sendStatus(403); next() })`.
  callbacksIn(body).some((one) => goesOnIn(reading, one.body, 'next', refuses, claimsOf(one)))

/** `catch { return new UnauthorizedException() }`: an object is as good as true. */
const returnsRefusal = (body: readonly Node[]): boolean => {
  let found = false
  const isIt = (value: Node | undefined): boolean => {
    if (value?.kind === 'conditional') return isIt(value.consequent) || isIt(value.alternate)
    return value !== undefined && (value.kind === 'logical' ? isIt(value.right) : isMadeError(value))
  }
  walkBody(body, (one) => {
    found ||= one.kind === 'return' && isIt(one.value)
    return !found
  })
  return found
}

const goesOnIn = (
  reading: Reading,
  body: readonly Node[],
  way: Way,
  refuses: Refuses,
  missing: readonly string[] = [],
): boolean => {
  const goesOn = (one: Node, before: Lost): boolean => {
    const lost = { ...before, empty: new Set([...before.empty, ...missing]) }
    const course = courseOf(reading, restAfter(body, one) ?? [], way, lost)
    // A hook of Fastify that has answered and comes to its end has stopped the request; in Python nothing was answered then.
    return course === 'through' || (course === 'end' && comesToItsEnd(way) && isPython(reading, one))
  }
  let found = false
  walkBody(body, (one) => {
    for (const { refusal, ...lost } of refusalsAt(reading, body, one))
      found ||= refuses(refusal) && refusal.every((each) => onlyAnswers(reading, each)) && goesOn(one, lost)
    return !found
  })
  return found
}

/** What a check calls back: passport's too, `authenticate('jwt', (error, user) => …)(req, res, next)`. */
const callbacksIn = (body: readonly Node[]): readonly FunctionNode[] => {
  const found: FunctionNode[] = []
  walk(body, (one) => {
    if (one.kind === 'call' && isCheck(one)) found.push(...one.args.filter((each) => each.kind === 'function'))
  })
  return found
}

/** Beside the error there is nothing. */
const claimsOf = ({ parameters: [, ...claims] }: FunctionNode): readonly string[] =>
  claims.flatMap(({ target }) => lastName(target) ?? [])

interface Refused extends Lost {
  readonly refusal: readonly Node[]
}

const refusalsAt = (reading: Reading, body: readonly Node[], node: Node): readonly Refused[] => {
  if (node.kind === 'if') {
    const lost: Lost = { ...NONE, empty: pathsIn(node.test) }
    return [node.consequent, node.alternate].map((refusal) => ({ refusal, ...lost }))
  }
  if (node.kind !== 'try') return []
  return node.handlers
    .filter((clause) => /^(?:catch|except)\b/.test(writtenAt(reading, clause)))
    .map((clause) => ({ refusal: statementsOf(clause), ...lostIn(reading, body, node, clause) }))
}

/** Without what an `except` names, and what it is called there. */
const statementsOf = (clause: Node): readonly Node[] =>
  (clause.kind === 'other' ? clause.children : [clause]).filter(
    (one) =>
      one.kind !== 'name' &&
      one.kind !== 'member' &&
      !(one.kind === 'assign' && one.value === undefined) &&
      !(one.kind === 'list' && one.items.every(({ kind }) => kind === 'name' || kind === 'member')),
  )

const isPython = (reading: Reading, { at }: Node): boolean =>
  reading.program.modules.get(at.file)?.language === 'python'

const pathsIn = (test: Node): ReadonlySet<string> => {
  const paths = new Set<string>()
  walkBody([test], (one) => {
    const path = one.kind === 'name' || one.kind === 'member' ? pathOf(one) : undefined
    if (path !== undefined) paths.add(path.join('.'))
  })
  return paths
}

const ANSWERS = /^(?:res|response|reply|c|ctx|context)$/

/** It answers or writes down, and comes to its end. */
export const onlyAnswers = (reading: Reading, node: Node): boolean =>
  (isPython(reading, node) ? isDropped(node) : isMadeError(node)) ||
  (node.kind === 'call' && (isIdle(node) || (ANSWERS.test(pathOf(node.callee)?.[0] ?? '') && !isThrower(node))))

/** What Python's frameworks answer only where it is returned or raised: `jsonify(error='no'), 401`, `HTTPException(401)`. */
const isDropped = (node: Node): boolean =>
  node.kind === 'list'
    ? node.items.every((one) => one.kind === 'literal' || one.kind === 'object' || isDropped(one))
    : isMadeError(node) ||
      (node.kind === 'call' && /^(?:jsonify|make_response|redirect)$|Response$/.test(lastName(node.callee) ?? ''))

/** Koa's `ctx.throw(401)`. */
const isThrower = (node: Node): boolean =>
  node.kind === 'call' && /^(?:throw|assert)$/.test(lastName(node.callee) ?? '')
