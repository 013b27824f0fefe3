import { randomBytes } from 'node:crypto'
import type { Place } from '../auth-routes.ts'
import { unknownLike, wrongPassword } from '../credentials.ts'
import type { Draft } from '../draft.ts'
import type { Exchange } from '../exchange.ts'
import { isSuccess } from '../exchange.ts'
import type { Registration, Session, Stand } from '../facts.ts'
import { isThere } from '../likeness.ts'
import { tokenIn } from '../token.ts'
import type { Wire } from '../wire.ts'
import { type LoginRoute, loginQuestion } from './login.ts'

type Json = Readonly<Record<string, unknown>>

/** The names under which frameworks keep it. */
const EXTRA: Json = { role: 'admin', is_admin: true, isAdmin: true, is_superuser: true }

/** Registers an account with more than it may say; when that is refused, again without, to know what was refused. */
export const askForRole = async (
  wire: Wire,
  draft: Draft,
  route: LoginRoute | undefined,
  session: Session | undefined,
  nowhere: Exchange,
): Promise<{ registration?: Registration; stands: readonly Stand[] }> => {
  const from = wire.freshAddress()
  for (const place of draft.registers) {
    const body = accountFor(place)
    const password = String(Object.entries(body).find(([name]) => /pass/i.test(name))?.[1] ?? '')
    const stands = password === '' ? [] : [{ value: password, shell: '$PASSWORD' }]
    const extra = await askWith(wire, place, body, from)
    if (!isThere(extra, nowhere, place)) continue
    if (!isSuccess(extra)) {
      const plain = await wire.ask({ ...loginQuestion(place, accountFor(place, password)), from })
      return { registration: { extra, plain }, stands }
    }
    const token = await tokenOf(wire, route, session, body, extra, from)
    const path = session?.witness?.path
    if (token === undefined || path === undefined) return { registration: { extra }, stands }
    const own = await wire.ask({ path, headers: { authorization: `Bearer ${token}` }, from })
    return { registration: { extra, own }, stands: [...stands, { value: token, shell: '$TOKEN' }] }
  }
  return { stands: [] }
}

/** All at once; where that is refused, what may have been refused is a name that nobody knows: then the role alone. */
const askWith = async (wire: Wire, place: Place, body: Json, from: string | undefined): Promise<Exchange> => {
  const ask = (extra: Json) => wire.ask({ ...loginQuestion(place, { ...body, ...extra }), from })
  const documented = Object.entries(EXTRA).filter(([name]) => name in (place.operation?.fields ?? {}))
  if (documented.length > 0) return ask(Object.fromEntries(documented))
  const all = await ask(EXTRA)
  return all.status === 400 || all.status === 422 ? ask({ role: EXTRA['role'] }) : all
}

const accountFor = ({ operation }: Place, password = wrongPassword()): Json => {
  const values: readonly (readonly [RegExp, unknown])[] = [
    [/pass/i, password],
    [/mail/i, unknownLike(undefined)],
    [/name|login/i, `nobody${randomBytes(4).toString('hex')}`],
    [/phone/i, '+15550100000'],
  ]
  const fitting = (name: string, type: string): unknown =>
    values.find(([pattern]) => pattern.test(name))?.[1] ??
    { integer: 1, number: 1, boolean: true, array: [], object: {} }[type] ??
    'portcullis'
  const fields = Object.entries(operation?.fields ?? {}).filter(
    ([name]) => operation?.required.includes(name) || values.some(([pattern]) => pattern.test(name)),
  )
  if (fields.length === 0)
    return {
      email: unknownLike(undefined),
      username: `nobody${randomBytes(4).toString('hex')}`,
      name: 'Nobody',
      password,
    }
  return Object.fromEntries(
    fields.filter(([name]) => !(name in EXTRA)).map(([name, type]) => [name, fitting(name, type)]),
  )
}

/** By which the new account reads what it is: the token of the answer, or of a login. */
const tokenOf = async (
  wire: Wire,
  route: LoginRoute | undefined,
  session: Session | undefined,
  body: Json,
  extra: Exchange,
  from: string | undefined,
): Promise<string | undefined> => {
  if (session?.witness === undefined) return undefined
  const login = route === undefined ? undefined : withAccount(route.body, body)
  const token =
    tokenIn(extra) ??
    (route === undefined || login === undefined
      ? undefined
      : tokenIn(await wire.ask({ ...loginQuestion(route, login), from })))
  return token?.value
}

const withAccount = (login: Json, account: Json): Json =>
  Object.fromEntries(Object.entries(login).map(([name, value]) => [name, account[name] ?? value]))
