/** Cookies that carry a session, and the flags they lack. */
import { type Node, possibilities, type Value } from '../../source/index.ts'
import type { CookieSetting } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { pythonCookiesOf } from './python-cookies.ts'
import { carriesSession } from './session-cookies.ts'

type Flag = CookieSetting['missing'][number]

export const cookiesOf = (reading: Reading): CookieSetting[] => [
  ...ofCalls(reading),
  ...ofExpress(reading),
  ...ofFastify(reading),
  ...pythonCookiesOf(reading),
]

/** `res.cookie(name, value, options)`, `reply.setCookie(…)`, Hono's `setCookie(c, name, value, options)` */
const ofCalls = (reading: Reading): readonly CookieSetting[] =>
  ['cookie', 'setCookie', 'setSignedCookie'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const value = (one: Node | undefined): Value | undefined => one && reading.evaluator.value(one, scope)
      // A function of the project's own sets what it sets; `cookie('name')` reads one.
      if (value(node.callee)?.kind === 'function' || (name === 'cookie' && node.args.length < 2)) return []
      const onContext = name !== 'cookie' && node.callee.kind === 'name'
      const [key, given, options] = onContext ? node.args.slice(1) : node.args
      return carriesSession(value(key), value(given))
        ? [{ at: placeOf(reading, node.at), missing: missingIn(value(options), []) }]
        : []
    }),
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
      return [{ at: placeOf(reading, node.at), missing: missingIn(cookie, ['HttpOnly']) }]
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
    return isSession ? [{ at: placeOf(reading, node.at), missing: missingIn(cookie, ['HttpOnly', 'Secure']) }] : []
  })

const missingIn = (options: Value | undefined, byDefault: readonly Flag[]): Flag[] => {
  if (options !== undefined && possibilities(options).some((one) => one.kind !== 'object')) return []
  const all: readonly (readonly [Flag, string])[] = [
    ['HttpOnly', 'httpOnly'],
    ['Secure', 'secure'],
    ['SameSite', 'sameSite'],
  ]
  return all.flatMap(([flag, option]) => {
    const values =
      options === undefined
        ? []
        : possibilities(options).map((one) => (one.kind === 'object' ? one.entries.get(option) : undefined))
    const given = values.find((one) => one !== undefined)
    if (given === undefined) return byDefault.includes(flag) ? [] : [flag]
    const worst = possibilities(given).every(
      (one) =>
        one.kind === 'literal' &&
        (one.value === false || one.value === null || (flag === 'SameSite' && /^none$/i.test(String(one.value)))),
    )
    return worst ? [flag] : []
  })
}
