/** Hono's applications: which object a registration is made on, whoever made it. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  possibilities,
  type Scope,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { joined } from './paths.ts'

export interface App {
  /** Where it is made, and through which calls of the project's own functions: `createRouter()` makes another one each time. */
  readonly id: string
  /** What `basePath` put before it. */
  readonly prefix: string
}

/** A parameter that is only known by its type. */
export const TYPED = 'typed'

export const HONO =
  /^(?:npm:|jsr:)?(?:hono(?:@[^/]*)?(?:\/(?:tiny|quick))?|@hono\/hono|@hono\/zod-openapi|honox\/server|hono\/hono-base)$/
const CLASSES = /^(?:Hono|OpenAPIHono|createApp)$/

/** What gives the application itself back, so that calls can be chained. */
const CHAINED =
  /^(?:get|post|put|patch|delete|options|head|all|on|use|route|mount|openapi|onError|notFound|doc|doc31|basePath|\$call)$/

export const appOf = (reading: Reading, value: Value, depth = 0): App | undefined => {
  if (depth > 40) return
  for (const one of possibilities(value)) {
    const found = single(reading, one, depth)
    if (found !== undefined) return found
  }
  return
}

const single = (reading: Reading, value: Value, depth: number): App | undefined => {
  if (value.kind === 'instance') {
    // class Api extends Hono
    const extended = value.class.node.bases.some((base) => isHono(reading.evaluator.value(base, value.class.scope)))
    return extended && value.call ? { id: identityOf(value.call, undefined), prefix: '' } : undefined
  }
  if (value.kind !== 'external') return
  const path = withoutDefault(value.path)
  const { call } = value
  if (value.from === 'chanfana' && path.join('.') === 'fromHono.()' && call?.node.args[0])
    return appOf(reading, reading.evaluator.value(call.node.args[0], call.scope, value.frame), depth + 1)
  if (value.from === 'hono/factory') {
    const made = path.at(-1) === '()' && path.at(-2) === 'createApp' && call?.node.callee.kind === 'member'
    if (made) return { id: identityOf(call, value.frame), prefix: '' }
    if (!path.includes('createApp')) return
  } else if (!HONO.test(value.from)) return
  if (call === undefined) return CLASSES.test(path.at(-1) ?? '') ? { id: TYPED, prefix: '' } : undefined
  if (path.at(-1) !== '()') return
  if (call.node.constructs)
    return CLASSES.test(path.at(-2) ?? '') ? { id: identityOf(call, value.frame), prefix: '' } : undefined
  const method = lastName(call.node.callee) ?? ''
  if (call.node.callee.kind !== 'member' || !CHAINED.test(method)) return
  const base = appOf(reading, reading.evaluator.value(call.node.callee.object, call.scope, value.frame), depth + 1)
  if (base === undefined || method !== 'basePath') return base
  const under = call.node.args[0] && reading.evaluator.value(call.node.args[0], call.scope, value.frame)
  return { ...base, prefix: joined(base.prefix, under?.kind === 'literal' ? String(under.value) : '/:base') }
}

const isHono = (value: Value): boolean =>
  value.kind === 'external' && HONO.test(value.from) && CLASSES.test(withoutDefault(value.path).at(-1) ?? '')

/** The place of the `new`, and of each call that led to it; what has no part in it is left out. */
const identityOf = (call: Located<Call>, frame: Frame | undefined): string => {
  const parts = [placeIn(call)]
  let { scope } = call
  for (let one = frame; one !== undefined; one = one.outer) {
    if (one.call === undefined || !standsIn(scope, one)) continue
    parts.push(placeIn(one.call))
    scope = one.call.scope
  }
  return parts.join('<')
}

const placeIn = ({ node }: Located<Call>): string => `${node.at.file}:${node.at.start}-${node.at.end}`

const standsIn = (scope: Scope, frame: Frame): boolean => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
    if (one.owner === frame.function) return true
  return false
}
