/** What each library's call says of the token that it signs. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
  withoutDefault,
} from '../source/index.ts'
import { fastifyOptions, usesFastifyJwt } from './fastify-jwt.ts'
import { heldSigning } from './held-signers.ts'
import { handedOut } from './injected.ts'
import { registeredOptions } from './nest-jwt.ts'
import type { Reading } from './reading.ts'

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

export const signingOf = (reading: Reading, located: Located<Call>, frame: Frame | undefined): Signing | undefined => {
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
  /** Of a library that sets no life by an option: it stands in the claims. */
  const withoutOption = (library: string, claims: Node | undefined, key: Node | undefined): Signing => ({
    library,
    claims: value(claims),
    key: value(key),
    expires: undefined,
    unit: 1,
    digits: 1,
    call: located,
  })
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
    if (from === '@tsndr/cloudflare-worker-jwt' && /(?:^|\.)sign$/.test(path)) return withoutOption(from, first, second)
    if (/^hono\/(?:utils\/)?jwt$/.test(from) && /(?:^|\.)sign$/.test(path))
      return withoutOption('hono/jwt', first, second)
    if (from === 'jwt-simple' && path === 'encode') return withoutOption(from, first, second)
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
      const [claims, key] = from.startsWith('authlib') ? [second, third] : [first, second]
      const named = node.named.get('payload') ?? node.named.get('claims')
      return withoutOption(from === 'jwt' ? 'PyJWT' : from, named ?? claims, node.named.get('key') ?? key)
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

const empty = (at: Value['at']): Value => ({ kind: 'object', entries: new Map(), rest: [], at })

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
