import type { IncomingMessage } from 'node:http'
import { valuesByName } from '../document/pairs.ts'
import { spelledPlainly } from './claims.ts'
import { connectionNames } from './fields.ts'

/**
 * Prepares the question whether the upstream might read a header parameter otherwise than it is judged here: by another spelling of its name,
 * from a second line where node:http keeps the first alone (User-Agent), or not at all, since Connection names it (RFC 9110 §7.6.1).
 *
 * @param names of the header parameters that an operation has
 */
export const twoReadings = (names: readonly string[]): ((raw: IncomingMessage) => boolean) => {
  const judged = new Set(names.map((name) => name.toLowerCase()))
  const read = new Set([...judged].map(spelledPlainly))
  return ({ headers, rawHeaders }) => {
    const left = connectionNames(headers.connection)
    const lines: (readonly [name: string, value: string])[] = []
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = (rawHeaders[index] as string).toLowerCase()
      if (judged.has(name)) lines.push([name, rawHeaders[index + 1] as string])
      else if (read.has(spelledPlainly(name))) return true
    }
    return [...valuesByName(lines)].some(
      ([name, sent]) => left?.has(name) === true || sent.join(', ') !== headers[name],
    )
  }
}
