/** Cookies that carry a session, and the flags they lack. */
import { lastName, type Module, type Node, possibilities, textsOf, type Value } from '../source/index.ts'
import type { CookieSetting } from './facts.ts'
import { configured } from './flask/configuration.ts'
import { placeOf, type Reading, whenTrue } from './reading.ts'

const SESSION_COOKIE = /sess|token|auth|jwt|sid|refresh|access/i
/** A token against forged requests is meant to be read by scripts. */
const FOR_SCRIPTS = /csrf|xsrf/i

const carriesSession = (name: Value | undefined, value: Value | undefined): boolean =>
  name?.kind === 'literal' &&
  typeof name.value === 'string' &&
  SESSION_COOKIE.test(name.value) &&
  !FOR_SCRIPTS.test(name.value) &&
  !isFlag(value)

/** `is_authorized=true` says something to the page, and opens nothing. */
const isFlag = (value: Value | undefined): boolean =>
  value?.kind === 'literal' && /^(?:true|false|[01]|yes|no)$/i.test(String(value.value))

type Flag = CookieSetting['missing'][number]

export const cookiesOf = (reading: Reading): CookieSetting[] => {
  const cookies: CookieSetting[] = []
  for (const name of ['cookie', 'setCookie', 'set_cookie', 'setSignedCookie', 'session', 'cookieSession'])
    for (const { node, scope } of reading.program.callsNamed(name)) {
      const value = (one: Node | undefined): Value | undefined =>
        one === undefined ? undefined : reading.evaluator.value(one, scope)
      const at = placeOf(reading, node.at)
      // A function of the project's own sets what it sets.
      if (value(node.callee)?.kind === 'function') continue
      if (name === 'session' || name === 'cookieSession') {
        const callee = value(node.callee)
        if (callee?.kind !== 'external' || !/^(?:express-session|cookie-session)$/.test(callee.from)) continue
        const options = value(node.args[0])
        const cookie =
          options?.kind === 'object' ? (name === 'session' ? options.entries.get('cookie') : options) : undefined
        // express-session and cookie-session set HttpOnly unless told otherwise.
        cookies.push({ at, missing: missingIn(cookie, ['HttpOnly']) })
        continue
      }
      if (name === 'set_cookie') {
        const [key, given] = [node.named.get('key') ?? node.args[0], node.named.get('value') ?? node.args[1]]
        if (!carriesSession(value(key), value(given))) continue
        const has = (option: string, safe: (one: Value) => boolean): boolean => {
          const written = node.named.get(option)
          // `environment != "local"`: what is called production is set where it is run.
          if (written !== undefined && whenTrue(reading, written, scope) === 'production') return true
          const given = value(written)
          return given !== undefined && possibilities(given).every((one) => one.kind !== 'literal' || safe(one))
        }
        const on = (one: Value): boolean => one.kind === 'literal' && one.value === true
        const site = value(node.named.get('samesite'))
        // Starlette sets SameSite=Lax unless told otherwise, Werkzeug none.
        const isOpen =
          site === undefined
            ? !node.args.some((one) => one.kind === 'spread') &&
              !node.named.has('samesite') &&
              isFlaskAlone(scope.module)
            : possibilities(site).every((one) => one.kind === 'literal' && /^(?:none|null)$/i.test(String(one.value)))
        cookies.push({
          at,
          missing: [
            ...(has('httponly', on) ? [] : (['HttpOnly'] as const)),
            ...(has('secure', on) ? [] : (['Secure'] as const)),
            ...(isOpen ? (['SameSite'] as const) : []),
          ],
        })
        continue
      }
      const [first, second, third, fourth] = node.args
      const onContext = name !== 'cookie' && node.callee.kind === 'name'
      if (!carriesSession(value(onContext ? second : first), value(onContext ? third : second))) continue
      if (name === 'cookie' && node.args.length < 2) continue
      cookies.push({ at, missing: missingIn(value(onContext ? fourth : third), []) })
    }
  return [...cookies, ...ofFastify(reading), ...ofFlask(reading), ...ofStarlette(reading)]
}

const isFlaskAlone = ({ body }: Module): boolean => {
  const from = body.flatMap((one) => (one.kind === 'import' ? [one.from] : []))
  return from.some((one) => /^flask\b/.test(one)) && !from.some((one) => /^(?:fastapi|starlette)\b/.test(one))
}

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
    .filter(({ values }) => values.some((one) => textsOf(one).includes('cookies') || holdsCookies(one)))
    .map(({ node }) => ({
      at: placeOf(reading, secure[0]?.node.at ?? node.at),
      missing: secure.every(({ values }) => values.every((one) => one.kind === 'literal' && !one.value))
        ? ['Secure']
        : [],
    }))
}

const holdsCookies = (value: Value): boolean =>
  value.kind === 'list' && value.items.some((one) => textsOf(one).includes('cookies'))

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
