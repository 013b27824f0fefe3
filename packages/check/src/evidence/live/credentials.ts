import { randomBytes } from 'node:crypto'
import type { Operation } from './document.ts'
import { isRecord, jsonOf } from './exchange.ts'
import { UsageError } from './usage-error.ts'

type Json = Readonly<Record<string, unknown>>

const PASSWORD = /pass|pwd|secret|^pin$/i
const IDENTITY = /mail|user_?name|^user$|login|identifier|^name$|phone|account/i

/** The body of --login. */
export const readLogin = (text: string): Json => {
  const body = jsonOf(text)
  if (!isRecord(body))
    throw new UsageError(`--login must be a JSON object such as '{"email":"a@example.com","password":"…"}'`)
  if (passwordOf(body) === undefined) throw new UsageError('--login holds no field that looks like a password')
  return body
}

/** The first string of a field with such a name, also inside `{"user": {…}}`. */
const find = (body: Json, name: RegExp): string | undefined => {
  for (const [key, value] of Object.entries(body)) {
    if (isRecord(value)) {
      const inside = find(value, name)
      if (inside !== undefined) return inside
    } else if (name.test(key) && typeof value === 'string') return value
  }
  return undefined
}

export const passwordOf = (body: Json): string | undefined => find(body, PASSWORD)
export const identityOf = (body: Json): string | undefined => find(body, IDENTITY)

/** The body with other values in the fields of the account and the password. */
export const withValues = (body: Json, values: { identity?: unknown; password?: unknown }): Json =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      if (isRecord(value)) return [key, withValues(value, values)]
      if (PASSWORD.test(key) && 'password' in values) return [key, values.password]
      if (IDENTITY.test(key) && 'identity' in values) return [key, values.identity]
      return [key, value]
    }),
  )

/** An account that nobody has, in the shape of one that is known. */
export const unknownLike = (identity: string | undefined): string => {
  const random = randomBytes(5).toString('hex')
  if (identity === undefined || identity.includes('@')) return `nobody-${random}@example.com`
  return /^\+?[\d ]+$/.test(identity)
    ? identity.replace(/\d/g, () => String(Math.floor(Math.random() * 10)))
    : `nobody${random}`
}

/** Long enough, with every class of character: what is wrong with it is only that it is not the password. */
export const wrongPassword = (): string => `Wr0ng-${randomBytes(6).toString('hex')}!`

/** A login body made from the document, or the usual one. */
export const guessedLogin = (operation: Operation | undefined): Json => {
  const names = Object.keys(operation?.fields ?? {}).filter((name) => PASSWORD.test(name) || IDENTITY.test(name))
  const needed = names.filter((name) => operation?.required.includes(name))
  const identity = [...needed, ...names].find((name) => IDENTITY.test(name))
  const password = [...needed, ...names].find((name) => PASSWORD.test(name))
  if (identity === undefined || password === undefined)
    return { email: unknownLike(undefined), password: wrongPassword() }
  const like = /mail/i.test(identity) || operation?.fields[identity] === 'email' ? undefined : 'name'
  return { [identity]: unknownLike(like), [password]: wrongPassword() }
}

/** A form knows no objects; OAuth2's password form calls the account `username`. */
export const formOf = (body: Json): string => {
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(body))
    form.append(key, typeof value === 'string' ? value : JSON.stringify(value))
  const identity = identityOf(body)
  if (!form.has('username') && identity !== undefined) form.append('username', identity)
  if (!form.has('grant_type')) form.append('grant_type', 'password')
  return form.toString()
}
