/** slowapi: its limiters, whether they count at all, and what they are put on. */
import { type Call, type Frame, type Located, lastName, type Node, type Scope, walk } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { isFreshKey, skipsAll } from '../limits/index.ts'
import { argumentOf, definitionOf, flatTexts, isOff, keyOf, perMinuteOf, valuesOf } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import type { Middleware } from './middleware.ts'

export interface Slowapi {
  readonly everywhere: readonly Limiter[]
  readonly made: readonly { readonly call: Located<Call>; readonly limiter: Limiter }[]
  readonly used: Set<Call>
  readonly decorated: (one: Located) => Limiter | undefined
  readonly exempts: (one: Located) => boolean
}

interface Made {
  readonly call: Located<Call>
  readonly limiter: Limiter
  readonly limits: boolean
}

export const slowapiOf = (reading: Reading, middleware: readonly Middleware[]): Slowapi => {
  const made = reading.program.callsNamed('Limiter').flatMap((call) => madeBy(reading, call) ?? [])
  const isMounted = middleware.some((one) => /^SlowAPI(?:ASGI)?Middleware$/.test(one.name))
  const used = new Set<Call>()
  const everywhere = made.flatMap(({ call, limiter, limits }) => {
    if (!isMounted || !limits) return []
    used.add(call.node)
    return [{ ...limiter, mounted: 'everywhere' as const }]
  })
  const ownerOf = (node: Node, scope: Scope): Made | undefined => {
    for (const value of valuesOf(reading, node, scope)) {
      const found = value.kind === 'external' ? made.find(({ call }) => call.node === value.call?.node) : undefined
      if (found) return found
    }
    return /limiter/i.test(lastName(node) ?? '') && made.length === 1 ? made[0] : undefined
  }
  const limitedBy = (written: Located, frame?: Frame): Limiter | undefined => {
    // `auth_limit = limiter.shared_limit('5/minute', scope='auth')` and `@auth_limit`.
    const { node, scope } = definitionOf(reading, written.node, written.scope)
    if (
      node.kind !== 'call' ||
      node.callee.kind !== 'member' ||
      !/^(?:limit|shared_limit)$/.test(lastName(node.callee) ?? '')
    )
      return
    const owner = ownerOf(node.callee.object, scope)
    if (owner === undefined) return
    used.add(owner.call.node)
    return onRoute(reading, { node, scope }, owner, frame)
  }
  return {
    everywhere,
    made,
    used,
    exempts: ({ node, scope }) =>
      node.kind === 'member' && lastName(node) === 'exempt' && ownerOf(node.object, scope) !== undefined,
    decorated: (one) => limitedBy(one) ?? throughWrapper(reading, one, limitedBy),
  }
}

const madeBy = (reading: Reading, call: Located<Call>): Made | undefined => {
  const value = reading.evaluator.value(call.node.callee, call.scope)
  if (value.kind !== 'external' || !value.from.startsWith('slowapi') || whenOf(reading, call.node) === 'development')
    return
  const key = argumentOf(reading, call, 'key_func', 0)
  const rates = [
    ...(argumentOf(reading, call, 'default_limits')?.values ?? []),
    ...(argumentOf(reading, call, 'application_limits')?.values ?? []),
  ]
  const limits = flatTexts(rates).flatMap((one) => perMinuteOf(one) ?? [])
  const off = key?.values.find((one) => isFreshKey(reading, one)) ?? offBy(reading, call)
  const limiter: Limiter = {
    at: placeOf(reading, call.node.at),
    library: 'slowapi',
    mounted: 'nowhere',
    ...(off === undefined ? {} : { off: placeOf(reading, off.at) }),
    ...(limits.length > 0 ? { perMinute: Math.min(...limits) } : {}),
    key: keyOf(reading, key?.values[0], key?.node ?? call.node),
  }
  return { call, limiter, limits: rates.length > 0 }
}

/** What switches it off: its own `enabled`, or one that is set afterwards. */
const offBy = (reading: Reading, call: Located<Call>): Node | undefined => {
  const given = argumentOf(reading, call, 'enabled')
  const own = given?.node ?? call.node
  if (given !== undefined && isOff(reading, given.node && { node: given.node, scope: call.scope }, given.values))
    return own
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !module.text.includes('.enabled')) continue
    let found: Node | undefined
    walk(module.body, (node) => {
      if (node.kind !== 'assign' || node.target.kind !== 'member' || node.value === undefined) return
      const scope = reading.program.scopeOf(node)
      if (scope === undefined || lastName(node.target) !== 'enabled' || whenOf(reading, node) !== 'always') return
      const isThis = valuesOf(reading, node.target.object, scope).some(
        (one) => one.kind === 'external' && one.call?.node === call.node,
      )
      const values = isThis ? valuesOf(reading, node.value, scope) : []
      if (isOff(reading, { node: node.value, scope }, values)) found = node.value
    })
    if (found !== undefined) return found
  }
  return
}

const onRoute = (reading: Reading, call: Located<Call>, owner: Made, frame: Frame | undefined): Limiter => {
  const { node, scope } = call
  const [first = node] = node.args
  const values = frame === undefined ? valuesOf(reading, first, scope) : [reading.evaluator.value(first, scope, frame)]
  const rate = flatTexts(values).flatMap((one) => perMinuteOf(one) ?? [])[0]
  const key = argumentOf(reading, call, 'key_func', 1)
  const exempt = argumentOf(reading, call, 'exempt_when')?.values.find((one) => skipsAll(reading, one))
  const never = exempt ?? key?.values.find((one) => isFreshKey(reading, one))
  const off = never ? placeOf(reading, never.at) : owner.limiter.off
  return {
    at: placeOf(reading, frame?.call?.node.at ?? node.at),
    library: 'slowapi',
    mounted: 'somewhere',
    ...(off ? { off } : {}),
    ...(rate === undefined ? {} : { perMinute: rate }),
    key: key ? keyOf(reading, key.values[0], key.node ?? node) : owner.limiter.key,
  }
}

/** `@limited('5/minute')` of the project's own, in which `limiter.limit(rate)` wraps the handler. */
const throughWrapper = (
  reading: Reading,
  { node, scope }: Located,
  limitedBy: (one: Located, frame?: Frame) => Limiter | undefined,
): Limiter | undefined => {
  const call = node.kind === 'call' ? { node, scope } : undefined
  for (const value of valuesOf(reading, call?.node.callee ?? node, scope)) {
    if (value.kind !== 'function') continue
    const frame = call && reading.evaluator.frame(value, call)
    let found: Limiter | undefined
    walk(value.node.body, (inner) => {
      if (found === undefined && inner.kind === 'call')
        found = limitedBy({ node: inner, scope: reading.program.scopeOf(inner) ?? value.scope }, frame)
      return found === undefined
    })
    if (found !== undefined) return { ...found, at: placeOf(reading, node.at) }
  }
  return
}
