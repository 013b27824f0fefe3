import type { Cors } from './cors.ts'
import { securityHeaders } from './security-headers.ts'

/** The header fields that every answer to an origin has. */
export interface SharedFields {
  readonly fields: Readonly<Record<string, string>>
  /** The same as they stand on the wire, each line with its end (RFC 9112 §5). */
  readonly lines: string
}

/** Prepares the fields of answers: the security headers and those of CORS, put together once for each origin that is listed. */
export const sharedFields = (cors: Pick<Cors, 'fields'>): ((origin: string | undefined) => SharedFields) => {
  const made = new WeakMap<object, SharedFields>()
  return (origin) => {
    const crossOrigin = cors.fields(origin)
    const known = made.get(crossOrigin)
    if (known !== undefined) return known
    const shared = together(crossOrigin)
    made.set(crossOrigin, shared)
    return shared
  }
}

const together = (crossOrigin: Readonly<Record<string, string>>): SharedFields => {
  const fields = Object.freeze({ ...securityHeaders, ...crossOrigin })
  return Object.freeze({ fields, lines: fieldLines(fields) })
}

/** Writes fields as lines. Their values are the door's own: constants, origins that a URL was made of, quoted names and numbers. */
export const fieldLines = (fields: Readonly<Record<string, string>>): string => {
  let lines = ''
  for (const name in fields) lines += `${name}: ${fields[name]}\r\n`
  return lines
}

/** For an answer before it is known whose origin asks. */
export const securityFields: SharedFields = together({})

/** The header fields of one answer alone. */
export interface OwnFields {
  readonly fields: Readonly<Record<string, string>>
  /** The same as they stand on the wire; undefined when one of them has to be set, and not only written. */
  readonly lines: string | undefined
}

/** Fields that are known at once. */
export const ownFields = (fields: Readonly<Record<string, string>>): OwnFields => ({
  fields,
  // A Connection field is not only told: Node acts on it.
  lines: 'connection' in fields ? undefined : fieldLines(fields),
})

/** Two parts of one answer's own fields. The second part may be the same in many answers; the two are put together when they are read. */
export class JoinedFields implements OwnFields {
  readonly #first: OwnFields & { readonly lines: string }
  readonly #second: OwnFields

  constructor(first: OwnFields & { readonly lines: string }, second: OwnFields) {
    this.#first = first
    this.#second = second
  }

  get fields(): Readonly<Record<string, string>> {
    return { ...this.#first.fields, ...this.#second.fields }
  }

  get lines(): string | undefined {
    const { lines } = this.#second
    return lines === undefined ? undefined : this.#first.lines + lines
  }
}

/** The header fields of one answer. */
export class AnswerFields {
  /** Those that every answer to this origin has, made once. */
  readonly shared: SharedFields
  readonly own: OwnFields

  constructor(shared: SharedFields, own: OwnFields) {
    this.shared = shared
    this.own = own
  }

  /** All of them, put together when they are read. */
  get all(): Readonly<Record<string, string>> {
    return { ...this.shared.fields, ...this.own.fields }
  }
}
