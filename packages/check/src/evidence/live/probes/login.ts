import { formOf, guessedLogin, identityOf, unknownLike, withValues, wrongPassword } from '../credentials.ts'
import type { Draft } from '../draft.ts'
import type { Exchange } from '../exchange.ts'
import { isSuccess, wasAnswered } from '../exchange.ts'
import type { LiveFacts } from '../facts.ts'
import { isThere } from '../likeness.ts'
import { tokenIn } from '../token.ts'
import type { Question, Wire } from '../wire.ts'
import { askTurned } from './slashes.ts'

type Json = Readonly<Record<string, unknown>>

export interface LoginRoute {
  readonly path: string
  readonly form: boolean
  /** What a login there looks like; never the real password, unless --login gave it. */
  readonly body: Json
}

export const loginQuestion = ({ path, form }: Pick<LoginRoute, 'path' | 'form'>, body: Json): Question => ({
  method: 'POST',
  path,
  headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
  body: form ? formOf(body) : JSON.stringify(body),
  credential: true,
})

/** An account that nobody has, in the shape of the login that is known. */
export const stranger = (body: Json): Json =>
  withValues(body, { identity: unknownLike(identityOf(body)), password: wrongPassword() })

interface LoginFound {
  readonly route?: LoginRoute
  /** The login that worked. */
  readonly login?: Exchange
  /** What the route answered where none did. */
  readonly refused?: Exchange
}

/**
 * Tries the login at each place. One that works is the route; otherwise the first that answers unlike a path that nobody has:
 * where everything is guarded, a 401 tells nothing.
 */
export const findLogin = async (wire: Wire, draft: Draft, strayPost: Exchange): Promise<LoginFound> => {
  const from = wire.freshAddress()
  let likely: { readonly route: LoginRoute; readonly refused: Exchange } | undefined
  for (const place of draft.logins) {
    const body = draft.login ?? guessedLogin(place.operation)
    for (const form of place.form ? [true, false] : [false, true]) {
      const { path, exchange } = await askTurned(wire, { ...loginQuestion({ path: place.path, form }, body), from })
      const route = { path, form, body }
      if (!wasAnswered(exchange) && wire.isOver()) return likely ?? {}
      if (draft.login !== undefined && worked(exchange)) return { route, login: exchange }
      if (wasAnswered(exchange) && isThere(exchange, strayPost, place)) likely ??= { route, refused: exchange }
      if (!isForTheOther(exchange)) break
    }
    if (likely !== undefined && draft.login === undefined) break
  }
  return likely ?? {}
}

const worked = (exchange: Exchange): boolean =>
  isSuccess(exchange) && (tokenIn(exchange) !== undefined || exchange.cookies.length > 0)

/** JSON where a form was wanted, or the other way round. */
const isForTheOther = ({ status }: Exchange): boolean => status === 415 || status === 422

/** The known account with a wrong password, then an account that nobody has. */
export const askTwoAccounts = async (wire: Wire, route: LoginRoute): Promise<NonNullable<LiveFacts['enumeration']>> => {
  const from = wire.freshAddress()
  const password = wrongPassword()
  const wrong = withValues(route.body, { password })
  const nobody = withValues(wrong, { identity: unknownLike(identityOf(route.body)) })
  return {
    known: await wire.ask({ ...loginQuestion(route, wrong), from }),
    unknown: await wire.ask({ ...loginQuestion(route, nobody), from }),
  }
}
