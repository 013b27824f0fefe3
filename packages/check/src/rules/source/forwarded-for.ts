import type { Backend, Limiter, Place, ProxyTrust } from '../../evidence/backend/index.ts'
import type { Observation } from '../../items/index.ts'
import { holds } from './auth-rate-limit.ts'
import type { SourceFacts } from './facts.ts'
import { isLogin } from './routes.ts'
import { at, count, fail, notApplicable, note, notProven, pass, warn } from './say.ts'

export const forwardedFor = ({ backend }: SourceFacts): Observation[] => {
  if (backend.limiters.length === 0)
    return [
      notApplicable('forwarded-for', 'There is no limiter whose key could be wrong.', [
        note(`no limiter in ${count(backend.files, 'file')}`),
      ]),
    ]
  return backend.limiters.map((one) => judge(one, backend))
}

const judge = (limiter: Limiter, backend: Backend): Observation => {
  const { key } = limiter
  switch (key.kind) {
    case 'header':
      return fail(
        'forwarded-for',
        `The limiter counts by ${key.what ?? 'a header'}, which anyone may send: each try can be somebody new.`,
        [at(key.at)],
      )
    case 'written':
      return byWritten(limiter, backend)
    case 'platform':
      return pass('forwarded-for', `The limiter counts by ${key.what ?? 'a header'}, which the platform sets itself.`, [
        at(key.at),
      ])
    case 'identity':
      return pass('forwarded-for', 'The limiter counts by who is logged in, or by the account that is tried.', [
        at(key.at),
      ])
    case 'unknown':
      return notProven('forwarded-for', 'What the limiter counts by could not be followed.', [at(key.at)])
    default:
      return key.what === 'checked'
        ? pass('forwarded-for', 'The forwarded address is read behind a check of the proxy.', [at(key.at)])
        : byAddress(limiter, backend.proxies)
  }
}

/** A login has no session yet that could prove the value; where another limit holds beside it, only this one is walked round. */
const byWritten = ({ key }: Limiter, backend: Backend): Observation => {
  const says = `The limiter counts by ${key.what}, which the caller writes: each try can be somebody new.`
  const alone = backend.routes.some(
    (route) =>
      isLogin(route) &&
      route.limiters.some((one) => isSame(one.key.at, key.at)) &&
      !route.limiters.some((one) => holds(one) && one.key.kind !== 'written' && one.key.kind !== 'header'),
  )
  return alone
    ? fail('forwarded-for', says, [at(key.at)])
    : warn('forwarded-for', says, [at(key.at)], { confidence: 'medium' })
}

const isSame = (one: Place, other: Place): boolean => one.file === other.file && one.line === other.line

const byAddress = (limiter: Limiter, proxies: readonly ProxyTrust[]): Observation => {
  const any = proxies.find((one) => one.trust === 'any')
  if (any !== undefined)
    return fail(
      'forwarded-for',
      'The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
      [at(any.at), at(limiter.at)],
    )
  const named = proxies.find((one) => one.trust === 'hops' || one.trust === 'listed')
  if (named !== undefined)
    return pass('forwarded-for', 'The limiter counts the address behind the proxies that are named.', [
      at(named.at),
      at(limiter.at),
    ])
  const unread = proxies.find((one) => one.trust === 'unknown')
  if (unread !== undefined)
    return notProven('forwarded-for', 'Which proxies are trusted could not be followed.', [
      at(unread.at),
      at(limiter.at),
    ])
  // It believes no header of a peer that is not listed, and none listed is a setting of its own: only the proxy is left to ask about.
  if (limiter.library === 'portcullis')
    return warn(
      'forwarded-for',
      'trustedProxies lists none, so the limiter counts the peer: right with nothing in front. Behind a proxy list it, or everybody shares one quota.',
      [at(limiter.at)],
      { confidence: 'medium' },
    )
  return fail(
    'forwarded-for',
    'Nothing says which proxies are trusted: behind one, the limiter counts the proxy, and everybody shares one quota.',
    [at(limiter.at)],
    { confidence: 'medium' },
  )
}
