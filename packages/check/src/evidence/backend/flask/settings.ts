/** The settings around a Flask program: limiters and proxies. */
import { type Call, type Located, lastName, type Node, type Value, walkBody } from '../../source/index.ts'
import type { Limiter, ProxyTrust } from '../facts.ts'
import { isFreshKey } from '../limits/index.ts'
import {
  argumentOf,
  askedLimiters,
  definitionOf,
  flatTexts,
  isOff,
  keyOf,
  numberOf,
  perMinuteOf,
  valuesOf,
  wrappingLimiters,
} from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { blueprintLimits } from './blueprint-limits.ts'
import { configured } from './configuration.ts'
import { hookLimiters } from './hook-limiters.ts'
import type { FlaskRoute } from './routes.ts'

export const isOf = (reading: Reading, { node, scope }: Located<Call>, from: RegExp): boolean => {
  const value = reading.evaluator.value(node.callee, scope)
  return value.kind === 'external' && from.test(value.from)
}

// —— flask-limiter

const LIMITS = /^(?:limit|shared_limit)$/

interface FlaskLimiting {
  readonly limiters: readonly Limiter[]
  /** Of one of its methods; without one, of any. */
  readonly of: (route: FlaskRoute, method?: string) => readonly Limiter[]
}

export const limitingOf = (reading: Reading, routes: readonly FlaskRoute[]): FlaskLimiting => {
  const made = reading.program
    .callsNamed('Limiter')
    .filter((call) => isOf(reading, call, /^flask_limiter/) && whenOf(reading, call.node) !== 'development')
  const limiterOf = (
    call: Located<Call>,
    limits: readonly string[],
    mounted: Limiter['mounted'],
    at: Node,
  ): Limiter => {
    const key = argumentOf(reading, call, 'key_func') ?? argumentOf(reading, call, 'key_func', 0)
    const rates = limits.flatMap((one) => perMinuteOf(one) ?? [])
    const off = argumentOf(reading, call, 'enabled') ?? configured(reading, 'RATELIMIT_ENABLED')[0]
    const isSwitchedOff =
      off !== undefined &&
      isOff(reading, off.node && { node: off.node, scope: reading.program.scopeOf(off.node) ?? call.scope }, off.values)
    const fresh = key?.values.find((one) => isFreshKey(reading, one))
    const never = isSwitchedOff ? (off.node?.at ?? call.node.at) : fresh?.at
    return {
      at: placeOf(reading, at.at),
      library: 'flask-limiter',
      mounted,
      ...(never ? { off: placeOf(reading, never) } : {}),
      ...(rates.length > 0 ? { perMinute: Math.min(...rates) } : {}),
      key: keyOf(reading, key?.values[0], key?.node ?? call.node),
    }
  }
  const rooted = made.map((call) => {
    const limits = flatTexts(
      ['default_limits', 'application_limits'].flatMap((name) => argumentOf(reading, call, name)?.values ?? []),
    )
    const applied = hasApplication(reading, call)
    return {
      call,
      applied,
      limiter: limiterOf(call, limits, limits.length > 0 && applied ? 'everywhere' : 'nowhere', call.node),
    }
  })
  const everywhere = rooted.filter(({ limiter }) => limiter.mounted === 'everywhere').map(({ limiter }) => limiter)
  const used = new Set<Call>()
  const ofBlueprints = blueprintLimits(reading)
  const hooked = hookLimiters(reading)
  const own = new Map<Node, Limiter>()
  const asked = new Map<string, Limiter>()
  const ownOf = ({ node, scope }: Located): readonly Limiter[] => {
    // What flask-limiter has under these names is no limit of the program's own.
    if (node.kind === 'call' && node.callee.kind === 'member' && LIMITS.test(lastName(node.callee) ?? '')) return []
    const known = own.get(node)
    if (known !== undefined) return [known]
    const found = wrappingLimiters(reading, { node, scope })
    for (const one of found) own.set(node, one)
    return found
  }
  const of = (route: FlaskRoute, method?: string): readonly Limiter[] => {
    const exempt = route.wrappers.some(({ node }) => lastName(node.kind === 'call' ? node.callee : node) === 'exempt')
    const around = (route.blueprint && ofBlueprints.get(route.blueprint)) ?? []
    const wrapped = [...route.wrappers, ...around].flatMap((written): readonly Limiter[] => {
      // `auth_limit = limiter.shared_limit('5/minute', scope='auth')` and `@auth_limit`.
      const made = definitionOf(reading, written.node, written.scope)
      const { node, scope } = made.node.kind === 'call' ? made : written
      if (
        node.kind !== 'call' ||
        node.callee.kind !== 'member' ||
        !LIMITS.test(lastName(node.callee) ?? '') ||
        !isFor(reading, { node, scope }, method)
      )
        return ownOf({ node, scope })
      const values = valuesOf(reading, node.callee.object, scope)
      const root =
        rooted.find(({ call }) => values.some((one) => one.kind === 'external' && one.call?.node === call.node)) ??
        (rooted.length === 1 ? rooted[0] : undefined)
      if (root === undefined) return []
      used.add(root.call.node)
      const known = own.get(node) ?? {
        ...limiterOf(
          root.call,
          flatTexts(node.args[0] ? valuesOf(reading, node.args[0], scope) : []),
          'somewhere',
          node,
        ),
        ...(root.applied ? {} : { off: placeOf(reading, root.call.node.at) }),
      }
      own.set(node, known)
      return [known]
    })
    const inside = route.handler === undefined ? [] : askedLimiters(reading, route.handler)
    for (const one of inside) asked.set(`${one.at.file}:${one.at.line}`, one)
    const before = hooked.filter(({ covers }) => covers(route)).map(({ limiter }) => limiter)
    return [...(exempt ? [] : everywhere), ...before, ...wrapped, ...inside]
  }
  for (const route of routes) of(route)
  const unused = rooted
    .filter(({ call, limiter }) => limiter.mounted === 'nowhere' && !used.has(call.node))
    .map(({ limiter }) => limiter)
  return {
    limiters: [...everywhere, ...hooked.map(({ limiter }) => limiter), ...own.values(), ...asked.values(), ...unused],
    of,
  }
}

/** `limiter.limit('5/minute', methods=['POST'])` counts no other. */
const isFor = (reading: Reading, call: Located<Call>, method: string | undefined): boolean => {
  const listed = flatTexts(argumentOf(reading, call, 'methods')?.values ?? [])
  return method === undefined || listed.length === 0 || listed.some((one) => one.toUpperCase() === method)
}

/** It counts once it has its application: given, or by an `init_app` of it, or of something that could not be followed. */
const hasApplication = (reading: Reading, { node: made }: Located<Call>): boolean =>
  made.named.has('app') ||
  // Before version 3 the application came first.
  made.args.length > (made.named.has('key_func') ? 0 : 1) ||
  made.args.some((one) => one.kind === 'spread' || /app/i.test(lastName(one) ?? '')) ||
  reading.program.callsNamed('init_app').some(({ node, scope }) => {
    if (node.callee.kind !== 'member' || /limiter/i.test(lastName(node.callee.object) ?? '')) return true
    const call = (one: Value) => (one.kind === 'external' || one.kind === 'instance' ? one.call?.node : undefined)
    return valuesOf(reading, node.callee.object, scope).some((one) => call(one) === undefined || call(one) === made)
  })

export const mentions = (reading: Reading, word: string): boolean =>
  [...reading.program.modules.values()].some((one) => one.language === 'python' && one.text.includes(word))

// —— Proxies

export const proxiesOf = (reading: Reading): readonly ProxyTrust[] =>
  reading.program.callsNamed('ProxyFix').map((call) => {
    const given = argumentOf(reading, call, 'x_for', 1)
    const hops = given === undefined ? 1 : numberOf(given.values[0])
    return {
      at: placeOf(reading, call.node.at),
      framework: 'flask',
      trust: hops === undefined ? 'unknown' : hops === 0 ? 'none' : 'hops',
    }
  })

/** What a handler reads of the request as it is. */
export const rawReadsIn = (body: readonly Node[], visit: (from: 'body' | 'query', node: Node) => void): void => {
  const isRequest = (node: Node): boolean => /^(?:request|req)$/.test(lastName(node) ?? '')
  walkBody(body, (node) => {
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      /^(?:get_json|get_data)$/.test(lastName(node.callee) ?? '') &&
      isRequest(node.callee.object)
    )
      visit('body', node)
    if (node.kind === 'member' && isRequest(node.object)) {
      const name = lastName(node) ?? ''
      if (/^(?:json|form|data|values)$/.test(name)) visit('body', node)
      if (name === 'args') visit('query', node)
    }
  })
}
