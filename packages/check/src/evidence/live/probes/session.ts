import type { Draft } from '../draft.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal, isSuccess } from '../exchange.ts'
import type { LiveFacts, Named, Session, Stand, Witness } from '../facts.ts'
import { forgeriesOf } from '../forgeries.ts'
import { isThere } from '../likeness.ts'
import { cookieHeader, decodeJwt, type FoundToken, tokenIn } from '../token.ts'
import type { Wire } from '../wire.ts'
import { askTurned } from './slashes.ts'

type Headers = Readonly<Record<string, string>>

/** How the token is shown: as a cookie where it came in one, else by a scheme. */
const presented = (login: Exchange, token: FoundToken | undefined, scheme: string): Headers => {
  if (token === undefined) return { cookie: cookieHeader(login.cookies) }
  const name = /^cookie (.+)$/.exec(token.where)?.[1]
  return name === undefined ? { authorization: `${scheme} ${token.value}` } : { cookie: `${name}=${token.value}` }
}

export interface OpenSession {
  readonly session: Session
  readonly headersFor: (token: string) => Headers
  readonly from: string | undefined
}

/** The token of a login, and a reading that needs it: without one nothing can be said of tokens. */
export const openSession = async (wire: Wire, draft: Draft, login: Exchange): Promise<OpenSession> => {
  const from = wire.freshAddress()
  const at = Math.floor(Date.now() / 1000)
  const token = tokenIn(login)
  const found = await findWitness(wire, draft, login, token, from)
  const scheme = found?.scheme ?? 'Bearer'
  return {
    session: {
      login,
      at,
      ...(token === undefined ? {} : { token }),
      ...(found === undefined ? {} : { witness: found.witness }),
    },
    headersFor: (value) => presented(login, token && { ...token, value }, scheme),
    from,
  }
}

const findWitness = async (
  wire: Wire,
  draft: Draft,
  login: Exchange,
  token: FoundToken | undefined,
  from: string | undefined,
): Promise<{ witness: Witness; scheme: string } | undefined> => {
  if (token === undefined && login.cookies.length === 0) return undefined
  for (const place of draft.reads) {
    const { path, exchange: anonymous } = await askTurned(wire, { path: place, from })
    if (!isRefusal(anonymous)) continue
    for (const scheme of ['Bearer', 'Token']) {
      const held = await wire.ask({ path, headers: presented(login, token, scheme), from })
      if (isSuccess(held)) return { witness: { path, anonymous, held }, scheme }
      if (!isRefusal(held) || token === undefined || token.where.startsWith('cookie')) break
    }
  }
  return undefined
}

/** The reading again, with tokens that must be refused. */
export const askWithForgeries = async (
  wire: Wire,
  { session: { token, witness }, headersFor, from }: OpenSession,
): Promise<{ forgeries: readonly Named[]; stands: readonly Stand[] }> => {
  const jwt = token && decodeJwt(token.value)
  if (jwt === undefined || witness === undefined) return { forgeries: [], stands: [] }
  const forged = forgeriesOf(jwt)
  const forgeries: Named[] = []
  for (const { what, value } of forged) {
    forgeries.push({ what, exchange: await wire.ask({ path: witness.path, headers: headersFor(value), from }) })
  }
  return { forgeries, stands: forged.map(({ value, shell }) => ({ value, shell })) }
}

/** Logs out with the token and shows it again. */
export const askAfterLogout = async (
  wire: Wire,
  draft: Draft,
  { session: { login, token, witness }, headersFor, from }: OpenSession,
): Promise<LiveFacts['logout']> => {
  const held = token?.value ?? ''
  const nowhere = await wire.ask({ method: 'POST', path: draft.stray, headers: headersFor(held), from })
  for (const place of draft.logouts) {
    const refresh = refreshBody(login, Object.keys(place.operation?.fields ?? {}))
    const body =
      refresh === undefined
        ? {}
        : { headers: { ...headersFor(held), 'content-type': 'application/json' }, body: refresh }
    const { exchange } = await askTurned(wire, {
      method: place.method,
      path: place.path,
      headers: headersFor(held),
      from,
      ...body,
    })
    if (!isThere(exchange, nowhere, place)) continue
    if (!isSuccess(exchange) || witness === undefined) return { exchange }
    return { exchange, after: await wire.ask({ path: witness.path, headers: headersFor(held), from }) }
  }
  return undefined
}

/** Some log out by the refresh token; it is sent where the document asks for it. */
const refreshBody = (login: Exchange, fields: readonly string[]): string | undefined => {
  const field = fields.find((name) => /refresh/i.test(name))
  const value =
    /"refresh[_-]?token"\s*:\s*"([^"]+)"/i.exec(login.text)?.[1] ??
    /"refresh"\s*:\s*\{\s*"token"\s*:\s*"([^"]+)"/.exec(login.text)?.[1]
  return field === undefined || value === undefined ? undefined : JSON.stringify({ [field]: value })
}
