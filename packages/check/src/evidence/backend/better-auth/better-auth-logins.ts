/**
 * better-auth answers its logins itself, below one path that a program hands to it: they are routes like any other, and what stands
 * before that path stands before them. It has a limiter of its own as well.
 */
import {
  type Call,
  type Located,
  lastName,
  possibilities,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { FrameworkFacts, Limiter, Route } from '../facts.ts'
import { perMinuteOf } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'

/** What its routes say that they are handled by. */
export const BETTER_AUTH = 'better-auth'

/** The end of a path that takes whatever comes, as each framework writes it. */
const REST = /\/?(?:\*\w*|\{\*\w+\}|\(\.\*\)|:\w+\*|:\w+\{\.[+*]\})$/

/** The paths of its logins below a mount (`/api/auth/*`); none where the handler is something else. */
export const signInsBelow = (reading: Reading, handler: Value | undefined, mount: string): readonly string[] => {
  const base = mount.replace(REST, '')
  if (handler === undefined || base === mount || !isUsed(reading) || !leadsThere(reading, handler, 0)) return []
  // A router that is mounted elsewhere knows the last part of its path alone.
  return signIns(reading, (own) => (own.startsWith(base === '' ? '/' : base) ? own : base))
}

/** All of its logins, below the path that it knows itself. */
export const signIns = (reading: Reading, below: (own: string) => string = (own) => own): readonly string[] => {
  const all = made(reading)
  const paths = all.length === 0 ? ['/sign-in/email'] : [...new Set(all.flatMap((one) => waysIn(reading, one)))]
  const [own = '/api/auth'] = all.flatMap((one) => textIn(entry(optionsOf(reading, one), 'basePath')) ?? [])
  return paths.map((path) => `${below(own)}${path}`)
}

const used = new WeakMap<Reading, boolean>()

const isUsed = (reading: Reading): boolean => {
  const known = used.get(reading) ?? [...reading.program.imports].some((one) => /^better-auth(?:\/|$)/.test(one))
  used.set(reading, known)
  return known
}

/** `toNodeHandler(auth)`, `(c) => auth.handler(c.req.raw)`. */
const leadsThere = (reading: Reading, handler: Value, depth: number): boolean =>
  possibilities(handler).some((one) => {
    if (one.kind === 'external') return isHandler(one)
    if (one.kind !== 'function' || depth > 2) return false
    let found = false
    walk(one.node.body, (node) => {
      if (found || node.kind !== 'call') return !found
      const name = lastName(node.callee) ?? ''
      if (!/^(?:handler|toNodeHandler|handleAuth|handle\w*|\w*[aA]uth\w*)$/.test(name)) return true
      const scope = reading.program.scopeOf(node) ?? one.scope
      const callee = reading.evaluator.value(node.callee, scope, one.frame)
      found = (name === 'handler' && isAskedFor(callee)) || leadsThere(reading, callee, depth + 1)
      return !found
    })
    return found
  })

/** `app.get(AUTH).handler(request)`: a container gives it, and what else has a handler for all that is below a path? */
const isAskedFor = (callee: Value): boolean =>
  possibilities(callee).some(
    (one) => one.kind === 'external' && /(?:^|\.)(?:get|resolve)\.\(\)\.handler$/.test(one.path.join('.')),
  )

const isHandler = ({ from, path }: Extract<Value, { kind: 'external' }>): boolean => {
  if (!/^better-auth(?:\/|$)/.test(from)) return false
  const names = withoutDefault(path)
  return names[0] === 'toNodeHandler' || (names[0] === 'betterAuth' && names[2] === 'handler')
}

/** The calls of `betterAuth({…})`. */
const made = (reading: Reading): readonly Located<Call>[] =>
  reading.program
    .callsNamed('betterAuth')
    .filter(({ node, scope }) =>
      possibilities(reading.evaluator.value(node.callee, scope)).some(
        (one) => one.kind === 'external' && /^better-auth(?:\/|$)/.test(one.from),
      ),
    )

const optionsOf = (reading: Reading, { node, scope }: Located<Call>): Value | undefined =>
  node.args[0] && reading.evaluator.value(node.args[0], scope)

/** With a password, or with one of the plugins' own; a social login checks no credential here. */
const waysIn = (reading: Reading, call: Located<Call>): readonly string[] => {
  const options = optionsOf(reading, call)
  const passwords = entry(options, 'emailAndPassword')
  const unread = options?.kind !== 'object' || (passwords === undefined && options.rest.length > 0)
  const plugins = entry(options, 'plugins')
  const named = plugins?.kind === 'list' ? plugins.items.flatMap(possibilities) : []
  const has = (plugin: string) =>
    named.some((one) => one.kind === 'external' && withoutDefault(one.path).join('.') === `${plugin}.()`)
  return [
    ...(unread || (passwords !== undefined && !isLiteral(entry(passwords, 'enabled'), false))
      ? ['/sign-in/email']
      : []),
    ...(has('username') ? ['/sign-in/username'] : []),
    ...(has('emailOTP') ? ['/sign-in/email-otp'] : []),
    ...(has('phoneNumber') ? ['/sign-in/phone-number'] : []),
  ]
}

/** Logins that nothing of the program's own limits are limited by better-auth, in production and unless it is told not to. */
export const withOwnLimit = (reading: Reading, facts: FrameworkFacts): FrameworkFacts => {
  const bare = (one: Route) => one.handler === BETTER_AUTH && one.limiters.length === 0
  if (!facts.routes.some(bare)) return facts
  const [limiter, ...others] = made(reading).map((one) => limiterOf(reading, one))
  if (limiter === undefined || others.includes(undefined)) return facts
  return {
    ...facts,
    routes: facts.routes.map((one) => (bare(one) ? { ...one, limiters: [limiter] } : one)),
    limiters: [...facts.limiters, limiter],
  }
}

/** Three logins in ten seconds, by the first address of X-Forwarded-For: what it does where nobody says otherwise. */
const limiterOf = (reading: Reading, call: Located<Call>): Limiter | undefined => {
  const options = optionsOf(reading, call)
  const [limit, advanced] = [entry(options, 'rateLimit'), entry(entry(options, 'advanced'), 'ipAddress')]
  const rule = entry(entry(limit, 'customRules'), '/sign-in/email')
  if (isLiteral(entry(limit, 'enabled'), false) || isLiteral(rule, false)) return
  if (isLiteral(entry(advanced, 'disableIpTracking'), true)) return
  const at = placeOf(reading, call.node.at)
  const perMinute = rule === undefined ? 18 : perMinuteOf(reading, entry(rule, 'max'), entry(rule, 'window'), 1)
  const listed = entry(advanced, 'ipAddressHeaders')
  const headers = listed?.kind === 'list' ? listed.items.map((one) => textIn(one) ?? '') : ['x-forwarded-for']
  const isPlatform = headers.every((one) => /^(?:cf-connecting-ip|fly-client-ip|x-vercel-forwarded-for)$/i.test(one))
  return {
    at,
    library: 'better-auth',
    mounted: 'somewhere',
    ...(perMinute === undefined ? {} : { perMinute }),
    key: { kind: isPlatform ? 'platform' : 'header', at, what: headers.join(', ') },
  }
}

const entry = (value: Value | undefined, name: string): Value | undefined => {
  for (const one of value === undefined ? [] : possibilities(value)) {
    const found = one.kind === 'object' ? one.entries.get(name) : undefined
    if (found !== undefined) return found
  }
  return
}

const textIn = (value: Value | undefined): string | undefined =>
  value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined

const isLiteral = (value: Value | undefined, wanted: boolean): boolean =>
  value !== undefined && possibilities(value).every((one) => one.kind === 'literal' && one.value === wanted)
