/** Where secrets are used: what packages are given to sign, to encrypt or to log in with. */
import { type Call, type Located, type Node, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

interface Sink {
  readonly call: string
  readonly from: RegExp
  /** The option or keyword that holds the secret; without one, the argument of that number. */
  readonly option?: string
  readonly arg?: number
}

const SINKS: readonly Sink[] = [
  { call: 'session', from: /^express-session$|^koa-session$|^cookie-session$/, option: 'secret' },
  { call: 'expressSession', from: /^express-session$/, option: 'secret' },
  { call: 'cookieSession', from: /^cookie-session$/, option: 'keys' },
  { call: 'cookieSession', from: /^cookie-session$/, option: 'secret' },
  { call: 'cookieParser', from: /^cookie-parser$/, arg: 0 },
  { call: 'createHmac', from: /^(?:node:)?crypto$/, arg: 1 },
  { call: 'createCipheriv', from: /^(?:node:)?crypto$/, arg: 1 },
  { call: 'register', from: /^@nestjs\/jwt$/, option: 'secret' },
  { call: 'register', from: /^@nestjs\/jwt$/, option: 'privateKey' },
  { call: 'SessionMiddleware', from: /^starlette/, option: 'secret_key' },
  { call: 'add_middleware', from: /^fastapi|^starlette/, option: 'secret_key' },
  { call: 'getIronSession', from: /^iron-session/, option: 'password' },
  { call: 'setSignedCookie', from: /^hono\/cookie$/, arg: 3 },
  { call: 'bearerAuth', from: /^hono\/bearer-auth$/, option: 'token' },
  { call: 'basicAuth', from: /^(?:hono\/basic-auth|express-basic-auth)$/, option: 'password' },
  { call: 'URLSafeTimedSerializer', from: /^itsdangerous$/, arg: 0 },
  { call: 'Fernet', from: /^cryptography/, arg: 0 },
]

const sinkValue = (reading: Reading, { node, scope }: Located<Call>, sink: Sink): Value | undefined => {
  const callee = reading.evaluator.value(node.callee, scope)
  if (!possibilities(callee).some((one) => one.kind === 'external' && sink.from.test(one.from))) return
  if (sink.arg !== undefined) return node.args[sink.arg] && reading.evaluator.value(node.args[sink.arg] as Node, scope)
  const option = sink.option ?? ''
  const named = node.named.get(option)
  if (named !== undefined) return reading.evaluator.value(named, scope)
  const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
  for (const one of given === undefined ? [] : possibilities(given))
    if (one.kind === 'object' && one.entries.has(option)) return one.entries.get(option)
  // app.register(session, { secret })
  const second = node.args[1] && reading.evaluator.value(node.args[1], scope)
  return second?.kind === 'object' ? second.entries.get(option) : undefined
}

/** What each of them is given, and how it is called there. */
export const usedSecrets = (
  reading: Reading,
): readonly { readonly value: Value | undefined; readonly sink: string }[] =>
  SINKS.flatMap((sink) =>
    reading.program.callsNamed(sink.call).map((located) => ({
      value: sinkValue(reading, located, sink),
      sink: `${sink.from.source.replace(/[\\^$?:()]/g, '')} ${sink.option ?? 'key'}`,
    })),
  )
