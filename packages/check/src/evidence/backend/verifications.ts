/** Where tokens are read: whether the signature is verified, and with which algorithms. */
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
import { callsOf } from './calls-of.ts'
import type { Verification } from './facts.ts'
import { jwtRegistrations } from './fastify-jwt.ts'
import { nestJwtOptions } from './nest-jwt.ts'
import { placeOf, type Reading } from './reading.ts'

/** Every place where the program reads a token, by the libraries' documented calls. */
export const verificationsOf = (reading: Reading): Verification[] => {
  const found: Verification[] = []
  const calls = callsOf(reading, [
    'verify',
    'verifyAsync',
    'decode',
    'jwtVerify',
    'expressjwt',
    'jwt',
    'decodeJwt',
    'jwtDecode',
    'jwt_decode',
    'get_unverified_claims',
    'JwtStrategy',
    'Strategy',
    'super',
    'get_unverified_header',
  ])
  for (const located of calls) {
    const one = verificationOf(reading, located, reading.evaluator.callGraph.frames(located.scope, 1)[0])
    if (one !== undefined) found.push(one)
  }
  for (const located of jwtRegistrations(reading)) {
    const options = located.node.args[1] && reading.evaluator.value(located.node.args[1], located.scope)
    const verify = options && reading.evaluator.member(options, 'verify', located.node.at)
    found.push({
      at: placeOf(reading, located.node.at),
      library: '@fastify/jwt',
      key: options && reading.evaluator.member(options, 'secret', located.node.at),
      signature: 'verified',
      algorithms:
        verify?.kind === 'object' && (verify.entries.has('algorithms') || verify.entries.has('allowedAlgorithms'))
          ? 'pinned'
          : 'open',
      expiryIgnored: false,
    })
  }
  return found
}

const optionIn = (value: Value | undefined, ...names: readonly string[]): Value | undefined => {
  for (const one of value === undefined ? [] : possibilities(value))
    if (one.kind === 'object') for (const name of names) if (one.entries.has(name)) return one.entries.get(name)
  return
}

const isLiteral = (value: Value | undefined, what: boolean): boolean =>
  value?.kind === 'literal' && value.value === what

const verificationOf = (
  reading: Reading,
  located: Located<Call>,
  frame: Frame | undefined,
): Verification | undefined => {
  const { node, scope } = located
  const value = (one: Node | undefined): Value | undefined =>
    one === undefined ? undefined : reading.evaluator.value(one, scope, frame)
  const at = placeOf(reading, node.at)
  const callee =
    node.callee.kind === 'name' && node.callee.name === 'super' ? superOf(reading, located) : value(node.callee)
  const [, second, third] = node.args
  for (const one of callee === undefined ? [] : possibilities(callee)) {
    if (one.kind !== 'external') continue
    const path = withoutDefault(one.path).join('.')
    const last = path.split('.').at(-1) ?? ''
    if (one.from === 'jsonwebtoken' && last === 'verify') {
      const options = value(third)
      return {
        at,
        library: one.from,
        key: value(second),
        signature: 'verified',
        algorithms: optionIn(options, 'algorithms') ? algorithmsOf(optionIn(options, 'algorithms')) : 'open',
        expiryIgnored: isLiteral(optionIn(options, 'ignoreExpiration'), true),
      }
    }
    if (
      (one.from === 'jsonwebtoken' && last === 'decode') ||
      (one.from === 'jose' && last === 'decodeJwt') ||
      (/^hono\/(?:utils\/)?jwt$/.test(one.from) && last === 'decode') ||
      one.from === 'jwt-decode'
    )
      return { at, library: one.from, key: undefined, signature: 'none', algorithms: 'unknown', expiryIgnored: false }
    if (one.from === 'jwt-simple' && last === 'decode')
      return {
        at,
        library: one.from,
        key: value(second),
        signature: isLiteral(value(third), true) ? 'none' : 'verified',
        algorithms: node.args.length > 3 ? 'pinned' : 'open',
        expiryIgnored: false,
      }
    if (one.from === '@nestjs/jwt' && /^verify/.test(last))
      return {
        at,
        library: one.from,
        key: optionIn(value(second), 'secret', 'publicKey'),
        signature: 'verified',
        algorithms: ofNest(reading, value(second)),
        expiryIgnored: isLiteral(optionIn(value(second), 'ignoreExpiration'), true),
      }
    if (one.from === 'jose' && last === 'jwtVerify')
      return {
        at,
        library: one.from,
        key: value(second),
        signature: 'verified',
        algorithms: optionIn(value(third), 'algorithms')
          ? algorithmsOf(optionIn(value(third), 'algorithms'))
          : isMadeFor(value(second))
            ? 'pinned'
            : 'open',
        expiryIgnored: false,
      }
    if (/^hono\/(?:utils\/)?jwt$/.test(one.from) && (last === 'verify' || last === 'jwt')) {
      const options = last === 'jwt' ? value(node.args[0]) : value(third)
      return {
        at,
        library: 'hono/jwt',
        key: last === 'jwt' ? optionIn(options, 'secret') : value(second),
        signature: 'verified',
        algorithms:
          optionIn(options, 'alg') || (options?.kind === 'literal' && options.value !== null) ? 'pinned' : 'open',
        expiryIgnored: false,
      }
    }
    if (one.from === 'express-jwt' && /^(?:expressjwt|jwt|)$/.test(last))
      return {
        at,
        library: one.from,
        key: optionIn(value(node.args[0]), 'secret'),
        signature: 'verified',
        algorithms: optionIn(value(node.args[0]), 'algorithms')
          ? algorithmsOf(optionIn(value(node.args[0]), 'algorithms'))
          : 'open',
        expiryIgnored: false,
      }
    if (one.from === 'passport-jwt' && /Strategy/.test(path)) {
      const options = value(node.args[0])
      return {
        at,
        library: one.from,
        key: optionIn(options, 'secretOrKey'),
        signature: 'verified',
        algorithms: optionIn(options, 'algorithms') ? algorithmsOf(optionIn(options, 'algorithms')) : 'open',
        expiryIgnored: isLiteral(optionIn(options, 'ignoreExpiration'), true),
      }
    }
    if (
      /^(?:jwt|jose(?:\.jwt)?|authlib\.jose(?:\.jwt)?)$/.test(one.from) &&
      reading.program.modules.get(node.at.file)?.language === 'python'
    ) {
      if (last === 'get_unverified_claims')
        return { at, library: one.from, key: undefined, signature: 'none', algorithms: 'unknown', expiryIgnored: false }
      if (last !== 'decode') continue
      const options = value(node.named.get('options'))
      const off =
        isLiteral(optionIn(options, 'verify_signature'), false) || isLiteral(value(node.named.get('verify')), false)
      const algorithms = node.named.get('algorithms') ?? third
      return {
        at,
        library: one.from === 'jwt' ? 'PyJWT' : one.from,
        key: value(node.named.get('key') ?? second),
        signature: off ? 'none' : 'verified',
        algorithms: algorithms === undefined ? 'open' : algorithmsOf(value(algorithms)),
        expiryIgnored: isLiteral(optionIn(options, 'verify_exp'), false),
      }
    }
  }
  return
}

const algorithmsOf = (value: Value | undefined): Verification['algorithms'] => {
  const all =
    value === undefined ? [] : possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items : [one]))
  if (all.flatMap(possibilities).some(isOfHeader)) return 'header'
  // None at all, of Python, is every one that the library knows.
  return all.some((one) => one.kind === 'literal' && (one.value === null || /^none$/i.test(String(one.value))))
    ? 'open'
    : 'pinned'
}

/** `jwt.get_unverified_header(token)["alg"]`, `decodeProtectedHeader(token).alg`, `jwt.decode(token, { complete: true }).header.alg`. */
const isOfHeader = (value: Value): boolean =>
  value.kind === 'external' &&
  /(?:^|\.)(?:get_unverified_headers?|decodeProtectedHeader)\.\(\)\.|(?:^|\.)decode\.\(\)\.header\.alg$/.test(
    value.path.join('.'),
  )

/** jose takes a key for nothing but the algorithm that it was imported for: `importSPKI(pem, 'RS256')`. */
const isMadeFor = (key: Value | undefined): boolean =>
  key?.kind === 'external' &&
  key.from === 'jose' &&
  /^import(?:SPKI|X509|JWK)$/.test(key.path[0] ?? '') &&
  key.call?.node.args[1] !== undefined

/** Nest's service hands its options, those of its module beside them, to jsonwebtoken: without any the kind of the key decides. */
const ofNest = (reading: Reading, options: Value | undefined): Verification['algorithms'] => {
  const own = optionIn(options, 'algorithms')
  if (own !== undefined) return algorithmsOf(own)
  const modules = nestJwtOptions(reading)
  const pinned = modules.flatMap((one) => optionIn(one?.entries.get('verifyOptions'), 'algorithms') ?? [])
  if (pinned[0] !== undefined) return algorithmsOf(pinned[0])
  const isKnown = options === undefined || possibilities(options).every(isWhole)
  return isKnown && modules.every((one) => one !== undefined && isWhole(one)) ? 'open' : 'unknown'
}

const isWhole = (value: Value): boolean =>
  value.kind === 'object' &&
  value.rest.length === 0 &&
  [...value.entries].every(([name, one]) => name !== 'verifyOptions' || isWhole(one))

/** `super({ secretOrKey })` in a class that extends PassportStrategy(Strategy). */
const superOf = (reading: Reading, { node }: Located<Call>): Value | undefined => {
  for (
    let one: Node | undefined = reading.program.parentOf(node);
    one !== undefined;
    one = reading.program.parentOf(one)
  ) {
    if (one.kind !== 'class') continue
    const scope = reading.program.scopeOf(one)
    const [base] = one.bases
    if (scope === undefined || base === undefined) return
    const first = base.kind === 'call' && lastName(base.callee) === 'PassportStrategy' ? base.args[0] : base
    return first && reading.evaluator.value(first, scope)
  }
  return
}
