/**
 * Guards that ask for what is never nothing: `const session = findSession(token); if (!session) return res.sendStatus(401)`. A promise that
 * nobody waits for is always there, and so is a list, an empty one too.
 */
import {
  type Call,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import { isAwaited } from '../fastify/awaits.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { restAfter } from '../statements.ts'
import { isForm } from './asked-only.ts'
import { chosen, truthOf } from './choices.ts'
import { refusesOthers } from './failed-checks.ts'
import { isNeverAwaited } from './floating-checks.ts'
import { goesThrough, isIdle, type Lost, NONE, type Way } from './going-on.ts'
import { isCheck } from './refusals.ts'
import { asksForm } from './token-form.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Only what certainly goes on is said to: whatever else is asked, called or thrown may be the refusal. */
export const asksWhatIsAlwaysThere = (
  reading: Reading,
  { node: { body }, scope }: FunctionValue,
  way: Way,
): boolean => {
  let found = false
  walkBody(body, (one) => {
    const there = found
      ? undefined
      : one.kind === 'call'
        ? thereIn(reading, one, body, scope)
        : one.kind === 'member'
          ? givenToAll(reading, one)
          : undefined
    const rest = there && restAfter(body, there.statement)
    if (there === undefined || rest === undefined) return !found
    const asked = there.statement.kind === 'assign' ? rest : [there.statement, ...rest]
    const left = chosen(asked, (test) => truthOf(test, (part) => saysOf(part, there)))
    found =
      left !== undefined &&
      goesThrough(reading, left, way, there.lost) &&
      !checksBefore(reading, body, there.statement, scope) &&
      !refusesOthers(reading, body, scope, there.statement, (test) => asksForm(test) || isForm(test, scope))
    return !found
  })
  return found
}

/** What is always there. */
interface There {
  readonly is: (node: Node) => boolean
  /** A promise has nothing of what it will give. */
  readonly hollow: boolean
  readonly lost: Lost
  /** It is kept there, or asked for at once. */
  readonly statement: Node
}

const thereIn = (reading: Reading, call: Call, body: readonly Node[], around: Scope): There | undefined => {
  const scope = reading.program.scopeOf(call) ?? around
  const isLeft = !isAwaited(reading, call)
  const hollow = isLeft && givesPromise(reading, call, scope)
  if (!hollow && (isLeft || !givesList(reading, call, scope)) && !givesTrue(reading, call, scope)) return
  const statement = reading.program.parentOf(call)
  if (statement?.kind !== 'assign') {
    const asks = testedBy(reading, call)
    return asks && { is: (one) => one === call, hollow, lost: NONE, statement: asks }
  }
  const path = pathOf(statement.target)?.join('.')
  if (path === undefined || (hollow && !isNeverAwaited(reading, statement.target, body))) return
  const is = (one: Node): boolean => pathOf(one)?.join('.') === path
  return { is, hollow, lost: hollow ? { ...NONE, empty: membersOf(body, is) } : NONE, statement }
}

const SESSIONS = /^(?:express-session|cookie-session|@fastify\/(?:session|secure-session))$/

/** `if (!req.session) …`: their middleware gives one to whoever comes. */
const givenToAll = (reading: Reading, node: Node): There | undefined => {
  if (!/^req(?:uest)?\.session(?:ID|Id)?$/.test(pathOf(node)?.join('.') ?? '')) return
  if (![...reading.program.imports].some((one) => SESSIONS.test(one))) return
  const statement = testedBy(reading, node)
  return statement && { is: (one) => one === node, hollow: false, lost: NONE, statement }
}

/** What is waited for, or checks, may have thrown. */
const checksBefore = (reading: Reading, body: readonly Node[], statement: Node, scope: Scope): boolean => {
  let found = false
  walk(body, (one) => {
    if (one.kind === 'call' && one.at.end <= statement.at.start)
      found ||= isAwaited(reading, one) || standsIn(reading, [one], scope, isCheck, 2)
    return !found
  })
  return found
}

/** `if (!isValid(token)) …`, `return isValid(token) ? next() : res.sendStatus(401)` */
const testedBy = (reading: Reading, asked: Node): Node | undefined => {
  let test = asked
  let around = reading.program.parentOf(test)
  while (around?.kind === 'unary' || around?.kind === 'logical') {
    test = around
    around = reading.program.parentOf(test)
  }
  if ((around?.kind !== 'if' && around?.kind !== 'conditional') || around.test !== test) return
  const outer = around.kind === 'conditional' ? reading.program.parentOf(around) : undefined
  return outer?.kind === 'return' ? outer : around
}

const membersOf = (body: readonly Node[], is: There['is']): ReadonlySet<string> => {
  const paths = new Set<string>()
  walk(body, (one) => {
    if (one.kind === 'member' && is(one.object)) paths.add(pathOf(one)?.join('.') ?? '')
  })
  return paths
}

const saysOf = (part: Node, { is, hollow }: There): boolean | undefined => {
  const isUndefined = (one: Node): boolean => hollow && one.kind === 'member' && is(one.object)
  if (is(part)) return true
  if (part.kind !== 'binary') return isUndefined(part) ? false : undefined
  const { left, right, operator } = part
  if (isUndefined(left) && /^[<>]=?$/.test(operator)) return false
  const differs = is(left) ? isNothing(right) : isUndefined(left) && right.kind === 'literal' && !isNothing(right)
  return differs && /^[!=]==$/.test(operator) ? operator === '!==' : undefined
}

const isNothing = (node: Node): boolean =>
  (node.kind === 'literal' && (node.value === null || node.value === false)) || lastName(node) === 'undefined'

/** What the usual stores and libraries are asked by, and give a promise for: mongoose a query, which is as much there. */
const PROMISES: Readonly<Record<string, RegExp>> = {
  '@prisma/client': /^(?:find(?:Unique|First)(?:OrThrow)?|findMany|count)$/,
  argon2: /^verify$/,
  bcrypt: /^compare$/,
  bcryptjs: /^compare$/,
  'better-auth': /^getSession$/,
  'firebase-admin': /^verify(?:IdToken|SessionCookie)$/,
  'firebase-admin/auth': /^verify(?:IdToken|SessionCookie)$/,
  'hono/cookie': /^getSignedCookie$/,
  'iron-session': /^getIronSession$/,
  ioredis: /^(?:get|hget|hgetall|exists|sismember)$/,
  mongodb: /^(?:findOne|countDocuments)$/,
  mongoose: /^(?:find|findOne|findById|exists|countDocuments)$/,
  pg: /^query$/,
  redis: /^(?:get|hGet|hGetAll|exists|sIsMember)$/,
}

const LISTS: Readonly<Record<string, RegExp>> = {
  '@prisma/client': /^findMany$/,
  mongoose: /^find$/,
  pg: /^query$/,
}

const isAmong = (value: Value, table: Readonly<Record<string, RegExp>>): boolean =>
  value.kind === 'external' && table[value.from]?.test(value.path.at(-1) ?? '') === true

const calleesOf = (reading: Reading, { callee }: Call, scope: Scope): readonly Value[] =>
  possibilities(reading.evaluator.value(callee, scope))

const givesList = (reading: Reading, call: Call, scope: Scope): boolean =>
  calleesOf(reading, call, scope).every((one) => isAmong(one, LISTS))

/** `try: jwt.decode(token)`, `except JWTError: pass` and `return True`: it says yes whatever the token is. */
const givesTrue = (reading: Reading, call: Call, scope: Scope): boolean =>
  calleesOf(reading, call, scope).every(
    (one) =>
      one.kind === 'function' &&
      one.node.body.at(-1)?.kind === 'return' &&
      possibilities(reading.evaluator.returned(one)).every((each) => each.kind === 'literal' && each.value === true) &&
      !mayThrow(one.node.body),
  )

/** Whether anything may throw that nothing in it catches. */
const mayThrow = (body: readonly Node[]): boolean => {
  let may = false
  walkBody(body, (node) => {
    if (node.kind === 'try') {
      may ||= mayThrow(node.handlers)
      return false
    }
    may ||= node.kind === 'throw' || (node.kind === 'call' && !isIdle(node))
    return !may
  })
  return may
}

/** A callback is told what comes of it. */
const givesPromise = (reading: Reading, call: Call, scope: Scope): boolean =>
  !call.args.some((one) => one.kind === 'function') &&
  calleesOf(reading, call, scope).every((one) => (one.kind === 'function' ? isAsync(one) : isAmong(one, PROMISES)))

const isAsync = ({ node: { isAsync, returns } }: FunctionValue): boolean =>
  isAsync || (returns?.kind === 'member' && lastName(returns.object) === 'Promise')
