/** Which hooks of Fastify are guards. */
import { type Call, lastName, type Node, type Value, walk } from '../../source/index.ts'
import { type Guard, guardIn, isLeft, isOpen } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { resolve } from './decorators.ts'
import { memberOfInstance } from './instances.ts'
import type { Application } from './model.ts'

export const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler']

type FunctionValue = Extract<Value, { kind: 'function' }>

export interface HookGuard extends Omit<Guard, 'function'> {
  /** The function that refuses, where it is the project's: its exceptions can be read. */
  readonly function: FunctionValue | undefined
}

/** The guard that a hook is. A list is one if any of it is. */
export const hookGuard = (reading: Reading, app: Application, value: Value, depth = 0): HookGuard | undefined => {
  if (depth > 5) return
  for (const { value: one, name } of resolve(reading, app, value)) {
    const found = single(reading, app, one, name, depth)
    if (found !== undefined && !found.optional) return found
  }
  return
}

const single = (
  reading: Reading,
  app: Application,
  value: Value,
  name: string,
  depth: number,
): HookGuard | undefined => {
  if (value.kind === 'list')
    return value.items.map((one) => hookGuard(reading, app, one, depth + 1)).find((one) => one !== undefined)
  const member = memberOfInstance(value)
  if (member !== undefined && value.kind === 'external') {
    // @fastify/auth: with `or`, the default, one that lets everybody through makes it open.
    if (member.path.join('.') === 'auth.()' && value.call !== undefined) {
      const [first] = value.call.node.args
      const given = first && reading.evaluator.value(first, value.call.scope, value.frame)
      const each = given?.kind === 'list' ? given.items.map((one) => hookGuard(reading, app, one, depth + 1)) : []
      const [guard] = each
      return guard !== undefined && each.every((one) => one !== undefined)
        ? { ...guard, function: undefined }
        : undefined
    }
    const last = member.path.filter((one) => one !== '()').at(-1) ?? ''
    if (
      /^(?:basicAuth|verifyBearerAuth|verifyBearerAuthFactory|verifyJWT|verifySession|verifyApiKey|jwtAuth|jwtVerify)$/.test(
        last,
      )
    )
      return { at: placeOf(reading, value.at), what: last, optional: false, function: undefined }
    const byName = guardIn(reading, { kind: 'unknown', label: [last], at: value.at })
    return byName && { ...byName, function: undefined }
  }
  const own = value.kind === 'function' ? value : undefined
  if (own !== undefined) {
    if (isOpen(reading, own, takesDone(own) ? 'next' : 'end')) return
    const verifies = verification(reading, own)
    if (verifies === 'swallowed') return
    const called = calledGuard(reading, app, own, depth)
    if (verifies === 'refuses' || called !== undefined)
      return {
        at: placeOf(reading, own.node.at),
        what: own.node.name ?? (name || called?.what || 'jwtVerify'),
        optional: false,
        function: own,
      }
  }
  const found = guardIn(reading, value, name)
  if (found === undefined || (own !== undefined && onlyCalls(reading, app, own, found.what))) return
  return { ...found, function: own ?? returnedFunction(reading, value) }
}

/** Of what a hook gives back there is its name; a member that stands in the project has been read, and refuses nobody. */
const onlyCalls = (reading: Reading, app: Application, own: FunctionValue, what: string): boolean =>
  membersCalled(reading, own).some(
    ({ name, callee }) =>
      name === what && resolve(reading, app, callee).every(({ value }) => value.kind === 'function'),
  )

/** A hook without `done` goes on when it comes to its end. */
const takesDone = ({ node }: FunctionValue): boolean =>
  node.parameters.some(({ target }) => /^(?:done|next)$/.test(lastName(target) ?? ''))

const returnedFunction = (reading: Reading, value: Value): FunctionValue | undefined => {
  if (value.kind !== 'function') return
  const returned = reading.evaluator.returned(value)
  return returned.kind === 'function' ? returned : undefined
}

const VERIFIES = /^(?:jwtVerify|accessVerify|accessJwtVerify|refreshJwtVerify|verifyJwt|authenticate)$/

/**
 * `request.jwtVerify()` answers 401 by what it throws, unless somebody catches it and goes on.
 */
const verification = (
  reading: Reading,
  { node: { body }, scope, frame }: FunctionValue,
  depth = 0,
): 'refuses' | 'swallowed' | undefined => {
  let state: 'refuses' | 'swallowed' | undefined
  const meet = (refuses: boolean): void => {
    state = refuses ? 'refuses' : (state ?? 'swallowed')
  }
  const visit = (nodes: readonly Node[], caught: boolean): void =>
    walk(nodes, (node) => {
      if (node.kind === 'try') {
        visit(node.body, caught || !answers(reading, node.handlers))
        visit(node.handlers, caught)
        return false
      }
      if (node.kind !== 'call') return
      const name = lastName(node.callee) ?? ''
      if (node.callee.kind === 'member') {
        // `then` is given what happens to what was refused, too.
        if (name === 'catch' || (name === 'then' && node.args.length > 1)) {
          visit([node.callee.object], caught || !node.args.slice(-1).some((one) => passesFailure(one)))
          return false
        }
        if (VERIFIES.test(name) && name !== 'authenticate') meet(!caught)
      }
      // A function of the project's own: `await checkToken(request)`.
      const callee =
        depth < 3 ? reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? scope, frame) : undefined
      const inner = callee?.kind === 'function' ? verification(reading, callee, depth + 1) : undefined
      if (inner !== undefined) meet(inner === 'refuses' && !caught && !isLeft(reading, node, body))
      return
    })
  visit(body, false)
  // What is caught may still be looked at: `const claims = await request.jwtVerify().catch(() => null); if (!claims) return reply.code(401)`.
  return state === 'swallowed' && answers(reading, body) ? undefined : state
}

/** `.then(() => done(), done)`, `.catch(done)`: what was refused is handed to what answers errors. */
const passesFailure = (handler: Node): boolean => handler.kind === 'name' && /^(?:done|next|reject)$/.test(handler.name)

/** Something that refuses: a throw, an answer that is sent, 401 or 403. */
const answers = (reading: Reading, nodes: readonly Node[]): boolean => {
  let found = false
  walk(nodes, (node) => {
    if (setsStatusOnly(reading, node)) return false
    if (node.kind === 'throw' || (node.kind === 'call' && lastName(node.callee) === 'send')) found = true
    if (node.kind === 'literal' && (node.value === 401 || node.value === 403)) found = true
    if (
      node.kind === 'call' &&
      /^(?:unauthorized|forbidden|redirect|done|next|reject)$/.test(lastName(node.callee) ?? '') &&
      node.args.length > 0
    )
      found = true
    if (node.kind === 'call' && /^(?:unauthorized|forbidden|getHttpError)$/.test(lastName(node.callee) ?? ''))
      found = true
    return !found
  })
  return found
}

/** `reply.code(401)`, which sends nothing: the handler runs, and what it gives has that status. */
const setsStatusOnly = (reading: Reading, node: Node): boolean =>
  node.kind === 'call' &&
  /^(?:code|status)$/.test(lastName(node.callee) ?? '') &&
  !/^(?:member|return)$/.test(reading.program.parentOf(node)?.kind ?? '')

/** A hook that calls the guard: `async (request, reply) => { await fastify.authenticate(request, reply) }`. */
const calledGuard = (reading: Reading, app: Application, own: FunctionValue, depth: number): HookGuard | undefined => {
  if (depth > 2) return
  for (const { callee, call } of membersCalled(reading, own)) {
    const found = hookGuard(reading, app, callee, depth + 1)
    // What it refuses comes too late where it is a promise that nobody waits for.
    const floats = found?.function?.node.isAsync === true && isLeft(reading, call, own.node.body)
    if (found !== undefined && !floats) return found
  }
  return
}

interface MemberCall {
  readonly name: string | undefined
  readonly callee: Value
  readonly call: Call
}

/** The members of an application that a function calls, but for those that functions in it call. */
const membersCalled = (reading: Reading, { node: { body }, scope, frame }: FunctionValue): readonly MemberCall[] => {
  const found: MemberCall[] = []
  walk(body, (node) => {
    if (node.kind === 'call' && node.callee.kind === 'member') {
      const callee = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? scope, frame)
      if (memberOfInstance(callee) !== undefined) found.push({ name: lastName(node.callee), callee, call: node })
    }
    return node.kind !== 'function'
  })
  return found
}
