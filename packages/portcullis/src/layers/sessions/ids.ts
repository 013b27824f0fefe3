import { randomBytes } from 'node:crypto'

/** What the ids of sessions, users and tokens look like. */
export const ID_FORM = /^[A-Za-z0-9_-]{1,64}$/

/** Is this the id of a session or a user: 1 to 64 characters of letters, digits, `-` and `_`? */
export const isId = (value: unknown): value is string => typeof value === 'string' && ID_FORM.test(value)

/** Makes an id of 128 random bits: 22 characters. */
export const newId = (): string => randomBytes(16).toString('base64url')

/**
 * Lets an id through.
 *
 * @throws TypeError when it has another form: the slip of a program, never of a caller
 */
export const demandId = (name: string, value: unknown): string => {
  if (isId(value)) return value
  const remedy = typeof value === 'number' ? '; give String(id), this is a number' : ''
  throw new TypeError(
    `${name} must be 1 to 64 letters, digits, "-" or "_": it goes into tokens, logs and keys${remedy}`,
  )
}
