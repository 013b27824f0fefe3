/** What a limiter counts by, how many it lets through, and whether a function is one. */
import {
  type Call,
  type Located,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { writtenKey } from '../limits/index.ts'
import { assignedTo, placeOf, type Reading, writtenAt } from '../reading.ts'
import { ancestorsOf, argumentOf, type FunctionValue, lastOf, methodOf, numberOf } from './definitions.ts'

type Key = Limiter['key']

const FORWARDED =
  /^(?:http_)?(?:x[-_]forwarded[-_]for|x[-_]real[-_]ip|forwarded|x[-_]client[-_]ip|true[-_]client[-_]ip|x[-_]original[-_]forwarded[-_]for)$/i
const PLATFORM = /^(?:http_)?(?:cf[-_]connecting[-_]ip|fly[-_]client[-_]ip|x[-_]vercel[-_]forwarded[-_]for)$/i
const IDENTITY = /(?:^|[._])(?:user_?id|user|sub|username|email|account|token|api_?key|tenant|login)s?$/i

/** Visits nodes, and those of the project's functions that they call. */
const deep = (
  reading: Reading,
  nodes: readonly Node[],
  scope: Scope,
  visit: (node: Node, scope: Scope) => unknown,
  enters: (callee: FunctionValue) => boolean = () => true,
  depth = 0,
  seen = new Set<Node>(),
): void => {
  walk(nodes, (node) => {
    const here = reading.program.scopeOf(node) ?? scope
    if (visit(node, here) === false) return false
    if (node.kind !== 'call' || depth > 3) return true
    for (const callee of possibilities(reading.evaluator.value(node.callee, here))) {
      const target = callee.kind === 'instance' ? methodOf(reading, callee, '__call__') : callee
      if (target?.kind !== 'function' || seen.has(target.node) || !enters(target)) continue
      seen.add(target.node)
      deep(reading, target.node.body, target.scope, visit, enters, depth + 1, seen)
    }
    return true
  })
}

const TOO_MANY = /429|too_?many_?requests/i

/** A function answers 429, or something that it calls does; what only turns any error into its answer doesn't. */
export const limitsIn = (reading: Reading, nodes: readonly Node[], scope: Scope): boolean =>
  says(
    reading,
    nodes,
    scope,
    /429|too_?many_?requests|rate_?limit_?(?:ed_?)?(?:exceed|exception|error)/i,
    (one) => !turnsErrors(one),
  )

/** 429 itself stands there, or in what is called. */
export const answers429 = (reading: Reading, nodes: readonly Node[], scope: Scope): boolean =>
  says(reading, nodes, scope, TOO_MANY, () => true)

const says = (
  reading: Reading,
  nodes: readonly Node[],
  scope: Scope,
  names: RegExp,
  enters: (callee: FunctionValue) => boolean,
): boolean => {
  let found = false
  const visit = (node: Node) => {
    if (found) return false
    if (node.kind === 'literal' && node.value === 429) found = true
    if ((node.kind === 'name' || node.kind === 'member') && names.test(lastName(node) ?? '')) found = true
    return !found
  }
  deep(reading, nodes, scope, visit, enters)
  return found
}

/** `def raise_for(error): if isinstance(error, NotFound): …`: 429 is one of its many answers. */
const turnsErrors = ({ node }: FunctionValue): boolean => {
  const names = node.parameters.map(({ target }) => lastName(target))
  let tests = 0
  walk(node.body, (one) => {
    const [of] = one.kind === 'call' && lastName(one.callee) === 'isinstance' ? one.args : []
    if (of?.kind === 'name' && names.includes(of.name)) tests += 1
  })
  return tests > 1
}

/** What the code of a limiter looks at. */
export const keyIn = (reading: Reading, nodes: readonly Node[], scope: Scope): Key | undefined => {
  const found = new Map<Key['kind'], Key>()
  let checked = false
  let left: Node | undefined
  const add = (kind: Key['kind'], node: Node, what: string) => {
    if (!found.has(kind)) found.set(kind, { kind, at: placeOf(reading, node.at), what })
  }
  deep(reading, nodes, scope, (node, here) => {
    if (node.kind === 'literal' && typeof node.value === 'string') {
      if (FORWARDED.test(node.value)) add('header', node, node.value)
      if (PLATFORM.test(node.value)) add('platform', node, node.value)
      if (node.value === 'REMOTE_ADDR') add('client', node, node.value)
    }
    if (node.kind === 'if' && readsClient(node.test, here) && /\bin\b|trusted/i.test(writtenAt(reading, node.test)))
      checked = true
    if (isLeftEnd(node)) left ??= node
    if (node.kind === 'member') {
      const path = (pathOf(node) ?? []).join('.')
      if (/\bclient(?:\.host)?$|\bremote_addr$|\.access_route$/.test(path))
        add(path.endsWith('access_route') ? 'header' : 'client', node, path)
      else if (/(?:request|user|state|current_user|token|claims|payload)\b/.test(path) && IDENTITY.test(path))
        add('identity', node, path)
    }
    if (node.kind === 'call') {
      const callee = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? scope)
      const named = callee.kind === 'external' ? keyOfName(callee) : undefined
      if (named) add(named, node, lastOf(callee))
    }
  })
  const header = found.get('header')
  if (header && checked && left !== undefined)
    return { ...header, at: placeOf(reading, left.at), what: `the first value of ${header.what}` }
  // Read only where the peer is a listed proxy.
  if (header && checked) return { ...header, kind: 'client', what: 'checked' }
  return header ?? found.get('platform') ?? found.get('client') ?? found.get('identity')
}

/** `forwarded.split(",")[0]`: what the client wrote itself, before the proxy added to it. */
const isLeftEnd = (node: Node): boolean =>
  node.kind === 'member' &&
  node.property.kind === 'literal' &&
  node.property.value === 0 &&
  (node.object.kind === 'call'
    ? /^(?:split|partition)$/.test(lastName(node.object.callee) ?? '')
    : /forward|hops|chain|ips|addresses/i.test(lastName(node.object) ?? ''))

/** `request.client.host`, also by the name that it was given: `peer = request.client.host`. */
const readsClient = (test: Node, scope: Scope, depth = 0): boolean => {
  let found = false
  walk([test], (node) => {
    if (node.kind === 'member' && /client(?:\.host)?$|remote_addr$/.test((pathOf(node) ?? []).join('.'))) found = true
    const given = node.kind === 'name' && depth < 3 ? assignedTo(node.name, scope) : undefined
    found ||= given !== undefined && readsClient(given.node, given.scope, depth + 1)
    return !found
  })
  return found
}

/** slowapi's and flask-limiter's own. */
const keyOfName = (value: Value): Key['kind'] | undefined => {
  const name = lastOf(value)
  if (name === 'get_remote_address') return 'client'
  return name === 'get_ipaddr' ? 'header' : undefined
}

/** A key function that is given as a value. */
export const keyOf = (reading: Reading, value: Value | undefined, at: Node): Key => {
  const place = placeOf(reading, at.at)
  for (const one of value === undefined ? [] : possibilities(value)) {
    const named = keyOfName(one)
    if (named) return { kind: named, at: place, what: lastOf(one) }
    if (one.kind !== 'function') continue
    const found = keyIn(reading, one.node.body, one.scope)
    const written = found?.kind === 'header' ? undefined : writtenKey(reading, one, found?.kind === 'client')
    if (written ?? found) return (written ?? found) as Key
  }
  return { kind: 'unknown', at: place }
}

const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  sec: 1,
  s: 1,
  minute: 60,
  min: 60,
  m: 60,
  hour: 3600,
  hr: 3600,
  h: 3600,
  day: 86400,
  d: 86400,
  month: 2592000,
  year: 31557600,
}

/** `5/minute`, `100 per 15 minutes`, several with `;`: the least that is let through in a minute. */
export const perMinuteOf = (text: string): number | undefined => {
  const rates = text.split(/[;,|]/).flatMap((one) => {
    const found = one.match(/(\d+)\s*(?:\/|per)\s*(\d+)?\s*([a-z]+?)s?\s*$/i)
    const seconds = SECONDS[found?.[3]?.toLowerCase() ?? ''] ?? SECONDS[(found?.[3] ?? '').toLowerCase().slice(0, 1)]
    return found?.[1] === undefined || seconds === undefined
      ? []
      : [(Number(found[1]) * 60) / (seconds * Number(found[2] ?? 1))]
  })
  return rates.length === 0 ? undefined : Math.min(...rates)
}

const COUNT =
  /^(?:times|limit|max|max_?\w*|requests|calls|rate|burst|count|num\w*|attempts|(?:requests|calls|rate)_?(?:limit|per_window|per_period)?|limit_?\w*)$/i
const SPAN: readonly (readonly [RegExp, number])[] = [
  [/^(?:milliseconds|\w*_ms)$/i, 0.001],
  [/^(?:minutes|\w*_minutes|per_minutes)$/i, 60],
  [/^(?:hours|\w*_hours)$/i, 3600],
  [/^(?:seconds|window\w*|period\w*|interval\w*|per|duration|time_?frame|timeframe|ttl|\w*_seconds)$/i, 1],
]

/** A count and a span among the named values of a call: RateLimiter(times=5, seconds=60). */
export const rateOf = (named: ReadonlyMap<string, Value>): number | undefined => {
  let count: number | undefined
  let seconds = 0
  let span = false
  for (const [name, value] of named) {
    const number = numberOf(value)
    if (number === undefined) continue
    if (/per_?minute/i.test(name)) return number
    const unit = SPAN.find(([pattern]) => pattern.test(name))?.[1]
    if (unit !== undefined) {
      seconds += number * unit
      span ||= number > 0
    } else if (COUNT.test(name)) count ??= number
  }
  return count === undefined || !span ? undefined : (count * 60) / seconds
}

/** The parameters of a call by name, also those given by place. */
export const parametersOf = (
  reading: Reading,
  call: Located<Call>,
  callee: FunctionValue | undefined,
): ReadonlyMap<string, Value> => {
  if (callee) return reading.evaluator.frame(callee, call).parameters
  return new Map([...call.node.named].map(([name, node]) => [name, reading.evaluator.value(node, call.scope)]))
}

/** An instance's rate, by what its class was made with; also through `Rate(5, Duration.MINUTE)`. */
export const rateOfInstance = (reading: Reading, value: Extract<Value, { kind: 'instance' }>): number | undefined => {
  if (value.call === undefined) return
  const made = methodOf(reading, value, '__init__')
  const direct = rateOf(parametersOf(reading, value.call, made))
  if (direct !== undefined) return direct
  for (const arg of value.call.node.args)
    if (arg.kind === 'call') return rateOfCall(reading, { node: arg, scope: value.call.scope })
  return
}

/** The rate of the limiter that a function asks: `everything.allows(request)`. */
export const rateInside = (reading: Reading, body: readonly Node[]): number | undefined => {
  let found: number | undefined
  walk(body, (node) => {
    if (found !== undefined || node.kind !== 'call') return
    const scope = reading.program.scopeOf(node)
    if (scope === undefined) return
    if (node.callee.kind === 'member')
      for (const value of possibilities(reading.evaluator.value(node.callee.object, scope)))
        if (value.kind === 'instance') found ??= rateOfInstance(reading, value)
    const callee = reading.evaluator.value(node.callee, scope)
    if (found === undefined && callee.kind === 'function')
      found = rateOf(parametersOf(reading, { node, scope }, callee))
  })
  return found
}

/** pyrate-limiter's `Rate(5, Duration.SECOND * 30)`. */
const rateOfCall = (reading: Reading, call: Located<Call>): number | undefined => {
  const [count, span] = [
    argumentOf(reading, call, 'limit', 0)?.values[0],
    call.node.named.get('interval') ?? call.node.args[1],
  ]
  const times = numberOf(count)
  if (times === undefined || span === undefined) return
  const text = writtenAt(reading, span)
  const unit = SECONDS[text.match(/Duration\.([A-Z]+)/)?.[1]?.toLowerCase() ?? '']
  const factor = Number(text.match(/\*\s*(\d+)/)?.[1] ?? text.match(/(\d+)\s*\*/)?.[1] ?? 1)
  return unit === undefined ? undefined : (times * 60) / (unit * factor)
}

/** Whether a class is a limiter: what runs when it is called answers 429, or its name says so. */
export const isLimiterName = (name: string): boolean => /rate_?limit|throttl|^limit_/i.test(name)

export const limiterClass = (reading: Reading, value: Extract<Value, { kind: 'instance' }>): boolean =>
  isLimiterName(value.class.node.name ?? '') || ancestorsOf(reading, value.class).some(isLimiterName)
