/** What each library's call says of the token that it signs. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isSigner } from './fast-jwt.ts'
import { fastapiLogin } from './fastapi-login.ts'
import { fastifyOptions, usesFastifyJwt } from './fastify-jwt.ts'
import { identityClaims } from './identity-claims.ts'
import { registeredOptions } from './nest-jwt.ts'
import { expiryOf } from './python-jwt-settings.ts'

/** What the call of a library says of the token that it makes. */
export interface Signing {
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

/** A call of something of a library, or of something that nothing is known of but its name. */
export interface SigningCall {
  readonly reading: Reading
  readonly call: Located<Call>
  readonly callee: Value
  /** Empty where it is of no known library. */
  readonly from: string
  /** The names that lead to what is called. */
  readonly path: string
  readonly value: (node: Node) => Value
}

/** What the call signs; undefined where it is of something else. */
export const librarySigning = (call: SigningCall): Signing | undefined => {
  for (const one of LIBRARIES) {
    const found = one(call)
    if (found !== undefined) return found
  }
  return
}

const valueOr = ({ value, call }: SigningCall, node: Node | undefined): Value =>
  node === undefined ? { kind: 'literal', value: null, at: call.node.at } : value(node)

const optionIn = (options: Value, ...names: readonly string[]): Value | undefined => {
  for (const name of names)
    for (const one of possibilities(options)) {
      const found = one.kind === 'object' ? one.entries.get(name) : undefined
      if (found !== undefined) return found
    }
  return
}

/** The claims, with the subject that an option sets. */
export const withSubject = (claims: Value, subject: Value | undefined): Value => {
  if (subject === undefined) return claims
  const known = claims.kind === 'object' ? claims : undefined
  return {
    kind: 'object',
    entries: new Map([...(known?.entries ?? []), ['sub', subject]]),
    rest: known === undefined ? [claims] : known.rest,
    at: claims.at,
  }
}

/** Its life stands in the claims. */
const withClaims = (
  signing: SigningCall,
  library: string,
  claims: Node | undefined,
  key: Node | undefined,
): Signing => ({
  library,
  claims: valueOr(signing, claims),
  key: valueOr(signing, key),
  expires: undefined,
  unit: 1,
  digits: 1,
  call: signing.call,
})

/** Its life is an `expiresIn`, as the `ms` package reads it. */
const withExpiresIn = (
  { call }: SigningCall,
  { library, claims, key, expires }: Pick<Signing, 'library' | 'claims' | 'expires'> & { key: Value | undefined },
): Signing => ({
  library,
  claims,
  key: key ?? { kind: 'unknown', at: call.node.at },
  expires,
  unit: 1,
  digits: 0.001,
  call,
})

const jsonwebtoken = (signing: SigningCall): Signing | undefined => {
  if (signing.from !== 'jsonwebtoken' || signing.path !== 'sign') return
  const [claims, key, third] = signing.call.node.args
  const options = valueOr(signing, third)
  return withExpiresIn(signing, {
    library: signing.from,
    claims: withSubject(valueOr(signing, claims), optionIn(options, 'subject')),
    key: valueOr(signing, key),
    expires: optionIn(options, 'expiresIn'),
  })
}

const nestJwt = (signing: SigningCall): Signing | undefined => {
  if (signing.from !== '@nestjs/jwt' || !/JwtService.*\.(?:sign|signAsync)$/.test(signing.path)) return
  const [claims, second] = signing.call.node.args
  const options = valueOr(signing, second)
  const registered = registeredOptions(signing.reading)
  return withExpiresIn(signing, {
    library: signing.from,
    claims: withSubject(valueOr(signing, claims), optionIn(options, 'subject')),
    key: optionIn(options, 'secret', 'privateKey') ?? registered.key,
    expires: optionIn(options, 'expiresIn') ?? registered.expires,
  })
}

const byClaims = (signing: SigningCall): Signing | undefined => {
  const { from, path } = signing
  const [claims, key] = signing.call.node.args
  if (from === '@tsndr/cloudflare-worker-jwt' && /(?:^|\.)sign$/.test(path))
    return withClaims(signing, from, claims, key)
  if (from === 'jwt-simple' && path === 'encode') return withClaims(signing, from, claims, key)
  if (/^hono\/(?:utils\/)?jwt$/.test(from) && /(?:^|\.)sign$/.test(path))
    return withClaims(signing, 'hono/jwt', claims, key)
  return
}

/** `reply.jwtSign(claims)`, `app.jwt.sign(claims)`, and what is handed in under such a name. */
const fastifyJwt = (signing: SigningCall): Signing | undefined => {
  const { reading, callee, from, path, call } = signing
  if (from === 'jsonwebtoken' || !usesFastifyJwt(reading)) return
  const isNamed = /\bjwt(?:\.\w+)?\.sign$/.test(path.replace(/\.\(\)/g, ''))
  const isHandedIn = callee.kind === 'unknown' && /jwt/i.test(path)
  if (lastName(call.node.callee) !== 'jwtSign' && !isNamed && !isHandedIn) return
  const [claims, second] = call.node.args
  const registered = fastifyOptions(reading, path.split('.'))
  const options = valueOr(signing, second)
  const inner = optionIn(options, 'sign') ?? options
  const given = optionIn(options, 'expiresIn') ?? optionIn(inner, 'expiresIn')
  return withExpiresIn(signing, {
    library: '@fastify/jwt',
    claims: withSubject(valueOr(signing, claims), optionIn(options, 'sub') ?? optionIn(inner, 'sub')),
    key: registered.key,
    expires: given ?? registered.expires,
  })
}

/** `createSigner({ key, expiresIn })(claims)`: a number is milliseconds, in a text of digits too. */
const fastJwt = (signing: SigningCall): Signing | undefined => {
  const { reading, callee, from, path, call, value } = signing
  if (from !== 'fast-jwt') return
  const isMade = path === 'createSigner'
  if (!isMade && !isSigner(callee)) return
  const maker = callee.kind === 'external' && callee.call !== undefined && !isMade ? callee.call : call
  const [first] = maker.node.args
  const given = isMade ? first && value(first) : first && reading.evaluator.value(first, maker.scope, frameOf(callee))
  const options: Value = given ?? { kind: 'object', entries: new Map(), rest: [], at: maker.node.at }
  return {
    library: from,
    claims: isMade ? { kind: 'unknown', at: call.node.at } : valueOr(signing, call.node.args[0]),
    key: optionIn(options, 'key') ?? { kind: 'unknown', at: maker.node.at },
    expires: optionIn(options, 'expiresIn'),
    unit: 0.001,
    digits: 0.001,
    call,
  }
}

const frameOf = (value: Value): Frame | undefined => (value.kind === 'external' ? value.frame : undefined)

/** Not `jwt.decode(…)['jti'].encode()`, which is a text's. */
const PYTHON_ENCODE = /^(?:(?:jwt|api_jwt|PyJWT|JsonWebToken)\.(?:\(\)\.)?)*encode$/

/** PyJWT, python-jose, Authlib, joserfc. */
const python = (signing: SigningCall): Signing | undefined => {
  const { from, path, call } = signing
  if (
    !/^(?:jwt|jose(?:\.jwt)?|authlib\.jose(?:\.jwt)?|joserfc(?:\.jwt)?|python_jose)$/.test(from) ||
    !PYTHON_ENCODE.test(path)
  )
    return
  const { args, named } = call.node
  // The first argument of Authlib, and of joserfc that came after it, is the header.
  const [claims, key] = /^(?:authlib|joserfc)/.test(from) ? args.slice(1) : args
  const given = named.get('payload') ?? named.get('claims') ?? claims
  return withClaims(signing, from === 'jwt' ? 'PyJWT' : from, given, named.get('key') ?? key)
}

const forFrameworks = (signing: SigningCall): Signing | undefined => {
  const { reading, from, path, call, value } = signing
  if (!/flask_jwt_extended|fastapi_jwt_auth|async_fastapi_jwt_auth/.test(from)) return
  if (!/create_(?:access|refresh)_token$/.test(path)) return
  const { args, named, at } = call.node
  const expires = named.get('expires_delta') ?? named.get('expires_time')
  const identity = args[0] ?? named.get('identity') ?? named.get('subject')
  const beside = named.get('additional_claims') ?? named.get('user_claims')
  return {
    library: from,
    claims: identityClaims(reading, valueOr(signing, identity), valueOr(signing, beside), at),
    key: { kind: 'unknown', at },
    expires: expiryOf(reading, path, expires && value(expires), at),
    unit: 1,
    digits: 1,
    call,
  }
}

const fastapiUsers = (signing: SigningCall): Signing | undefined => {
  const { from, path, call, value } = signing
  if (!/^fastapi_users/.test(from) || !/JWTStrategy$/.test(path)) return
  const { args, named, at } = call.node
  const life = named.get('lifetime_seconds') ?? args[1]
  return {
    library: 'fastapi-users',
    claims: { kind: 'object', entries: new Map(), rest: [], at },
    key: valueOr(signing, named.get('secret') ?? args[0]),
    expires: life ? value(life) : undefined,
    unit: 1,
    digits: 1,
    call,
  }
}

const LIBRARIES: readonly ((signing: SigningCall) => Signing | undefined)[] = [
  jsonwebtoken,
  nestJwt,
  byClaims,
  fastifyJwt,
  fastJwt,
  python,
  forFrameworks,
  fastapiUsers,
  fastapiLogin,
]
