/** The cookies of Python's frameworks that carry a session, and the flags they lack. */
import {
  type Call,
  either,
  type Frame,
  type Located,
  lastName,
  type Module,
  possibilities,
  type Value,
} from '../../source/index.ts'
import type { CookieSetting } from '../facts.ts'
import { configured } from '../flask/configuration.ts'
import { argumentOf, flatTexts } from '../python/index.ts'
import { placeOf, type Reading, whenTrue } from '../reading.ts'
import { carriesSession } from './session-cookies.ts'

type Flag = CookieSetting['missing'][number]

export const pythonCookiesOf = (reading: Reading): readonly CookieSetting[] => [
  ...reading.program
    .callsNamed('set_cookie')
    .flatMap((call) =>
      reading.evaluator.callGraph.frames(call.scope).flatMap((frame) => ofSetCookie(reading, call, frame)),
    ),
  ...ofFlask(reading),
  ...ofStarlette(reading),
]

/** Where the options of `set_cookie` stand when they are not named: the same in Starlette and Werkzeug. */
const PLACES = { secure: 6, httponly: 7, samesite: 8 } as const

/** `response.set_cookie('session', token, httponly=True, secure=True)`, also with its options by their place, or in a `**dict`. */
const ofSetCookie = (reading: Reading, call: Located<Call>, frame: Frame | undefined): readonly CookieSetting[] => {
  const { node, scope } = call
  // A function of the project's own sets what it sets.
  if (reading.evaluator.value(node.callee, scope).kind === 'function') return []
  const given = (option: string, index?: number): Value | undefined => {
    const values = argumentOf(reading, call, option, index, [frame])?.values
    return values && either(values, node.at)
  }
  if (!carriesSession(node, given('key', 0), given('value', 1))) return []
  const isOn = (option: 'secure' | 'httponly'): boolean => {
    const written = argumentOf(reading, call, option, PLACES[option])?.node
    // `environment != "local"`: what is called production is set where it is run.
    if (written !== undefined && whenTrue(reading, written, scope) === 'production') return true
    const set = given(option, PLACES[option])
    return set !== undefined && possibilities(set).every((one) => one.kind !== 'literal' || one.value === true)
  }
  const missing: Flag[] = []
  if (!isOn('httponly')) missing.push('HttpOnly')
  if (!isOn('secure')) missing.push('Secure')
  if (goesEverywhere(node, scope.module, given('samesite', PLACES.samesite))) missing.push('SameSite')
  return [{ at: placeOf(reading, node.at), missing }]
}

/** Starlette sets SameSite=Lax unless told otherwise, Werkzeug none. */
const goesEverywhere = (node: Call, module: Module, site: Value | undefined): boolean =>
  site === undefined
    ? !node.args.some((one) => one.kind === 'spread') && isFlaskAlone(module)
    : possibilities(site).every((one) => one.kind === 'literal' && /^(?:none|null)$/i.test(String(one.value)))

const isFlaskAlone = ({ body }: Module): boolean => {
  const from = body.flatMap((one) => (one.kind === 'import' ? [one.from] : []))
  return from.some((one) => /^flask\b/.test(one)) && !from.some((one) => /^(?:fastapi|starlette)\b/.test(one))
}

/** `app.add_middleware(SessionMiddleware, https_only=True)`; it sets HttpOnly and SameSite=Lax, and no Secure unless it is told to. */
const ofStarlette = (reading: Reading): readonly CookieSetting[] =>
  ['add_middleware', 'Middleware'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const [first] = node.args
      if (first === undefined || lastName(first) !== 'SessionMiddleware') return []
      const is = (option: string, wanted: (value: unknown) => boolean): boolean => {
        const given = node.named.get(option)
        const values = given === undefined ? [] : possibilities(reading.evaluator.value(given, scope))
        return values.length > 0 && values.every((one) => one.kind === 'literal' && wanted(one.value))
      }
      const isPlain = !node.named.has('https_only') || is('https_only', (value) => value === false)
      const missing: Flag[] = isPlain ? ['Secure'] : []
      if (is('same_site', (value) => /^none$/i.test(String(value)))) missing.push('SameSite')
      return [{ at: placeOf(reading, node.at), missing }]
    }),
  )

/** Flask's own session, where the program says anything of its cookie. */
const ofFlask = (reading: Reading): readonly CookieSetting[] => {
  const all = [
    ['HttpOnly', 'SESSION_COOKIE_HTTPONLY'],
    ['Secure', 'SESSION_COOKIE_SECURE'],
    ['SameSite', 'SESSION_COOKIE_SAMESITE'],
  ] as const
  const said = all.flatMap(([, name]) => configured(reading, name))
  const [first] = said
  const plain: readonly CookieSetting[] =
    first !== undefined && configured(reading, 'SESSION_COOKIE_SECURE').length === 0
      ? [{ at: placeOf(reading, first.node.at), missing: ['Secure'] }]
      : []
  const given = all.flatMap(([flag, name]) =>
    configured(reading, name).map(({ node, values }) => {
      const isOff = values.every(
        (one) => one.kind === 'literal' && (!one.value || (flag === 'SameSite' && /^none$/i.test(String(one.value)))),
      )
      return { at: placeOf(reading, node.at), missing: isOff ? [flag] : [] }
    }),
  )
  const isWhole = given.every(({ missing }) => missing.length === 0)
  return [...(isWhole ? plain : []), ...given, ...ofFlaskJwt(reading)]
}

/** Flask-JWT-Extended's own cookies, where tokens are looked for in them: without Secure unless told otherwise. */
const ofFlaskJwt = (reading: Reading): readonly CookieSetting[] => {
  const secure = configured(reading, 'JWT_COOKIE_SECURE')
  return configured(reading, 'JWT_TOKEN_LOCATION')
    .filter(({ values }) => flatTexts(values).includes('cookies'))
    .map(({ node }) => ({
      at: placeOf(reading, secure[0]?.node.at ?? node.at),
      missing: secure.every(({ values }) => values.every((one) => one.kind === 'literal' && !one.value))
        ? ['Secure']
        : [],
    }))
}
