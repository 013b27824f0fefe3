import { holdsControl } from '../shown.ts'

/** A path template, taken apart. */
export interface Template {
  /** `/users/{id}/notes` */
  readonly text: string
  /** In Fastify's syntax: `/users/:id/notes`. */
  readonly url: string
  /** The fixed texts around the values: one more than there are names. */
  readonly literals: readonly string[]
  /** The document's name of each value, and the router's. */
  readonly values: readonly { readonly name: string; readonly key: string }[]
  /** Templates of one shape are one path: `/users/{}`. */
  readonly shape: string
}

/** What a fixed segment may hold: one spelling, no escape, nothing that the router or a server reads as more than itself. */
const LITERAL = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()+,=@:-]+$/

/**
 * Reads a path template, OpenAPI 3.1 §4.8.8. A value is a whole segment: text and a value in one segment would leave it to each server's
 * router where the value ends.
 *
 * @throws TypeError that says what can't be served
 */
export const readTemplate = (text: string): Template => {
  if (!text.startsWith('/')) throw new TypeError('has a path that does not begin with /')
  if (holdsControl(text)) throw new TypeError('has a control character in its path')
  const values: { name: string; key: string }[] = []
  const literals: string[] = ['']
  const url: string[] = []
  const add = (more: string): void => {
    literals.push((literals.pop() ?? '') + more)
  }
  const segments = text.slice(1).split('/')
  for (const [index, segment] of segments.entries()) {
    add('/')
    const name = /^\{([^{}/]+)\}$/.exec(segment)?.[1]
    if (name !== undefined) {
      if (values.some((one) => one.name === name)) throw new TypeError(`has two values named ${name}`)
      const key = keyOf(name, index, text)
      values.push({ name, key })
      literals.push('')
      url.push(`:${key}`)
    } else if (LITERAL.test(segment) || (segment === '' && index === segments.length - 1)) {
      add(segment)
      url.push(segment.replaceAll(':', '::'))
    } else throw new TypeError('has a path segment that is neither plain text nor one value')
  }
  return {
    text,
    url: `/${url.join('/')}`,
    literals,
    values,
    shape: literals.join('{}'),
  }
}

/** The router takes plain names alone. One that is made up is none that the document has. */
const keyOf = (name: string, index: number, text: string): string => {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  let key = `p${index}`
  while (text.includes(`{${key}}`)) key += '_'
  return key
}

/** The path with its values: built from what was matched and checked, so that it has one spelling and one reading. */
export const fillTemplate = ({ literals, values }: Template, params: Readonly<Record<string, string>>): string => {
  let path = literals[0] ?? ''
  for (const [index, { key }] of values.entries())
    path += encodeURIComponent(params[key] ?? '') + (literals[index + 1] ?? '')
  return path
}
