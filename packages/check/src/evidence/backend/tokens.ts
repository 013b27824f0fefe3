/** Where tokens are made: for each call that reaches a sign, its life, its claims and its key. */
import {
  type Call,
  either,
  type Frame,
  type Located,
  lastName,
  type Node,
  type Program,
  pathOf,
  possibilities,
  spanOf,
  type Value,
  walk,
  withoutDefault,
} from '../source/index.ts'
import { callsOf } from './calls-of.ts'
import { decoratedMember } from './decorated.ts'
import type { Life, Token } from './facts.ts'
import { heldSigning } from './held-signers.ts'
import { handedOut } from './injected.ts'
import { nestJwtOptions } from './nest-jwt.ts'
import { placeOf, type Reading } from './reading.ts'
import { settingsOf } from './settings-of.ts'

/** What the call of a library says of the token that it makes. */
interface Signing {
  readonly library: string
  readonly claims: Value
  readonly key: Value
  /** The option that sets its life, if there is one. */
  readonly expires: Value | undefined
  /** What a bare number means there. */
  readonly unit: number
  /** What a text of digits alone means: milliseconds for the `ms` package, seconds in settings that are read as numbers. */
  readonly digits: number
  readonly call: Located<Call>
}

const SIGNS = [
  'sign',
  'signAsync',
  'jwtSign',
  'encode',
  'create_access_token',
  'create_refresh_token',
  'JWTStrategy',
  'SignJWT',
]

/** Every token the program makes. */
export const tokensOf = (reading: Reading): Token[] => {
  const tokens: Token[] = []
  for (const located of callsOf(reading, SIGNS))
    for (const frame of reading.evaluator.callGraph.frames(located.scope)) {
      const signing = signingOf(reading, located, frame)
      if (signing !== undefined) tokens.push(tokenOf(reading, signing, frame))
    }
  return unique(tokens)
}

const unique = (tokens: readonly Token[]): Token[] => {
  const seen = new Set<string>()
  return tokens.filter((one) => {
    const key = JSON.stringify([one.at, one.purpose, one.lives, one.through, claimNames(one.claims)])
    return seen.has(key) ? false : seen.add(key)
  })
}

const claimNames = (claims: Value): readonly string[] =>
  claims.kind === 'object' ? [...claims.entries.keys()] : [claims.kind]

const empty = (at: Value['at']): Value => ({ kind: 'object', entries: new Map(), rest: [], at })

const signingOf = (reading: Reading, located: Located<Call>, frame: Frame | undefined): Signing | undefined => {
  const { node, scope } = located
  const { evaluator } = reading
  const callee = evaluator.value(node.callee, scope, frame)
  const value = (one: Node | undefined): Value =>
    one === undefined ? { kind: 'literal', value: null, at: node.at } : evaluator.value(one, scope, frame)
  const option = (options: Value, ...names: readonly string[]): Value | undefined => {
    for (const name of names)
      for (const one of possibilities(options)) {
        const found = one.kind === 'object' ? one.entries.get(name) : undefined
        if (found !== undefined) return found
      }
    return
  }
  const [first, second, third] = node.args
  for (const one of possibilities(callee).flatMap((each) => possibilities(handedOut(reading, each) ?? each))) {
    const path =
      one.kind === 'external'
        ? withoutDefault(one.path).join('.')
        : one.kind === 'unknown'
          ? (one.label ?? []).join('.')
          : ''
    const from = one.kind === 'external' ? one.from : ''
    if (from === 'jsonwebtoken' && path === 'sign') {
      return {
        library: 'jsonwebtoken',
        claims: value(first),
        key: value(second),
        expires: option(value(third), 'expiresIn'),
        unit: 1,
        digits: 0.001,
        call: located,
      }
    }
    if (from === '@nestjs/jwt' && /JwtService.*\.(?:sign|signAsync)$/.test(path)) {
      const options = value(second)
      const registered = registeredOptions(reading)
      return {
        library: '@nestjs/jwt',
        claims: value(first),
        key: option(options, 'secret', 'privateKey') ?? registered.key ?? { kind: 'unknown', at: node.at },
        expires: option(options, 'expiresIn') ?? registered.expires,
        unit: 1,
        digits: 0.001,
        call: located,
      }
    }
    if (from === '@tsndr/cloudflare-worker-jwt' && /(?:^|\.)sign$/.test(path))
      return {
        library: from,
        claims: value(first),
        key: value(second),
        expires: undefined,
        unit: 1,
        digits: 1,
        call: located,
      }
    if (/^hono\/(?:utils\/)?jwt$/.test(from) && /(?:^|\.)sign$/.test(path))
      return {
        library: 'hono/jwt',
        claims: value(first),
        key: value(second),
        expires: undefined,
        unit: 1,
        digits: 1,
        call: located,
      }
    if (from === 'jwt-simple' && path === 'encode')
      return {
        library: from,
        claims: value(first),
        key: value(second),
        expires: undefined,
        unit: 1,
        digits: 1,
        call: located,
      }
    if (from === 'fast-jwt' || (from === 'jose' && path === 'sign')) return
    if (from === 'jose' && /SignJWT/.test(path) && lastName(node.callee) === 'sign')
      return joseSigning(reading, located, frame)
    if (
      usesFastifyJwt(reading) &&
      (lastName(node.callee) === 'jwtSign' ||
        /\bjwt(?:\.\w+)?\.sign$/.test(path.replace(/\.\(\)/g, '')) ||
        (one.kind === 'unknown' && /jwt/i.test(path))) &&
      from !== 'jsonwebtoken'
    ) {
      const registered = fastifyOptions(reading, path.split('.'))
      const options = value(second)
      const given = option(options, 'expiresIn') ?? option(option(options, 'sign') ?? options, 'expiresIn')
      return {
        library: '@fastify/jwt',
        claims: value(first),
        key: registered.key ?? { kind: 'unknown', at: node.at },
        expires: given ?? registered.expires,
        unit: 1,
        digits: 0.001,
        call: located,
      }
    }
    if (/^(?:jwt|jose(?:\.jwt)?|authlib\.jose(?:\.jwt)?|python_jose)$/.test(from) && /(?:^|\.)encode$/.test(path)) {
      const authlib = from.startsWith('authlib')
      return {
        library: from === 'jwt' ? 'PyJWT' : from,
        claims:
          node.named.has('payload') || node.named.has('claims')
            ? value(node.named.get('payload') ?? node.named.get('claims'))
            : value(authlib ? second : first),
        key: node.named.has('key') ? value(node.named.get('key')) : value(authlib ? third : second),
        expires: undefined,
        unit: 1,
        digits: 1,
        call: located,
      }
    }
    if (
      /flask_jwt_extended|fastapi_jwt_auth|async_fastapi_jwt_auth/.test(from) &&
      /create_(?:access|refresh)_token$/.test(path)
    ) {
      const expires = node.named.get('expires_delta') ?? node.named.get('expires_time')
      return {
        library: from,
        claims: identityClaims(value(first ?? node.named.get('identity') ?? node.named.get('subject')), node),
        key: { kind: 'unknown', at: node.at },
        expires: expires ? value(expires) : { kind: 'duration', seconds: 900, at: node.at },
        unit: 1,
        digits: 1,
        call: located,
      }
    }
    if (/^fastapi_users/.test(from) && /JWTStrategy$/.test(path)) {
      const life = node.named.get('lifetime_seconds') ?? second
      return {
        library: 'fastapi-users',
        claims: empty(node.at),
        key: value(node.named.get('secret') ?? first),
        expires: life ? value(life) : undefined,
        unit: 1,
        digits: 1,
        call: located,
      }
    }
  }
  return heldSigning(reading, located, frame, callee)
}

const identityClaims = (identity: Value, node: Call): Value => ({
  kind: 'object',
  entries: new Map([['sub', identity]]),
  rest: [],
  at: node.at,
})

/** `new SignJWT(claims).setExpirationTime('15m').sign(key)`. */
const joseSigning = (reading: Reading, located: Located<Call>, frame: Frame | undefined): Signing | undefined => {
  let claims: Value | undefined
  let expires: Value | undefined
  for (let node: Node = located.node.callee; ; ) {
    if (node.kind === 'member') node = node.object
    else if (node.kind === 'call') {
      if (lastName(node.callee) === 'setExpirationTime' && node.args[0]) {
        expires = reading.evaluator.value(node.args[0], located.scope, frame)
        // A number there is a moment, not a span (RFC 7519, 4.1.4).
        if (expires.kind === 'literal' && typeof expires.value === 'number')
          expires = { kind: 'instant', seconds: expires.value, scale: 's', at: expires.at }
      }
      if (lastName(node.callee) === 'SignJWT') {
        claims = node.args[0] ? reading.evaluator.value(node.args[0], located.scope, frame) : empty(node.at)
        break
      }
      node = node.callee
    } else if (node.kind === 'name') {
      const value = reading.evaluator.value(node, located.scope, frame)
      if (value.kind !== 'external' || value.call === undefined) return
      node = value.call.node
    } else return
  }
  const [key] = located.node.args
  return {
    library: 'jose',
    claims,
    key: key ? reading.evaluator.value(key, located.scope, frame) : { kind: 'unknown', at: located.node.at },
    expires,
    unit: 1,
    digits: 1,
    call: located,
  }
}

/** The key and the life that Nest's JwtModule is made with. */
const registeredOptions = (reading: Reading): { key?: Value; expires?: Value } => {
  const keys: Value[] = []
  const lives: Value[] = []
  for (const one of nestJwtOptions(reading)) {
    if (one === undefined) continue
    const key = one.entries.get('secret') ?? one.entries.get('privateKey') ?? one.entries.get('secretOrPrivateKey')
    if (key !== undefined) keys.push(key)
    const life = reading.evaluator.member(one.entries.get('signOptions') ?? one, 'expiresIn', one.at)
    if (life.kind !== 'unknown' || (life.label?.length ?? 0) > 1) lives.push(withoutAbsent(life))
  }
  const [key, expires] = [keys[0], lives[0]]
  return {
    ...(key ? { key } : {}),
    ...(expires ? { expires: lives.length > 1 ? either(lives, expires.at) : expires } : {}),
  }
}

/** `...(life ? { expiresIn: life } : {})`: the way without it is for a setting that is not there, which is judged as such. */
const withoutAbsent = (life: Value): Value => {
  const all = possibilities(life)
  const there = all.filter((one) => !(one.kind === 'unknown' && one.label?.join('.') === 'expiresIn'))
  return there.length > 0 && there.length < all.length ? either(there, life.at) : life
}

/** The options of `app.register(fastifyJwt, { secret, sign: { expiresIn } })`; of several, those of the namespace that is asked. */
const fastifyOptions = (reading: Reading, path: readonly string[]): { key?: Value; expires?: Value } => {
  const all = jwtRegistrations(reading)
  const named = all.filter(({ node, scope }) => {
    const space =
      node.args[1] && reading.evaluator.member(reading.evaluator.value(node.args[1], scope), 'namespace', node.at)
    return space?.kind === 'literal' && path.includes(String(space.value))
  })
  const registered = named[0] ?? all[0]
  if (registered === undefined) return {}
  const options = registered.node.args[1]
  const object = options ? reading.evaluator.value(options, registered.scope) : undefined
  if (object === undefined) return {}
  const key = reading.evaluator.member(object, 'secret', registered.node.at)
  // Beside `sign`, at the top, it is not read.
  const sign = reading.evaluator.member(object, 'sign', registered.node.at)
  const expires = sign.kind === 'object' ? sign.entries.get('expiresIn') : undefined
  return { ...(key.kind === 'unknown' && key.label?.length === 1 ? {} : { key }), ...(expires ? { expires } : {}) }
}

/** The registrations of @fastify/jwt. */
export const jwtRegistrations = (reading: Reading): readonly Located<Call>[] => {
  const kept = registrations.get(reading.program)
  if (kept !== undefined) return kept
  const found = reading.program.callsNamed('register').filter(({ node, scope }) => {
    const plugin = node.args[0] && reading.evaluator.value(node.args[0], scope)
    return plugin?.kind === 'external' && /^(?:@fastify\/jwt|fastify-jwt)$/.test(plugin.from)
  })
  registrations.set(reading.program, found)
  return found
}

/** Asked for each call that may sign. */
const registrations = new WeakMap<Program, readonly Located<Call>[]>()

const usesFastifyJwt = (reading: Reading): boolean =>
  reading.program.imports.has('@fastify/jwt') ||
  reading.program.imports.has('fastify-jwt') ||
  jwtRegistrations(reading).length > 0

const tokenOf = (reading: Reading, signing: Signing, frame: Frame | undefined): Token => {
  const through = frame?.call === undefined ? [] : [placeOf(reading, frame.call.node.at)]
  const lives = livesOf(reading, signing)
  return {
    at: placeOf(reading, signing.call.node.at),
    through,
    purpose: purposeOf(reading, signing, frame),
    library: signing.library,
    lives: whereSet(lives),
    claims: signing.claims,
    key: signing.key,
  }
}

/** The life of a token: its option, else its own `exp`. */
const livesOf = (reading: Reading, signing: Signing): Life[] => {
  const { claims } = signing
  if (signing.expires !== undefined && !isNothing(signing.expires))
    return possibilities(signing.expires)
      .flatMap((one) => possibilities(decoratedMember(reading, one) ?? one))
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, signing, 'span'))
  const exp = possibilities(claims).flatMap((one) =>
    one.kind === 'object' ? [one.entries.get('exp') ?? one.entries.get('expires') ?? one.entries.get('expiry')] : [],
  )
  const known = exp.filter((one) => one !== undefined)
  if (known.length > 0)
    return known
      .flatMap(possibilities)
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, signing, 'moment'))
  const opaque = possibilities(claims).every(
    (one) => one.kind === 'unknown' && /claim|payload|data/i.test(one.label?.at(-1) ?? ''),
  )
  return opaque || possibilities(claims).some(setsExpiry)
    ? [{ at: placeOf(reading, claims.at), why: 'its claims come from somewhere else' }]
    : []
}

/** An object of a class whose constructor gives it an `exp`: which one could not be followed. */
const setsExpiry = (claims: Value): boolean => {
  if (claims.kind === 'object') return claims.rest.some(setsExpiry)
  if (claims.kind !== 'instance') return false
  let found = false
  for (const member of claims.class.node.members)
    if (member.kind === 'function' && member.name === 'constructor')
      walk(member.body, (one) => {
        if (one.kind === 'assign' && /^this\.exp$/.test(pathOf(one.target)?.join('.') ?? '')) found = true
      })
  return found
}

/** An argument that was left out, or a way through the code where there is no span. */
const isNothing = (value: Value): boolean =>
  (value.kind === 'literal' && value.value === null) || (value.kind === 'unknown' && value.label?.[0] === 'nothing')

/** A setting that no file sets is what its fallback says. */
const whereSet = (lives: readonly Life[]): readonly Life[] =>
  lives.some((one) => one.seconds !== undefined)
    ? lives.filter((one) => one.seconds !== undefined || !one.unset)
    : lives

/** What a number of minutes can come to. Empty where there is none; no mend, which would be one in seconds. */
export const livesInMinutes = (reading: Reading, value: Value): readonly Life[] =>
  whereSet(
    possibilities(value)
      .filter((one) => !isNothing(one))
      .flatMap((one) => lifeOf(reading, one, { unit: 60, digits: 60 }, 'span')),
  ).map((one) => (one.seconds === undefined ? one : { at: one.at, seconds: one.seconds }))

const lifeOf = (
  reading: Reading,
  value: Value,
  signing: Pick<Signing, 'unit' | 'digits'>,
  meaning: 'span' | 'moment',
): Life[] => {
  const at = placeOf(reading, value.at)
  switch (value.kind) {
    case 'duration':
      return [{ seconds: value.seconds, at }]
    case 'instant':
      // Milliseconds where seconds are meant: a date some fifty thousand years ahead.
      return [{ seconds: value.scale === 'ms' ? Number.POSITIVE_INFINITY : value.seconds, at }]
    case 'literal': {
      const seconds = secondsOfLiteral(value.value, signing)
      if (seconds === undefined) return [{ at, why: `${JSON.stringify(value.value)} is no span of time` }]
      if (meaning === 'moment') return [{ seconds: Number.POSITIVE_INFINITY, at }]
      return [
        {
          seconds,
          at,
          fix: {
            start: value.at.start,
            end: value.at.end,
            from: (reading.program.modules.get(value.at.file)?.text ?? '').slice(value.at.start, value.at.end),
            to: typeof value.value === 'string' ? "'15m'" : '900',
          },
        },
      ]
    }
    case 'env':
      // A text of digits is milliseconds to the ms package; a number is in the unit of the library.
      return envLives(reading, value.name, value.number ? { ...signing, digits: signing.unit } : signing, 1, at)
    case 'unknown': {
      // timedelta(minutes=settings.X) where X comes from the environment alone.
      const [what, unit = '', name] = value.label ?? []
      if (what === 'timedelta' && name) {
        const size = sizeOf(unit)
        return envLives(reading, name, { ...signing, unit: size, digits: size }, 1, at)
      }
      const setting = value.label?.at(-1) ?? ''
      if (SETTING.test(setting)) {
        const initial = reading.evaluator.configuration.defaultOf(setting)
        const lives = envLives(reading, setting, signing, 1, at)
        return initial === undefined || lives.some((one) => one.seconds !== undefined)
          ? lives
          : [...lives, ...possibilities(initial).flatMap((one) => lifeOf(reading, one, signing, meaning))]
      }
      return [{ at, why: `${value.label?.join('.') ?? 'an expression'} could not be followed` }]
    }
    default:
      return [{ at, why: 'it could not be followed' }]
  }
}

/** What settings are called, by custom: `config.ACCESS_TOKEN_LIFE` of an object that nothing more is known of. */
const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/

/** How many seconds one of a unit is; a number is what the source multiplies by. */
const sizeOf = (unit: string): number =>
  /^\d/.test(unit) ? Number(unit) : unit === 'days' ? 86400 : unit === 'hours' ? 3600 : unit === 'seconds' ? 1 : 60

const secondsOfLiteral = (
  value: string | number | boolean | null,
  signing: Pick<Signing, 'unit' | 'digits'>,
): number | undefined => {
  if (typeof value === 'number') return value * signing.unit
  if (typeof value !== 'string') return
  return /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) * signing.digits : spanOf(value)
}

const envLives = (
  reading: Reading,
  name: string,
  signing: Pick<Signing, 'unit' | 'digits'>,
  _factor: number,
  at: Token['at'],
): Life[] => {
  const settings = settingsOf(reading, name)
  if (settings.length === 0) return [{ at, why: `${name} is set by no file of the project`, unset: true }]
  return settings.map((one) => {
    const seconds = secondsOfLiteral(one.value.trim(), signing)
    return seconds === undefined ? { at: one.at, why: `${name} is no span of time there` } : { seconds, at: one.at }
  })
}

const REFRESH = /refresh/i
const ACCESS = /access|bearer|auth_?token|session/i
const OTHER =
  /reset|verif|confirm|invit|forgot|magic|unsubscribe|activation|activate_?(?:account|user|email)|two_?factor|2fa|mfa|otp|totp|password_?token|email_?token|download|onboard|temp/i

/** What a token is for, by the names nearest to it: its type claim, the arguments, the variable, the setting, the function. */
const purposeOf = (reading: Reading, signing: Signing, frame: Frame | undefined): Token['purpose'] => {
  const words: string[] = []
  for (const one of possibilities(signing.claims))
    if (one.kind === 'object')
      for (const key of ['type', 'token_type', 'tokenType', 'typ', 'use', 'token_use', 'scope', 'purpose', 'action']) {
        const type = one.entries.get(key)
        if (type?.kind === 'literal') words.push(String(type.value))
        else if (type?.kind === 'external' || type?.kind === 'unknown')
          words.push((type.kind === 'external' ? type.path : (type.label ?? [])).slice(-1).join(''))
      }
  const inner = functionNameAround(reading, signing.call)
  const assigned = assignedName(reading, signing.call)
  // generateAccessToken, createRefreshToken: the function says it better than what it is called with.
  for (const name of [inner, assigned]) if (/(?:access|refresh)_?token/i.test(name)) words.push(name)
  // An access token may name the refresh token that it came with.
  if (signing.claims.kind === 'object')
    for (const key of signing.claims.entries.keys())
      if (/refresh|reset|verif|confirm|forgot/i.test(key) && !/id$/i.test(key)) words.push(key)
  words.push(assigned)
  if (frame?.call !== undefined) {
    for (const value of frame.parameters.values())
      if (value.kind === 'literal' && typeof value.value === 'string' && value.value.length < 40)
        words.push(value.value)
    for (const arg of frame.call.node.args) words.push(...wordsIn(arg))
    words.push(assignedName(reading, frame.call))
  }
  words.push(...namesIn(signing.key), ...(signing.expires ? namesIn(signing.expires) : []))
  for (const arg of signing.call.node.args.slice(1)) words.push(...wordsIn(arg))
  if (frame !== undefined || /^(?:generate|create|sign|issue|make|get|build|new)/i.test(inner)) words.push(inner)
  const outer = frame?.call ? functionNameAround(reading, frame.call) : inner
  if (OTHER.test(outer) && !ACCESS.test(outer)) words.push(outer)
  for (const word of words) {
    if (REFRESH.test(word) && !/access/i.test(word)) return 'refresh'
    if (OTHER.test(word)) return 'other'
    if (ACCESS.test(word)) return 'access'
  }
  return 'access'
}

const wordsIn = (node: Node): string[] => {
  const words: string[] = []
  walk([node], (one) => {
    if (
      one.kind === 'literal' &&
      typeof one.value === 'string' &&
      one.value.length < 40 &&
      one.at.end - one.at.start > 0
    )
      words.push(one.value)
    if (one.kind === 'name') words.push(one.name)
    return one.kind !== 'function'
  })
  return words.filter((one) => REFRESH.test(one) || OTHER.test(one) || /access/i.test(one))
}

const namesIn = (value: Value): string[] =>
  possibilities(value).flatMap((one) =>
    one.kind === 'env' ? [one.name] : one.kind === 'unknown' ? [one.label?.at(-1) ?? ''] : [],
  )

/** The variable, property or field that a call's result is put in. */
const assignedName = (reading: Reading, { node }: Located<Call>): string => {
  let inner: Node = node
  for (
    let outer = reading.program.parentOf(node);
    outer !== undefined && outer.kind !== 'function';
    inner = outer, outer = reading.program.parentOf(outer)
  ) {
    if (outer.kind === 'object') {
      const entry = outer.entries.find((one) => one.value === inner)
      if (entry?.key.kind === 'literal') return String(entry.key.value)
    }
    if (outer.kind !== 'assign') continue
    // [access, refresh] = await Promise.all([sign(…), sign(…)])
    const list = outer.value?.kind === 'call' ? outer.value.args[0] : undefined
    if (outer.target.kind === 'list' && list?.kind === 'list') {
      const target =
        outer.target.items[list.items.findIndex((item) => item.at.start <= node.at.start && item.at.end >= node.at.end)]
      return (target && lastName(target)) ?? ''
    }
    return lastName(outer.target) ?? ''
  }
  return ''
}

const functionNameAround = (reading: Reading, { scope }: Located<Call>): string => {
  for (let one: typeof scope | undefined = scope; one !== undefined; one = one.parent) {
    const name = one.owner?.kind === 'function' ? reading.program.nameOf(one.owner) : undefined
    if (name !== undefined) return name
  }
  return ''
}
