/** Where tokens are read: whether the signature is verified, and with which algorithms. */
import {
  type Call,
  type Frame,
  functionAround,
  type Located,
  lastName,
  type Module,
  type Node,
  possibilities,
  type Value,
  walk,
  walkBody,
  withoutDefault,
} from '../../source/index.ts'
import { callsOf } from '../calls-of.ts'
import type { Verification } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isOwnToken, readsTimesOnly } from './decoded-tokens.ts'
import { jwtRegistrations, usesFastifyJwt } from './fastify-jwt.ts'
import { graceIn, ignoresExpiry, unverified, verifyingOf } from './verification-libraries.ts'

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
    'createVerifier',
    'createDecoder',
  ])
  for (const located of calls) {
    const one = verificationOf(reading, located, reading.evaluator.callGraph.frames(located.scope, 1)[0])
    // A page may read its own token: it decides nothing.
    if (one !== undefined && !(one.signature === 'none' && isOfPage(located.scope.module))) found.push(one)
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
      expiryIgnored: ignoresExpiry(verify),
      ...graceIn(verify, 1_000),
    })
  }
  return found
}

/** Packages that run in a browser alone; a file with `react` may as well run on the server. */
const BROWSER =
  /^(?:js-cookie|jquery|vuex(?:-.+)?|pinia|vue-(?!server-renderer).+|@angular\/.+|react-redux|@reduxjs\/.+|zustand)$/

const isOfPage = ({ body }: Module): boolean => body.some((one) => one.kind === 'import' && BROWSER.test(one.from))

const verificationOf = (
  reading: Reading,
  located: Located<Call>,
  frame: Frame | undefined,
): Verification | undefined => {
  const { node, scope } = located
  const value = (one: Node | undefined): Value | undefined =>
    one === undefined ? undefined : reading.evaluator.value(one, scope, frame)
  const callee =
    node.callee.kind === 'name' && node.callee.name === 'super' ? superOf(reading, located) : value(node.callee)
  for (const one of callee === undefined ? [] : possibilities(callee)) {
    if (one.kind !== 'external') continue
    const path = withoutDefault(one.path)
    const called = {
      reading,
      node,
      from: one.from,
      path: path.join('.'),
      last: path.at(-1) ?? '',
      made: one.call,
      value,
    }
    const found = verifyingOf(called)
    if (found === undefined) continue
    const isDecoded = found.signature === 'none' && scope.module.language !== 'python'
    if (isDecoded && isOwnToken(value(node.args[0]))) return
    const harmless = isDecoded && readsTimesOnly(reading, node)
    const { algorithms, expiryIgnored } = found
    return {
      at: placeOf(reading, node.at),
      ...found,
      algorithms: algorithms === 'header' && isListed(located) ? 'pinned' : algorithms,
      expiryIgnored: expiryIgnored && !takesBack(reading, located),
      ...(harmless ? { harmless } : {}),
    }
  }
  return callee === undefined ? undefined : fastifyDecoded(reading, located, callee)
}

/** `request.jwtDecode()`, `app.jwt.decode(token)` of @fastify/jwt. */
const fastifyDecoded = (reading: Reading, { node }: Located<Call>, callee: Value): Verification | undefined => {
  if (node.callee.kind !== 'member' || !usesFastifyJwt(reading)) return
  const name = lastName(node.callee)
  if (name !== 'jwtDecode' && !(name === 'decode' && lastName(node.callee.object) === 'jwt')) return
  if (
    possibilities(callee).some((one) => one.kind === 'external' && /^(?:jsonwebtoken|jwt-decode|jose)$/.test(one.from))
  )
    return
  const beside = reading.program.callsNamed('jwtVerify').some((one) => one.node.at.file === node.at.file)
  const harmless = beside || readsTimesOnly(reading, node)
  return { at: placeOf(reading, node.at), ...unverified('@fastify/jwt'), ...(harmless ? { harmless } : {}) }
}

/** `revokeAccessToken`, `logout`: a token that has expired is as good a one to take back. */
const takesBack = (reading: Reading, { scope }: Located): boolean => {
  const around = functionAround(scope)
  const name = around && reading.program.nameOf(around)
  return name !== undefined && /revo[ck]|log_?out|sign_?out|black_?list|deny_?list/i.test(name)
}

/** `if algorithm not in ALLOWED: raise …`, before the header's word is taken for it. */
const isListed = ({ node, scope }: Located<Call>): boolean => {
  const names = new Set<string>()
  walk([...node.args, ...node.named.values()], (one) => {
    if (one.kind === 'name') names.add(one.name)
  })
  let listed = false
  walkBody(functionAround(scope)?.body ?? [], (one) => {
    if (one.kind !== 'if' || one.at.end > node.at.start) return
    const ends = one.consequent.some(({ kind }) => kind === 'throw' || kind === 'return')
    listed ||= ends && asksWhetherIn(one.test, names)
  })
  return listed
}

/** `!(alg in ALLOWED)`, `!ALLOWED.includes(alg)` */
const asksWhetherIn = (test: Node, names: ReadonlySet<string>): boolean => {
  const asked = test.kind === 'unary' && test.operator === '!' ? test.operand : undefined
  const isOneOf = (one: Node | undefined) => one?.kind === 'name' && names.has(one.name)
  if (asked?.kind === 'binary') return asked.operator === 'in' && isOneOf(asked.left)
  return asked?.kind === 'call' && /^(?:includes|has)$/.test(lastName(asked.callee) ?? '') && isOneOf(asked.args[0])
}

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
