/** What a middleware is behind its wrappers: createMiddleware, hono/combine, lists; and whether it is a guard. */
import {
  isFrom,
  lastName,
  type Node,
  possibilities,
  textsOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { guardIn, isOpen, refusalIn } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isChosenOff, isUp } from '../switches/index.ts'
import type { Handler } from './model.ts'

/** One middleware that really runs. */
export interface Leaf {
  readonly value: Value
  readonly name: string
  readonly node: Node
  /** `except(['/login'], …)`: for these it doesn't run; 'unknown' where a function decides. */
  readonly except: readonly string[]
  readonly exceptBy?: Value
  /** `some(a, b)`: one of them is enough. */
  readonly others?: readonly Leaf[]
}

export const leavesOf = (reading: Reading, handler: Handler): readonly Leaf[] =>
  unwrapped(reading, handler.value, { name: handler.name.split('.').at(-1) ?? '', node: handler.node, except: [] }, 0)

type Around = Omit<Leaf, 'value' | 'others'>

const unwrapped = (reading: Reading, value: Value, around: Around, depth: number): readonly Leaf[] => {
  if (depth > 8) return []
  if (value.kind === 'either') return possibilities(value).flatMap((one) => unwrapped(reading, one, around, depth + 1))
  if (value.kind === 'list') return value.items.flatMap((one) => unwrapped(reading, one, around, depth + 1))
  if (value.kind !== 'external' || value.call === undefined) return [{ ...around, value }]
  const { call, frame } = value
  const given = call.node.args.map((node) => ({ node, value: reading.evaluator.value(node, call.scope, frame) }))
  const inner = (from: number, next: Around): readonly Leaf[] =>
    given
      .slice(from)
      .flatMap((one) =>
        unwrapped(reading, one.value, { ...next, node: one.node, name: nameAt(one.node) || next.name }, depth + 1),
      )
  const made = withoutDefault(value.path).at(-2)
  if (made === 'createMiddleware' && given[0]) return unwrapped(reading, given[0].value, around, depth + 1)
  if (isFrom(value, 'hono/combine', 'every', '()')) return inner(0, around)
  if (isFrom(value, 'hono/combine', 'except', '()')) {
    const [condition] = given
    const paths =
      condition === undefined
        ? []
        : condition.value.kind === 'list'
          ? condition.value.items.flatMap(textsOf)
          : textsOf(condition.value)
    const by =
      condition?.value.kind === 'function'
        ? condition.value
        : condition?.value.kind === 'list'
          ? condition.value.items.find((one) => one.kind === 'function')
          : undefined
    return inner(1, { ...around, except: [...around.except, ...paths], ...(by ? { exceptBy: by } : {}) })
  }
  if (isFrom(value, 'hono/combine', 'some', '()')) {
    const [first, ...others] = given.map((one) =>
      unwrapped(reading, one.value, { ...around, node: one.node, name: nameAt(one.node) }, depth + 1),
    )
    return first?.[0] ? [{ ...first[0], others: others.flat() }] : []
  }
  return [{ ...around, value }]
}

const nameAt = (node: Node): string => lastName(node.kind === 'call' ? node.callee : node) ?? ''

/** What reads a session and refuses nobody. */
const READS_ONLY = /^(?:@hono\/clerk-auth|@hono\/session|hono-sessions)$/
const REFUSES: Readonly<Record<string, RegExp>> = {
  '@hono/oidc-auth': /^oidcAuthMiddleware$/,
  '@hono/auth-js': /^verifyAuth$/,
  '@hono/firebase-auth': /^verify(?:Firebase|SessionCookieFirebase)Auth$/,
  '@hono/cloudflare-access': /^cloudflareAccess$/,
  '@hono/stytch-auth': /^authenticate(?:Session|OAuth|M2M)\w*$/,
}

export interface HonoGuard {
  readonly at: Place
  readonly what: string
}

/** The guard that a middleware is. What only reads who is calling and goes on is none. */
export const guardOf = (reading: Reading, leaf: Leaf, depth = 0): HonoGuard | undefined => {
  if (leaf.others !== undefined && !leaf.others.every((one) => guardOf(reading, one, depth + 1))) return
  if (!isUp(reading, leaf.node) || isChosenOff(reading, leaf.node, (one) => guardIn(reading, one) !== undefined)) return
  const { value } = leaf
  if (value.kind === 'external') {
    if (READS_ONLY.test(value.from)) return
    const last =
      withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ?? ''
    if (REFUSES[value.from]?.test(last)) return { at: placeOf(reading, value.at), what: last }
  }
  if (value.kind === 'function' && isOpen(reading, value, 'next')) return
  const found = guardIn(reading, value, leaf.name)
  if (value.kind !== 'function') return found && !found.optional ? found : undefined
  if (
    found !== undefined &&
    !found.optional &&
    (refusalIn(reading, value.node.body, value.scope) || throwsUnverified(value.node.body))
  )
    return found
  return depth > 4 ? undefined : passedOn(reading, value, depth)
}

/** `verify()` outside of a try refuses by throwing. */
const throwsUnverified = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (
      node.kind === 'call' &&
      /^(?:verify|jwtVerify|verifyToken|verifyIdToken|verifyAccessToken)$/.test(lastName(node.callee) ?? '')
    )
      found = true
    return !found && node.kind !== 'try' && node.kind !== 'function'
  })
  return found
}

/** `(c, next) => jwt({ secret: c.env.SECRET })(c, next)`, and a handler that runs a guard first: `await guard(c, async () => {})`. */
const passedOn = (
  reading: Reading,
  value: Extract<Value, { kind: 'function' }>,
  depth: number,
): HonoGuard | undefined => {
  const context = value.node.parameters[0]?.target
  if (context?.kind !== 'name') return
  let found: HonoGuard | undefined
  walk(value.node.body, (node) => {
    if (found !== undefined) return false
    if (
      node.kind !== 'call' ||
      node.args.length < 2 ||
      node.args[0]?.kind !== 'name' ||
      node.args[0].name !== context.name
    )
      return true
    const scope = reading.program.scopeOf(node) ?? value.scope
    const handler: Handler = {
      value: reading.evaluator.value(node.callee, scope, value.frame),
      node: node.callee,
      scope,
      frame: value.frame,
      name: nameAt(node.callee),
    }
    for (const leaf of leavesOf(reading, handler)) if (leaf.value !== value) found ??= guardOf(reading, leaf, depth + 1)
    return found === undefined
  })
  return found
}

/** The guard that a handler itself runs before anything else. */
export const guardInside = (reading: Reading, handler: Handler): HonoGuard | undefined => {
  for (const one of possibilities(handler.value)) {
    const found = one.kind === 'function' ? passedOn(reading, one, 0) : undefined
    if (found !== undefined) return found
  }
  return
}
