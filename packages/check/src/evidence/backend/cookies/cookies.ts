/** Cookies that carry a session, and the flags they lack. */
import { type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { CookieSetting } from '../facts.ts'
import { assignedTo, placeOf, type Reading, whenTrue } from '../reading.ts'
import { ofProduction } from '../switches/index.ts'
import { jarCookiesOf } from './jars.ts'
import { pythonCookiesOf } from './python-cookies.ts'
import { carriesSession } from './session-cookies.ts'
import { writtenCookiesOf } from './written-headers.ts'

type Flag = CookieSetting['missing'][number]

export const cookiesOf = (reading: Reading): CookieSetting[] => [
  ...ofCalls(reading),
  ...ofExpress(reading),
  ...ofFastify(reading),
  ...ofJars(reading),
  ...writtenCookiesOf(reading),
  ...pythonCookiesOf(reading),
]

/** `res.cookie(name, value, options)`, `reply.setCookie(…)`, Hono's `setCookie(c, name, value, options)`, `serialize(name, value, options)` */
const ofCalls = (reading: Reading): readonly CookieSetting[] =>
  ['cookie', 'setCookie', 'setSignedCookie', 'serialize', 'serializeCookie'].flatMap((name) =>
    inFrames(reading, name).flatMap(({ node, scope, frame }) => {
      const value = (one: Node | undefined): Value | undefined => one && reading.evaluator.value(one, scope, frame)
      // A function of the project's own sets what it sets; `cookie('name')` reads one.
      const callee = value(node.callee)
      if (callee?.kind === 'function' || (name === 'cookie' && node.args.length < 2)) return []
      const isText = name.startsWith('serialize')
      if (isText && !(callee?.kind === 'external' && /^(?:cookie|cookie-es|@fastify\/cookie)$/.test(callee.from)))
        return []
      const onContext = name !== 'cookie' && !isText && node.callee.kind === 'name'
      const [key, given, options] = onContext ? node.args.slice(1) : node.args
      return carriesSession(node, value(key), value(given))
        ? [{ at: placeOf(reading, node.at), missing: missingIn(reading, value(options), []) }]
        : []
    }),
  )

/** Each way in which a call is reached: `setToken(res, name, options)` of the project's own is called with the options of that name. */
const inFrames = (reading: Reading, name: string) =>
  reading.program
    .callsNamed(name)
    .flatMap((call) => reading.evaluator.callGraph.frames(call.scope).map((frame) => ({ ...call, frame })))

const ofJars = (reading: Reading): readonly CookieSetting[] =>
  jarCookiesOf(reading).flatMap(({ call, name, value, options, byDefault }) =>
    carriesSession(call.node, name, value)
      ? [{ at: placeOf(reading, call.node.at), missing: missingIn(reading, options, byDefault) }]
      : [],
  )

/** `session({ cookie: { secure: true } })`, `cookieSession({ secure: true })` */
const ofExpress = (reading: Reading): readonly CookieSetting[] =>
  ['session', 'cookieSession'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const callee = reading.evaluator.value(node.callee, scope)
      if (callee.kind !== 'external' || !/^(?:express-session|cookie-session)$/.test(callee.from)) return []
      const options = node.args[0] && reading.evaluator.value(node.args[0], scope)
      const cookie =
        options?.kind === 'object' ? (name === 'session' ? options.entries.get('cookie') : options) : undefined
      // They set HttpOnly unless told otherwise.
      return [{ at: placeOf(reading, node.at), missing: missingIn(reading, cookie, ['HttpOnly']) }]
    }),
  )

/** `register(session, { cookie: { secure: false } })` */
const ofFastify = (reading: Reading): readonly CookieSetting[] =>
  reading.program.callsNamed('register').flatMap(({ node, scope }) => {
    const [plugin, given] = node.args.slice(0, 2).map((one) => reading.evaluator.value(one, scope))
    const isSession =
      plugin?.kind === 'external' && /^(?:@fastify\/(?:secure-)?session|@mgcrea\/fastify-session)$/.test(plugin.from)
    const cookie = given?.kind === 'object' ? given.entries.get('cookie') : undefined
    // They set HttpOnly and Secure unless told otherwise.
    return isSession
      ? [{ at: placeOf(reading, node.at), missing: missingIn(reading, cookie, ['HttpOnly', 'Secure']) }]
      : []
  })

const missingIn = (reading: Reading, options: Value | undefined, byDefault: readonly Flag[]): Flag[] => {
  const given = options === undefined ? [] : possibilities(options)
  const objects = given.filter((one) => one.kind === 'object')
  if (objects.length < given.length) return []
  const all: readonly (readonly [Flag, string])[] = [
    ['HttpOnly', 'httpOnly'],
    ['Secure', 'secure'],
    ['SameSite', 'sameSite'],
  ]
  return all.flatMap(([flag, option]) => {
    const value = objects.map(({ entries }) => entries.get(option)).find((one) => one !== undefined)
    if (value === undefined) return byDefault.includes(flag) ? [] : [flag]
    const isOff = ofProduction(reading, possibilities(value)).every(
      (one) => one.kind === 'literal' && isNoFlag(flag, one.value),
    )
    return isOff || objects.some((one) => isForDevelopment(reading, one, option)) ? [flag] : []
  })
}

const isNoFlag = (flag: Flag, value: string | number | boolean | null): boolean =>
  value === false || value === null || (flag === 'SameSite' && /^none$/i.test(String(value)))

/** `secure: process.env.NODE_ENV !== 'production'`: it is on where nobody listens. */
const isForDevelopment = (reading: Reading, options: Extract<Value, { kind: 'object' }>, option: string): boolean => {
  const written = options.node?.node
  const entry =
    written?.kind === 'object'
      ? written.entries.findLast(({ key }) => key.kind === 'literal' && key.value === option)
      : undefined
  return entry !== undefined && options.node !== undefined && isDevelopment(reading, entry.value, options.node.scope)
}

/** A switch whose default is off is no such test: who runs it says what it is. */
const isDevelopment = (reading: Reading, node: Node, scope: Scope): boolean => {
  const held = node.kind === 'name' ? assignedTo(node.name, scope) : undefined
  if (held !== undefined && held.node !== node) return isDevelopment(reading, held.node, held.scope)
  return /^(?:binary|unary|logical|call)$/.test(node.kind) && whenTrue(reading, node, scope) === 'development'
}
