/** fastapi-login: `LoginManager(key, '/login', default_expiry=…).create_access_token(data=claims, expires=…)`. */
import type { Value } from '../../source/index.ts'
import type { Signing, SigningCall } from './signing-libraries.ts'

/** What its tokens live where neither the call nor the manager says anything. */
const DEFAULT_SECONDS = 900

export const fastapiLogin = (signing: SigningCall): Signing | undefined => {
  const { reading, callee, from, path, call, value } = signing
  if (!/^fastapi_login/.test(from) || !/LoginManager.*\.create_access_token$/.test(path)) return
  const { args, named, at } = call.node
  const data = named.get('data') ?? args[0]
  if (data === undefined) return
  const made = callee.kind === 'external' ? callee.call : undefined
  const ofManager = (name: string, index = Number.POSITIVE_INFINITY): Value | undefined => {
    const given = made?.node.named.get(name) ?? made?.node.args[index]
    return given && made && reading.evaluator.value(given, made.scope)
  }
  const expires = named.get('expires') ?? args[1]
  return {
    library: 'fastapi-login',
    claims: value(data),
    key: ofManager('secret', 0) ?? { kind: 'unknown', at },
    expires: (expires && value(expires)) ??
      ofManager('default_expiry') ?? { kind: 'duration', seconds: DEFAULT_SECONDS, at },
    unit: 1,
    digits: 1,
    call,
  }
}
