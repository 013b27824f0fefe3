/** What each library's call says of how it verifies a token. */
import { type Call, type Located, type Node, possibilities, spanOf, type Value } from '../../source/index.ts'
import type { Verification } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { nestJwtOptions } from './nest-jwt.ts'

type Verifying = Omit<Verification, 'at'>

/** A call of something of a library. */
export interface LibraryCall {
  readonly reading: Reading
  readonly node: Call
  readonly from: string
  /** The names that lead to what is called; the last of them. */
  readonly path: string
  readonly last: string
  /** The call that made what is asked: `JsonWebToken(['HS256'])`. */
  readonly made: Located<Call> | undefined
  readonly value: (node: Node | undefined) => Value | undefined
}

/** What the call verifies; undefined where it is of something else. */
export const verifyingOf = (call: LibraryCall): Verifying | undefined => {
  for (const one of LIBRARIES) {
    const found = one(call)
    if (found !== undefined) return found
  }
  return
}

const HONO = /^hono\/(?:utils\/)?jwt$/

/** Reads the claims, whoever signed them. */
export const unverified = (library: string): Verifying => ({
  library,
  key: undefined,
  signature: 'none',
  algorithms: 'unknown',
  expiryIgnored: false,
})

const verified = (library: string, key: Value | undefined, algorithms: Verification['algorithms']): Verifying => ({
  library,
  key,
  signature: 'verified',
  algorithms,
  expiryIgnored: false,
})

const withOptions = (library: string, key: Value | undefined, options: Value | undefined): Verifying => ({
  ...verified(library, key, pinnedIn(options) ?? 'open'),
  expiryIgnored: ignoresExpiry(options),
  ...graceIn(options),
})

/** `{ clockTolerance: 5 }`, jose's `'5 seconds'`; fast-jwt, and @fastify/jwt with it, counts in milliseconds. */
export const graceIn = (options: Value | undefined, perSecond = 1): Pick<Verification, 'grace'> => {
  const value = optionIn(options, 'clockTolerance')
  if (value?.kind !== 'literal') return {}
  const grace = typeof value.value === 'number' ? value.value / perSecond : spanOf(String(value.value))
  return grace === undefined ? {} : { grace }
}

/** `{ ignoreExpiration: true }` */
export const ignoresExpiry = (options: Value | undefined): boolean =>
  isLiteral(optionIn(options, 'ignoreExpiration'), true)

const jsonwebtoken = ({ from, last, node: { args }, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'jsonwebtoken') return
  if (last === 'decode') return unverified(from)
  return last === 'verify' ? withOptions(from, value(args[1]), value(args[2])) : undefined
}

/** `createVerifier({ key, algorithms })`: without them, whatever fits the key. */
const fastJwt = ({ from, path, node, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'fast-jwt') return
  if (path === 'createDecoder') return unverified(from)
  if (path !== 'createVerifier') return
  const options = value(node.args[0])
  return { ...withOptions(from, optionIn(options, 'key'), options), ...graceIn(options, 1_000) }
}

const jwtDecode = ({ from }: LibraryCall): Verifying | undefined =>
  from === 'jwt-decode' ? unverified(from) : undefined

const jwtSimple = ({ from, last, node: { args }, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'jwt-simple' || last !== 'decode') return
  const read = verified(from, value(args[1]), args.length > 3 ? 'pinned' : 'open')
  return isLiteral(value(args[2]), true) ? { ...read, signature: 'none' } : read
}

const nestJwt = ({ reading, from, last, node, value }: LibraryCall): Verifying | undefined => {
  if (from !== '@nestjs/jwt') return
  if (last === 'decode') return unverified(from)
  if (!/^verify/.test(last)) return
  const options = value(node.args[1])
  const key = optionIn(options, 'secret', 'publicKey')
  const modules = nestJwtOptions(reading).map((one) => one?.entries.get('verifyOptions'))
  return {
    ...verified(from, key, ofNest(reading, options)),
    expiryIgnored: [options, ...modules].some(ignoresExpiry),
    ...[options, ...modules].map((one) => graceIn(one)).find(({ grace }) => grace !== undefined),
  }
}

const jose = ({ from, last, node: { args }, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'jose') return
  if (last === 'decodeJwt') return unverified(from)
  if (last !== 'jwtVerify') return
  const [key, options] = [value(args[1]), value(args[2])]
  return { ...verified(from, key, pinnedIn(options) ?? (isMadeFor(key) ? 'pinned' : 'open')), ...graceIn(options) }
}

const hono = ({ from, last, node: { args }, value }: LibraryCall): Verifying | undefined => {
  if (!HONO.test(from)) return
  if (last === 'decode') return unverified(from)
  if (last !== 'verify' && last !== 'jwt') return
  const options = value(last === 'jwt' ? args[0] : args[2])
  const key = last === 'jwt' ? optionIn(options, 'secret') : value(args[1])
  const isNamed = options?.kind === 'literal' && options.value !== null
  const algorithm = optionIn(options, 'alg') ?? (last === 'verify' ? options : undefined)
  if (algorithm !== undefined && algorithmsOf(algorithm) === 'header') return verified('hono/jwt', key, 'header')
  return verified('hono/jwt', key, optionIn(options, 'alg') || isNamed ? 'pinned' : 'open')
}

const expressJwt = ({ from, last, node, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'express-jwt' || !/^(?:expressjwt|jwt|)$/.test(last)) return
  const options = value(node.args[0])
  return withOptions(from, optionIn(options, 'secret'), options)
}

const passportJwt = ({ from, path, node, value }: LibraryCall): Verifying | undefined => {
  if (from !== 'passport-jwt' || !/Strategy/.test(path)) return
  const options = value(node.args[0])
  return {
    ...withOptions(from, optionIn(options, 'secretOrKey'), options),
    ...graceIn(optionIn(options, 'jsonWebTokenOptions')),
  }
}

/** PyJWT, python-jose, Authlib, joserfc. */
const python = ({ reading, from, path, last, made, node, value }: LibraryCall): Verifying | undefined => {
  // jwt.encode(…).decode() makes a text of bytes.
  if (!/^(?:jwt|jose(?:\.jwt)?|authlib\.jose(?:\.jwt)?|joserfc(?:\.jwt)?)$/.test(from) || /(?:^|\.)encode\b/.test(path))
    return
  if (reading.program.modules.get(node.at.file)?.language !== 'python') return
  if (last === 'get_unverified_claims') return unverified(from)
  if (last !== 'decode') return
  const given = (name: string, index?: number) => pythonArgument(node, value, name, index)
  const options = given('options', 3)
  if (from.startsWith('authlib')) return authlib(reading, { from, path, key: given('key', 1), made })
  const algorithms = given('algorithms', 2)
  if (from.startsWith('joserfc'))
    return {
      ...verified(from, given('key', 1), algorithms === undefined ? 'open' : algorithmsOf(algorithms)),
      expiryIgnored: !looksAtExpiry(reading),
    }
  const isOff = isLiteral(optionIn(options, 'verify_signature'), false) || isLiteral(given('verify'), false)
  return {
    library: from === 'jwt' ? 'PyJWT' : from,
    key: given('key', 1),
    signature: isOff ? 'none' : 'verified',
    algorithms:
      algorithms === undefined ? (isSpreadUnread(node, value) ? 'unknown' : 'open') : algorithmsOf(algorithms),
    expiryIgnored: isLiteral(optionIn(options, 'verify_exp'), false),
  }
}

/** By its name, by its place, or in a `**dict`. */
const pythonArgument = (
  { args, named }: Call,
  value: LibraryCall['value'],
  name: string,
  index = -1,
): Value | undefined => {
  const direct = named.get(name) ?? args.filter((one) => one.kind !== 'spread')[index]
  if (direct !== undefined) return value(direct)
  return args
    .flatMap((one) => (one.kind === 'spread' ? [optionIn(value(one.operand), name)] : []))
    .find((one) => one !== undefined)
}

const isSpreadUnread = ({ args }: Call, value: LibraryCall['value']): boolean =>
  args.some((one) => one.kind === 'spread' && value(one.operand)?.kind !== 'object')

/** Authlib's `jwt` takes every algorithm that it has; `JsonWebToken` those that it is made with. Its claims look at no time by themselves. */
const authlib = (
  reading: Reading,
  { from, path, key, made }: Pick<LibraryCall, 'from' | 'path' | 'made'> & { readonly key: Value | undefined },
): Verifying => {
  const given = /(?:^|\.)JsonWebToken\b/.test(path)
    ? (made?.node.args[0] ?? made?.node.named.get('algorithms'))
    : undefined
  return {
    ...verified(from, key, given && made ? algorithmsOf(reading.evaluator.value(given, made.scope)) : 'open'),
    expiryIgnored: !looksAtExpiry(reading),
  }
}

/** Neither Authlib nor joserfc does before it is told to: `claims.validate()`, `JWTClaimsRegistry().validate(token.claims)`. */
const looksAtExpiry = (reading: Reading): boolean =>
  ['validate', 'validate_exp'].some((name) => reading.program.callsNamed(name).length > 0) ||
  [...reading.program.modules.values()].some(({ text }) => READS_EXPIRY.test(text))

/** `claims['exp']`, compared by hand. */
const READS_EXPIRY = /\[['"]exp['"]\]|\.get\(['"]exp['"]/

const LIBRARIES: readonly ((call: LibraryCall) => Verifying | undefined)[] = [
  jsonwebtoken,
  fastJwt,
  jwtDecode,
  jwtSimple,
  nestJwt,
  python,
  jose,
  hono,
  expressJwt,
  passportJwt,
]

const optionIn = (value: Value | undefined, ...names: readonly string[]): Value | undefined => {
  for (const one of value === undefined ? [] : possibilities(value))
    if (one.kind === 'object') for (const name of names) if (one.entries.has(name)) return one.entries.get(name)
  return
}

const isLiteral = (value: Value | undefined, what: boolean): boolean =>
  value?.kind === 'literal' && value.value === what

/** What the options say of the algorithms, where they say anything. */
const pinnedIn = (options: Value | undefined): Verification['algorithms'] | undefined => {
  const algorithms = optionIn(options, 'algorithms')
  return algorithms && algorithmsOf(algorithms)
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
